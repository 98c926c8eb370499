// Not the global one: a test that fakes timers would keep every answer from going out.
import { setImmediate } from 'node:timers';

let waiting: (() => void)[] = [];

/**
 * Sends an answer once all requests that have come are answered: one write a connection, right after each other. To wake
 * a client that sleeps takes the kernel longer than the write itself, and one that is up by the first answer takes the
 * others without being woken.
 */
export function sendTogether(send: () => void): void {
  // It runs after the connections of this turn of the event loop were read.
  if (waiting.length === 0) setImmediate(sendAll);
  waiting.push(send);
}

function sendAll(): void {
  const all = waiting;
  waiting = [];
  for (const send of all) send();
}
