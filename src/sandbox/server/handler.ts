import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { RequestFacts } from '../../enforcement/context.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { SignedRequest } from '../../enforcement/signed-request.ts';
import { BodyTooLarge, ClientGone, takeBody } from '../../loopback/body.ts';
import { type LocalAudience, refuseForeignRequest } from '../../loopback/guard.ts';
import { endInFailure } from '../../loopback/listen.ts';
import type { LoopbackRequest } from '../../loopback/request.ts';
import { NoAnswer } from '../faults.ts';
import { answerFederation, isSignInPage } from '../federation/endpoint.ts';
import type { SignIns } from '../federation/sign-ins.ts';
import type { QueryService } from '../operation.ts';
import { answerS3, refuseTooLarge, type S3World } from '../s3/endpoint.ts';
import { maxObjectBytes } from '../s3/put-object.ts';
import type { Answer } from './answer.ts';
import { answerClock } from './clock-endpoint.ts';
import { parseForm } from './form.ts';
import { endTogether } from './outbox.ts';
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

/** Handles one request from the first byte to the last: may it be here, what is it for, the answer. */
export function createHandler(parts: HandlerParts) {
  return (request: LoopbackRequest, response: ServerResponse, port: number): void => {
    const { rawPath, rawQuery } = splitTarget(request.url ?? '');
    const reason = refuseForeignRequest(request, port, audienceOf(rawPath, rawQuery));
    if (reason !== undefined) {
      send(response, { status: 403, headers: plainText, body: `${reason}\n` });
      return;
    }
    const fail = (error: unknown): void => {
      try {
        failToAnswer(error, rawPath, request, response, parts);
      } catch {
        // A failure that nobody has an answer for; or who is told of them threw one itself.
        endInFailure(response);
      }
    };
    takeBody(request, rawPath === '/' ? maxFormBytes : maxObjectBytes + maxFramingBytes, (body, problem) => {
      if (body === undefined) {
        fail(problem);
        return;
      }
      const { method = '', rawHeaders: headers } = request;
      try {
        const answered = answer({ method, rawPath, rawQuery, headers, body }, request, parts);
        // Only S3 waits for the disk.
        if (answered instanceof Promise) answered.then((late) => send(response, late)).catch(fail);
        else send(response, answered);
      } catch (error) {
        fail(error);
      }
    });
  };
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
    return this.#request.socket.remoteAddress ?? '127.0.0.1';
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

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (typeof body === 'string') {
    const length = Buffer.byteLength(body);
    const hasLength = status !== 204 && status !== 304;
    response.writeHead(status, hasLength ? [...headers, 'Content-Length', String(length)] : [...headers]);
    // A byte a character is a text that needs no encoding.
    endTogether(response, body, length === body.length ? 'latin1' : 'utf8');
    return;
  }
  response.writeHead(status, [...headers, 'Content-Length', String(body.length)]);
  if (body.stream === undefined) response.end();
  // A client that goes away ends the stream; there is nobody left to tell.
  else pipeline(body.stream, response, () => undefined);
}

function failToAnswer(
  error: unknown,
  rawPath: string,
  request: LoopbackRequest,
  response: ServerResponse,
  { world, services }: HandlerParts,
): void {
  if (error instanceof ClientGone) return;
  if (error instanceof NoAnswer) {
    if (error.how === 'cut') request.socket.destroy();
    return;
  }
  if (error instanceof BodyTooLarge) {
    const refusal = new Refusal('RequestEntityTooLarge', 413, 'The request is larger than the sandbox takes.');
    const answer = rawPath === '/' ? refusalOfNobody(refusal, services) : refuseTooLarge(rawPath, world);
    // The rest of the body isn't read, so the connection can't be used again.
    send(response, { ...answer, headers: [...answer.headers, 'Connection', 'close'] });
    return;
  }
  world.onFailure(error);
  throw error;
}
