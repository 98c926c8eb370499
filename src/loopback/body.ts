import type { LoopbackRequest } from './request.ts';

/** The request's body is longer than it may be, by its Content-Length or in truth. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** The client went away before its request was whole; there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

const nothing = Buffer.alloc(0);

/** Told of the whole body, or of why there is none: {@link BodyTooLarge}, {@link ClientGone}. Called once. */
export type BodyTaker = (body: Buffer | undefined, problem: BodyTooLarge | ClientGone | undefined) => void;

/**
 * The whole body, at most `limitBytes`, for the taker. A longer one is not read to its end: answer it with `Connection:
 * close`. A call, and no promise: its turns of the microtask queue were a twelfth of what a small answer takes.
 */
export function takeBody(request: LoopbackRequest, limitBytes: number, take: BodyTaker): void {
  const { headers } = request;
  const declared = headers['content-length'];
  if (declared === undefined && headers['transfer-encoding'] === undefined) {
    take(nothing, undefined);
    return;
  }
  if (declared !== undefined && Number(declared) > limitBytes) {
    take(undefined, new BodyTooLarge());
    return;
  }
  let only: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let length = 0;
  let isTaken = false;
  const finish: BodyTaker = (body, problem) => {
    if (isTaken) return;
    isTaken = true;
    take(body, problem);
  };
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > limitBytes) {
      request.pause();
      finish(undefined, new BodyTooLarge());
    } else if (only === undefined) only = chunk;
    else if (chunks === undefined) chunks = [only, chunk];
    else chunks.push(chunk);
  });
  request.on('end', () => finish(chunks === undefined ? (only ?? nothing) : Buffer.concat(chunks, length), undefined));
  // A request that is broken off closes as well, and has no `error` for those who don't listen to it.
  request.on('close', () => {
    // Each request closes; an error costs more than the rest of this together.
    if (!request.complete) finish(undefined, new ClientGone());
  });
}
