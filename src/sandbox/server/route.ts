import { header, type SignedRequest } from '../../enforcement/signed-request.ts';
import { claimedScope } from '../../enforcement/sigv4/scope.ts';
import type { Parameters, QueryService } from '../operation.ts';
import { clockPath } from './clock-endpoint.ts';
import { parseForm } from './form.ts';

/** Which part of the sandbox a request is for. */
export type Route =
  | { readonly to: 'query'; readonly service: QueryService; readonly parameters: Parameters }
  | { readonly to: 's3' }
  | { readonly to: 'federation'; readonly parameters: Parameters }
  | { readonly to: 'clock' }
  | { readonly to: 'nowhere'; readonly service: string };

export const federationPath = '/federation';

/**
 * AWS tells services apart by their hosts; here all share one, and the request says which it means: a Query-protocol
 * call by its Version, every other by the service of its credential scope, and what has neither by its path. Whether
 * the scope fits is for that service's own authentication to say.
 *
 * @throws Refusal `MalformedQueryString`
 */
export function routeRequest(signed: SignedRequest, services: readonly QueryService[]): Route {
  const { rawPath } = signed;
  if (rawPath === '/') return routeForm(signed, services);
  if (rawPath === clockPath) return { to: 'clock' };
  const scope = claimedScope(signed);
  // A bucket may be called "federation" as well; what asks for it is signed.
  if (rawPath === federationPath && scope === undefined) return { to: 'federation', parameters: parametersOf(signed) };
  return scope === undefined || isKnown(scope.service, services) ? { to: 's3' } : nowhere(scope.service);
}

/** At the root is what the Query protocol calls, and S3's list of buckets. */
function routeForm(signed: SignedRequest, services: readonly QueryService[]): Route {
  const scoped = isForm(signed) ? undefined : claimedScope(signed)?.service;
  if (scoped !== undefined && !isKnown(scoped, services)) return nowhere(scoped);
  const parameters = parametersOf(signed);
  const version = parameters.get('Version');
  const byVersion = services.find((service) => service.version === version);
  if (byVersion !== undefined && parameters.has('Action')) return { to: 'query', service: byVersion, parameters };
  const claimed = claimedScope(signed)?.service;
  if (claimed === 's3') return { to: 's3' };
  const service = claimed === undefined ? services[0] : services.find(({ name }) => name === claimed);
  return service === undefined ? nowhere(claimed ?? '') : { to: 'query', service, parameters };
}

function nowhere(service: string): Route {
  return { to: 'nowhere', service };
}

function isKnown(service: string, services: readonly QueryService[]): boolean {
  return service === 's3' || services.some(({ name }) => name === service);
}

/** The form of a POST; of anything else, and of a POST without a body, the query string. */
function parametersOf({ method, body, rawQuery }: SignedRequest): Parameters {
  return parseForm(method === 'POST' && body.length > 0 ? body.toString('utf8') : rawQuery);
}

function isForm(request: SignedRequest): boolean {
  if (request.method !== 'POST') return true;
  return header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true;
}
