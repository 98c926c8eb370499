// Not the global one: a test that fakes timers would keep every answer from going out.
import { setImmediate } from 'node:timers';

interface Waiting {
  readonly send: () => void;
  readonly onFailure: () => void;
}

let waiting: Waiting[] = [];

/**
 * Sends an answer once all requests that have come are answered: one write a connection, right after each other. To wake
 * a client that sleeps takes the kernel longer than the write itself, and one that is up by the first answer takes the
 * others without being woken. `onFailure`: it throws; the others go out all the same.
 */
export function sendTogether(send: () => void, onFailure: () => void): void {
  // It runs after the connections of this turn of the event loop were read.
  if (waiting.length === 0) setImmediate(sendAll);
  waiting.push({ send, onFailure });
}

function sendAll(): void {
  const all = waiting;
  waiting = [];
  for (const { send, onFailure } of all) {
    try {
      send();
    } catch {
      onFailure();
    }
  }
}
