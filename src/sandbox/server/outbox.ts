import type { ServerResponse } from 'node:http';
// Not the global one: a test that fakes timers would keep every answer from going out.
import { setImmediate } from 'node:timers';

interface Waiting {
  readonly response: ServerResponse;
  readonly body: string;
  readonly encoding: BufferEncoding;
}

let waiting: Waiting[] = [];

/**
 * Ends an answer whose head is written, once all requests that have come are answered: one write a connection, right
 * after each other. To wake a client that sleeps takes the kernel longer than the write itself, and one that is up by
 * the first answer takes the others without being woken.
 */
export function endTogether(response: ServerResponse, body: string, encoding: BufferEncoding): void {
  // It runs after the connections of this turn of the event loop were read.
  if (waiting.length === 0) setImmediate(endAll);
  waiting.push({ response, body, encoding });
}

function endAll(): void {
  const all = waiting;
  waiting = [];
  for (const { response, body, encoding } of all) response.end(body, encoding);
}
