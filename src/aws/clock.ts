/** Is the endpoint there, and what time is it there? One request without a signature, and so without a secret. */
import { StepupError } from '../errors.ts';
import type { Endpoint } from './endpoints.ts';
import { post } from './send.ts';

export interface ClockQuestion {
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly proxyVariable?: string | undefined;
}

/**
 * How far this machine's clock is ahead of the endpoint's (negative: behind); undefined if it doesn't say.
 * @throws StepupError `endpoint-unreachable`, `answer-not-aws`, `interrupted`
 */
export async function clockAhead(endpoint: Endpoint, question: ClockQuestion): Promise<number | undefined> {
  const { now, timeoutMs, signal, proxyVariable } = question;
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const { body, status, serverTimeMs } = await post(endpoint, headers, 'Action=GetCallerIdentity&Version=2011-06-15', {
    connectTimeoutMs: timeoutMs,
    totalTimeoutMs: timeoutMs,
    signal,
    proxyVariable,
  });
  // AWS answers with an error in XML: there is no signature.
  if (!body.trimStart().startsWith('<ErrorResponse')) {
    throw new StepupError('answer-not-aws', { host: endpoint.url.host, status });
  }
  return serverTimeMs === undefined ? undefined : Math.round((now() - serverTimeMs) / 1000);
}
