import type { Answer, Outcome } from './answer.ts';
import type { LoopbackRequest } from './request.ts';

/** What a local server says to requests; it knows nothing of connections. */
export interface LocalHandler {
  /** Before the body is read: how many bytes it may have, or the answer to a request that may not be here. */
  readonly admit: (request: LoopbackRequest, port: number) => number | Answer;
  /** The answer to a request that is whole. What it throws or rejects with is answered with a bare 500. */
  readonly answer: (request: LoopbackRequest, body: Buffer) => Outcome | Promise<Outcome>;
  /** To a body longer than that, by its Content-Length or in truth; a bare 413 if not given. Its connection ends. */
  readonly refuseTooLarge?: (request: LoopbackRequest) => Answer;
}

/** Gives a promise only where the handler does: its turns of the microtask queue were a twelfth of a small answer. */
export function outcomeOf(handler: LocalHandler, request: LoopbackRequest, body: Buffer): Outcome | Promise<Outcome> {
  try {
    const outcome = handler.answer(request, body);
    return outcome instanceof Promise ? outcome.catch(() => bare(500)) : outcome;
  } catch {
    return bare(500);
  }
}

/** What the handler thinks of a request before its body; where it throws, a bare 500. */
export function admission(handler: LocalHandler, request: LoopbackRequest, port: number): number | Answer {
  try {
    return handler.admit(request, port);
  } catch {
    return bare(500);
  }
}

export function tooLarge(handler: LocalHandler, request: LoopbackRequest): Answer {
  try {
    return handler.refuseTooLarge?.(request) ?? bare(413);
  } catch {
    return bare(500);
  }
}

/** An answer that says nothing but its status. */
export function bare(status: number): Answer {
  return { status, headers: [], body: '' };
}
