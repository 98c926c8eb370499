/** Whom to talk to, and as whom; and what every SDK client of ours is made with. */
import { StepupError } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoints.ts';
import { type AwsRefusal, translateRefusal } from './refusal.ts';
import { type HttpAnswer, post, type SendOptions } from './send.ts';

export interface Connection extends SendOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** Epoch milliseconds, by the machine's clock. */
  readonly now: () => number;
  /** Told of each request before it is sent, those that are made again included. */
  readonly onRequest?: () => void;
  /** Told the endpoint's own time, in epoch milliseconds, with each answer that says it: to the second, and never ahead. */
  readonly onTime?: (serverTimeMs: number) => void;
}

/** What of the SDK's HTTP request the transport needs. */
interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The configuration of an SDK client for one call. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
  /** A code is good for one try: nothing is sent twice. */
  readonly maxAttempts: 1;
  readonly systemClockOffset: number;
  readonly requestHandler: {
    handle(
      request: SdkRequest,
    ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }>;
  };
}

/**
 * Makes one call through an SDK client: the SDK signs, writes and reads, our transport sends. What AWS refuses is
 * translated; what isn't AWS's answer, whatever its shape, is told apart.
 * @param operation `GetSessionToken`: for errors
 * @param work makes the client from the configuration and sends one command
 * @throws StepupError what `post` and `translateRefusal` name, `answer-not-aws`
 */
export async function call<T>(
  operation: string,
  connection: Connection,
  work: (config: ClientConfig) => Promise<T>,
  serialNumber?: string,
): Promise<T> {
  const { endpoint, credentials, now } = connection;
  let answer: HttpAnswer | undefined;
  const config: ClientConfig = {
    region: endpoint.signingRegion,
    endpoint: endpoint.url.href,
    credentials,
    maxAttempts: 1,
    systemClockOffset: now() - Date.now(),
    requestHandler: {
      async handle({ headers, body }) {
        connection.onRequest?.();
        const { host: _, 'content-length': __, ...signed } = headers;
        answer = await post(endpoint, signed, String(body ?? ''), connection);
        if (!looksLikeXml(answer.body)) throw notAws(connection, answer.status);
        if (answer.serverTimeMs !== undefined) connection.onTime?.(answer.serverTimeMs);
        const bytes = new TextEncoder().encode(answer.body);
        return { response: { statusCode: answer.status, headers: { 'content-type': 'text/xml' }, body: bytes } };
      },
    },
  };
  try {
    return await work(config);
  } catch (error) {
    if (error instanceof StepupError) throw error;
    const refusal = answer === undefined ? undefined : refusalIn(error);
    if (answer === undefined || refusal === undefined) throw notAws(connection, answer?.status ?? 0);
    throw translateRefusal({
      operation,
      ...refusal,
      status: answer.status,
      host: endpoint.url.host,
      accessKeyId: credentials.accessKeyId,
      serialNumber,
      nowMs: now(),
      serverTimeMs: answer.serverTimeMs,
    });
  }
}

/** The error for an answer in which something is missing that AWS always gives. */
export function notAws({ endpoint }: Connection, status: number): StepupError {
  return new StepupError('answer-not-aws', { host: endpoint.url.host, status });
}

/** AWS sends no document type; without one there are no entities to expand. */
function looksLikeXml(text: string): boolean {
  return text.trimStart().startsWith('<') && !text.includes('<!DOCTYPE');
}

/** Code and message of AWS's own error; the SDK calls an error that it couldn't read `Unknown`. */
function refusalIn(error: unknown): Pick<AwsRefusal, 'awsCode' | 'message'> | undefined {
  if (!(error instanceof Error) || !('$fault' in error)) return undefined;
  const named = 'Code' in error && typeof error.Code === 'string' ? error.Code : error.name;
  return /^(Unknown|UnknownError|Error)$/.test(named) ? undefined : { awsCode: named, message: error.message };
}
