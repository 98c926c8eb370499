import { randomUUID } from 'node:crypto';
import type { RequestFacts } from '../../enforcement/context.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { SignedRequest } from '../../enforcement/signed-request.ts';
import type { Answer, Outcome } from '../../loopback/answer.ts';
import { type LocalAudience, refuseForeignRequest } from '../../loopback/guard.ts';
import type { LocalHandler } from '../../loopback/handler.ts';
import type { LoopbackRequest } from '../../loopback/request.ts';
import { NoAnswer } from '../faults.ts';
import { answerFederation, isSignInPage } from '../federation/endpoint.ts';
import type { SignIns } from '../federation/sign-ins.ts';
import type { QueryService } from '../operation.ts';
import { answerS3, refuseTooLarge, type S3World } from '../s3/endpoint.ts';
import { maxObjectBytes } from '../s3/put-object.ts';
import { answerClock } from './clock-endpoint.ts';
import { parseForm } from './form.ts';
import { answerQuery, printRefusal } from './query-endpoint.ts';
import { federationPath, routeRequest } from './route.ts';

export interface HandlerParts {
  readonly world: S3World;
  /** The first answers what is signed for none. */
  readonly services: readonly QueryService[];
  readonly signIns: SignIns;
  readonly firstAccountId: string;
}

/** Longer than any Query-protocol call is; SimulateCustomPolicy takes many policies. */
const maxFormBytes = 2 * 1024 * 1024;
/** Chunk framing and trailers come on top of an object. */
const maxFramingBytes = 1024 * 1024;

/** What the sandbox says to each request: may it be here, what is it for, the answer. */
export function createHandler(parts: HandlerParts): LocalHandler {
  const { world, services } = parts;
  return {
    admit(request, port) {
      const { rawPath, rawQuery } = splitTarget(request.target);
      const reason = refuseForeignRequest(request, port, audienceOf(rawPath, rawQuery));
      if (reason !== undefined) return { status: 403, headers: plainText, body: `${reason}\n` };
      return rawPath === '/' ? maxFormBytes : maxObjectBytes + maxFramingBytes;
    },
    answer(request, body) {
      const { method, target, rawHeaders: headers } = request;
      try {
        const answered = answer({ method, ...splitTarget(target), headers, body }, request, parts);
        // Only S3 waits for the disk.
        return answered instanceof Promise ? answered.catch(outcomeOfError) : answered;
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    refuseTooLarge({ target }) {
      const refusal = new Refusal('RequestEntityTooLarge', 413, 'The request is larger than the sandbox takes.');
      const { rawPath } = splitTarget(target);
      return rawPath === '/' ? refusalOfNobody(refusal, services) : refuseTooLarge(rawPath, world);
    },
    onFailure: world.onFailure,
  };
}

/** Throws what nobody has an answer for. */
function outcomeOfError(error: unknown): Outcome {
  if (error instanceof NoAnswer) return error.how;
  throw error;
}

function answer(signed: SignedRequest, request: LoopbackRequest, parts: HandlerParts): Answer | Promise<Answer> {
  const { world, services, signIns, firstAccountId } = parts;
  let route: ReturnType<typeof routeRequest>;
  try {
    route = routeRequest(signed, services);
  } catch (error) {
    if (error instanceof Refusal) return refusalOfNobody(error, services);
    throw error;
  }
  switch (route.to) {
    case 'query':
      return answerQuery(
        { service: route.service, parameters: route.parameters, signed, facts: new TransportFacts(request) },
        world,
      );
    case 's3':
      return answerS3({ signed, facts: new TransportFacts(request) }, world);
    case 'federation':
      return answerFederation(route.parameters, signIns, world);
    case 'clock':
      return answerClock(signed, firstAccountId, world);
    case 'nowhere': {
      const known = [...services.map(({ name }) => name), 's3'].join(', ');
      const message = `The service ${route.service} is not part of the sandbox, which has ${known}.`;
      return refusalOfNobody(new Refusal('InvalidAction', 400, message), services);
    }
  }
}

function refusalOfNobody(refusal: Refusal, services: readonly QueryService[]): Answer {
  return printRefusal(refusal, services[0]?.xmlNamespace ?? '', randomUUID());
}

const plainText = ['Content-Type', 'text/plain; charset=utf-8'];

function splitTarget(target: string): { readonly rawPath: string; readonly rawQuery: string } {
  const question = target.indexOf('?');
  if (question === -1) return { rawPath: target, rawQuery: '' };
  return { rawPath: target.slice(0, question), rawQuery: target.slice(question + 1) };
}

function audienceOf(rawPath: string, rawQuery: string): LocalAudience {
  if (rawPath !== federationPath) return 'program';
  try {
    return isSignInPage(parseForm(rawQuery)) ? 'page' : 'program';
  } catch {
    return 'program';
  }
}

/** Each looked up when a policy asks for it. */
class TransportFacts implements RequestFacts {
  readonly #request: LoopbackRequest;

  constructor(request: LoopbackRequest) {
    this.#request = request;
  }

  get sourceIp(): string {
    return this.#request.remoteAddress ?? '127.0.0.1';
  }

  /** Plain HTTP is what loopback speaks, and a policy that demands TLS is told so. */
  get secureTransport(): boolean {
    return false;
  }

  get userAgent(): string | undefined {
    return this.#request.headers['user-agent'];
  }

  get referer(): string | undefined {
    return this.#request.headers.referer;
  }
}
