/** One HTTP request, with an end to waiting. Nothing is sent twice: a code is good for one try. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { StepupError } from '../errors.ts';
import type { Endpoint } from './endpoints.ts';

export interface SendOptions {
  /** Stops the request; the promise then rejects with `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Until the connection stands, TLS included. */
  readonly connectTimeoutMs?: number | undefined;
  /** Until the answer is read whole. */
  readonly totalTimeoutMs?: number | undefined;
  /** The longest answer that is read; more is none of AWS's. */
  readonly maxAnswerBytes?: number | undefined;
  /** The name of the environment variable that asks for a proxy, which stepup doesn't use; for the error text only. */
  readonly proxyVariable?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** The server's clock, epoch milliseconds, if it sent one. */
  readonly serverTimeMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 30_000;
/** Far above any answer of STS and of IAM's small calls. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Posts the body. Throws `endpoint-unreachable` with the step that failed, `answer-not-aws` for a huge answer, `interrupted`. */
export async function post(
  endpoint: Endpoint,
  headers: Readonly<Record<string, string>>,
  body: string,
  options: SendOptions,
): Promise<HttpAnswer> {
  const encrypted = endpoint.url.protocol === 'https:';
  const { request } = encrypted ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    let connected = false;
    const outgoing: ClientRequest = request(endpoint.url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), 'user-agent': 'stepup' },
      agent: false,
      // Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      rejectUnauthorized: true,
    });
    const fail = (problem: Problem, detail: string): void => {
      settle();
      outgoing.destroy();
      reject(unreachable(endpoint, problem, detail, connected, options.proxyVariable));
    };
    const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const totalTimeoutMs = options.totalTimeoutMs ?? TOTAL_TIMEOUT_MS;
    const connecting = setTimeout(
      () => fail('timeout', `no connection in ${connectTimeoutMs / 1000} s`),
      connectTimeoutMs,
    );
    const waiting = setTimeout(() => fail('timeout', `no answer in ${totalTimeoutMs / 1000} s`), totalTimeoutMs);
    const stop = (): void => {
      settle();
      outgoing.destroy();
      reject(new StepupError('interrupted', { during: 'the request to AWS' }));
    };
    const settle = (): void => {
      clearTimeout(connecting);
      clearTimeout(waiting);
      options.signal?.removeEventListener('abort', stop);
    };
    options.signal?.addEventListener('abort', stop);

    outgoing.on('socket', (socket) => {
      socket.once(encrypted ? 'secureConnect' : 'connect', () => {
        connected = true;
        clearTimeout(connecting);
      });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      fail(problemOf(error, connected), error.code ?? error.message),
    );
    outgoing.on('response', (incoming) => {
      readBody(incoming, options.maxAnswerBytes ?? MAX_ANSWER_BYTES).then(
        (text) => {
          settle();
          resolve(answerOf(incoming, text));
        },
        (error: unknown) => {
          if (error instanceof TooLong) {
            settle();
            outgoing.destroy();
            reject(new StepupError('answer-not-aws', { host: endpoint.url.host, status: incoming.statusCode ?? 0 }));
          } else {
            fail('broken-off', error instanceof Error ? error.message : String(error));
          }
        },
      );
    });
    if (options.signal?.aborted) stop();
    else outgoing.end(body);
  });
}

class TooLong extends Error {}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerOf(incoming: IncomingMessage, body: string): HttpAnswer {
  const serverTimeMs = Date.parse(incoming.headers.date ?? '');
  return { status: incoming.statusCode ?? 0, body, ...(Number.isNaN(serverTimeMs) ? {} : { serverTimeMs }) };
}

type Problem = 'name' | 'refused' | 'timeout' | 'tls' | 'broken-off';

/** Codes of Node and OpenSSL by the step that failed. */
const PROBLEMS: readonly (readonly [RegExp, Problem])[] = [
  [/^(ENOTFOUND|EAI_)/, 'name'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/, 'refused'],
  [/^ETIMEDOUT$/, 'timeout'],
  [/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)/, 'tls'],
];

function problemOf(error: NodeJS.ErrnoException, connected: boolean): Problem {
  const code = error.code ?? '';
  return PROBLEMS.find(([codes]) => codes.test(code))?.[1] ?? (connected ? 'broken-off' : 'refused');
}

function unreachable(
  endpoint: Endpoint,
  problem: Problem,
  detail: string,
  sent: boolean,
  proxyVariable: string | undefined,
): StepupError {
  return new StepupError('endpoint-unreachable', {
    host: endpoint.url.host,
    problem,
    detail,
    sent,
    ...(endpoint.customOrigin === undefined ? {} : { customOrigin: endpoint.customOrigin }),
    ...(proxyVariable === undefined ? {} : { proxyVariable }),
  });
}
