import { type Answer, checkAnswer, discard, type Outcome } from './answer.ts';
import type { LoopbackRequest } from './request.ts';

/** What a local server says to requests; it knows nothing of connections. */
export interface LocalHandler {
  /** Before the body is read: how many bytes it may have, or the answer to a request that may not be here. */
  readonly admit: (request: LoopbackRequest, port: number) => number | Answer;
  /** The answer to a request that is whole. */
  readonly answer: (request: LoopbackRequest, body: Buffer) => Outcome | Promise<Outcome>;
  /** To a body longer than that, by its Content-Length or in truth; a bare 413 if not given. Its connection ends. */
  readonly refuseTooLarge?: (request: LoopbackRequest) => Answer;
  /** Told of what these throw or reject with, of answers that can't be written (a bare 500), and of streams that fail. */
  readonly onFailure?: (error: unknown) => void;
}

/** Node 20 drops lines from the thousandth on, unsaid: what a guard looks for could be among them. */
const maxHeaderLines = 500;

/** How long the body of a request may be, or its answer already. */
export function admission(handler: LocalHandler, request: LoopbackRequest, port: number): number | Answer {
  if (request.rawHeaders.length > 2 * maxHeaderLines) return bare(431);
  try {
    const admitted = handler.admit(request, port);
    return typeof admitted === 'number' ? admitted : checked(admitted);
  } catch (error) {
    return failure(handler, error);
  }
}

/** Gives a promise only where the handler does: its turns of the microtask queue were a twelfth of a small answer. */
export function outcomeOf(handler: LocalHandler, request: LoopbackRequest, body: Buffer): Outcome | Promise<Outcome> {
  try {
    const outcome = handler.answer(request, body);
    if (!(outcome instanceof Promise)) return checked(outcome);
    return outcome.then((late) => checked<Outcome>(late)).catch((error) => failure(handler, error));
  } catch (error) {
    return failure(handler, error);
  }
}

export function tooLarge(handler: LocalHandler, request: LoopbackRequest): Answer {
  try {
    return checked(handler.refuseTooLarge?.(request) ?? bare(413));
  } catch (error) {
    return failure(handler, error);
  }
}

function checked<Checked extends Outcome>(outcome: Checked): Checked {
  if (outcome === 'cut' || outcome === 'hang') return outcome;
  try {
    checkAnswer(outcome);
    return outcome;
  } catch (error) {
    discard(outcome.body);
    throw error;
  }
}

function failure(handler: LocalHandler, error: unknown): Answer {
  tellOfFailure(handler, error);
  return bare(500);
}

export function tellOfFailure({ onFailure }: LocalHandler, error: unknown): void {
  try {
    onFailure?.(error);
  } catch {
    // Who hears of failures failed too; clients are served all the same.
  }
}

function bare(status: number): Answer {
  return { status, headers: [], body: '' };
}
