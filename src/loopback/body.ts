import type { BodySink, LoopbackRequest } from './request.ts';

/** The request's body is longer than it may be, by its Content-Length or in truth. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** The client went away before its request was whole; there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

const nothing = Buffer.alloc(0);

/**
 * Told once of the whole body, or of why there is none: {@link BodyTooLarge}, {@link ClientGone}. It must not throw:
 * Node's parser, which calls it, could read no more of the connection.
 */
export type BodyTaker = (body: Buffer | undefined, problem: BodyTooLarge | ClientGone | undefined) => void;

/**
 * The whole body, at most `limitBytes`, for the taker. A longer one is not read to its end: answer it with `Connection:
 * close`. A call, and no promise: its turns of the microtask queue were a twelfth of what a small answer takes.
 */
export function takeBody(request: LoopbackRequest, limitBytes: number, take: BodyTaker): void {
  const { headers } = request;
  const declared = headers['content-length'];
  // Of an empty body Node tells the end, and bun tells nothing.
  if (declared === undefined ? headers['transfer-encoding'] === undefined : Number(declared) === 0) {
    take(nothing, undefined);
    return;
  }
  if (declared !== undefined && Number(declared) > limitBytes) {
    take(undefined, new BodyTooLarge());
    return;
  }
  request.pourInto(new Gathering(request, limitBytes, take));
}

/** The pieces of one body. */
class Gathering implements BodySink {
  readonly #request: LoopbackRequest;
  readonly #limitBytes: number;
  readonly #taker: BodyTaker;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  constructor(request: LoopbackRequest, limitBytes: number, taker: BodyTaker) {
    this.#request = request;
    this.#limitBytes = limitBytes;
    this.#taker = taker;
  }

  take(piece: Buffer): boolean {
    this.#length += piece.length;
    this.#pieces.push(piece);
    if (this.#length <= this.#limitBytes) return true;
    this.#finish(undefined, new BodyTooLarge());
    return false;
  }

  end(): void {
    const [only = nothing, another] = this.#pieces;
    this.#finish(another === undefined ? only : Buffer.concat(this.#pieces, this.#length), undefined);
  }

  breakOff(): void {
    this.#finish(undefined, new ClientGone());
  }

  #finish(body: Buffer | undefined, problem: BodyTooLarge | ClientGone | undefined): void {
    // What comes after that is the stream's again: it stops there, or is thrown away once the answer is out.
    this.#request.pourInto(undefined);
    this.#taker(body, problem);
  }
}
