/**
 * What requests of one turn of the event loop have in common: first all that have come are read, then all are handled,
 * then all answers of one piece are sent. To go from the kernel's network to our code and back for each of them leaves
 * both with cold caches, which takes longer than much of the work; and a client that an answer has woken takes the next
 * ones without being woken again.
 */
// Not the global one: a test that fakes timers would keep every answer from going out.
import { setImmediate } from 'node:timers';

interface Step {
  readonly run: () => void;
  /** It threw; those of the others are taken all the same. */
  readonly onFailure: () => void;
}

let toHandle: Step[] = [];
let toSend: Step[] = [];
let isScheduled = false;

/** Once all requests that have come are read. */
export function handleTogether(run: () => void, onFailure: () => void): void {
  toHandle.push({ run, onFailure });
  finishLater();
}

/** Once all requests that have come are handled. */
export function sendTogether(run: () => void, onFailure: () => void): void {
  toSend.push({ run, onFailure });
  finishLater();
}

function finishLater(): void {
  if (isScheduled) return;
  isScheduled = true;
  // It runs after the connections of this turn were read.
  setImmediate(finish);
}

function finish(): void {
  const handled = toHandle;
  toHandle = [];
  try {
    runAll(handled);
  } finally {
    isScheduled = false;
  }
  // What was handled at once is among it.
  const sent = toSend;
  toSend = [];
  if (toHandle.length > 0) finishLater();
  runAll(sent);
}

function runAll(steps: readonly Step[]): void {
  for (const { run, onFailure } of steps) {
    try {
      run();
    } catch {
      onFailure();
    }
  }
}
