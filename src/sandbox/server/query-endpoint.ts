import { randomUUID } from 'node:crypto';
import { authenticate } from '../../enforcement/authenticate.ts';
import { authorise } from '../../enforcement/authorise.ts';
import type { RequestFacts } from '../../enforcement/context.ts';
import { accountOf } from '../../enforcement/principal.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { SignedRequest } from '../../enforcement/signed-request.ts';
import { queryDialect } from '../../enforcement/sigv4/query-dialect.ts';
import type { Answer } from '../../loopback/answer.ts';
import { NoAnswer, serviceFailure } from '../faults.ts';
import type { AuthorisationRow, Call, Handler, Parameters, QueryService, XmlValue } from '../operation.ts';
import type { World } from '../world.ts';
import { escapeXml, printElements } from './xml.ts';

export interface QueryRequest {
  readonly service: QueryService;
  readonly signed: SignedRequest;
  readonly parameters: Parameters;
  readonly facts: RequestFacts;
}

/**
 * Answers one call of a Query-protocol service. Throws {@link NoAnswer} if a fault says so; a refusal is an answer.
 */
export function answerQuery(request: QueryRequest, world: World): Answer {
  const requestId = randomUUID();
  const { service } = request;
  try {
    return printResult(request, carryOut(request, requestId, world), requestId);
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (error instanceof Refusal) return printRefusal(error, service.xmlNamespace, requestId);
    world.onFailure(error);
    return printRefusal(serviceFailure(service.name), service.xmlNamespace, requestId);
  }
}

/** Who asks, for what, may they; and only then the deed. */
function carryOut(
  { service, signed, parameters, facts }: QueryRequest,
  requestId: string,
  world: World,
): ReturnType<Handler> {
  const { authority, store, clocks, random, faults } = world;
  const action = parameters.get('Action') ?? '';
  faults.strike(service.name, action, 'before');
  const { caller, region } = authenticate(
    signed,
    // IAM is of us-east-1 on AWS; clients that are given an endpoint sign for their own region all the same.
    { name: service.name, dialect: queryDialect, regions: 'any' },
    authority,
  );
  service.admit?.(caller);
  const { row, handler } = findOperation(service, action, parameters.get('Version'));
  const accountId = accountOf(caller);
  const nowMs = clocks.authority();
  const call: Call = { caller, accountId, region, parameters, requestId, nowMs, store, clocks, random };
  row.check?.(call);
  if (row.action !== null) authoriseRow(row, row.action, call, facts, world);
  const result = handler(call);
  faults.strike(service.name, action, 'after');
  return result;
}

function findOperation(
  service: QueryService,
  action: string,
  version: string | undefined,
): { readonly row: AuthorisationRow; readonly handler: Handler } {
  if (action === '') throw new Refusal('MissingAction', 400, 'The request is missing an action.');
  const row = Object.hasOwn(service.rows, action) ? service.rows[action] : undefined;
  const handler = row && service.handlers[action];
  if (version !== service.version || row === undefined || handler === undefined) {
    const asked = version ?? 'NO_VERSION_SPECIFIED';
    throw new Refusal('InvalidAction', 400, `Could not find operation ${action} for version ${asked}`);
  }
  return { row, handler };
}

function authoriseRow(row: AuthorisationRow, action: string, call: Call, facts: RequestFacts, world: World): void {
  const { caller, region, nowMs } = call;
  const resourcePolicy = row.resourcePolicy?.(call);
  const context = row.context?.(call);
  const resourceContext = row.resourceContext?.(call);
  const demand = (wanted: string, resource: string, resourceInDenial?: string) =>
    authorise(
      {
        caller,
        facts,
        region,
        nowMs,
        action: wanted,
        resource,
        resourceInDenial,
        resourcePolicy,
        context,
        resourceContext,
      },
      world.authority,
    );
  demand(action, row.resource(call), row.resourceInDenial?.(call));
  for (const further of row.also?.(call) ?? []) {
    demand(further.action, further.resource, further.resourceInDenial);
  }
}

function printResult(
  { service, parameters }: QueryRequest,
  result: { readonly [element: string]: XmlValue } | undefined,
  requestId: string,
): Answer {
  const action = parameters.get('Action') ?? '';
  const content = result === undefined ? '' : `<${action}Result>${printElements(result)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const body = `<${action}Response xmlns="${service.xmlNamespace}">${content}${metadata}</${action}Response>`;
  return { status: 200, headers: xmlHeaders(requestId), body };
}

/** `<ErrorResponse>` of the Query protocol; also for requests that reach no service. */
export function printRefusal(refusal: Refusal, xmlNamespace: string, requestId: string): Answer {
  const { code, status, message, details } = refusal;
  const error = printElements({ Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message, ...details });
  const body = `<ErrorResponse xmlns="${escapeXml(xmlNamespace)}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status, headers: xmlHeaders(requestId), body };
}

function xmlHeaders(requestId: string): readonly string[] {
  return ['x-amzn-RequestId', requestId, 'Content-Type', 'text/xml'];
}
