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

/**
 * The whole body, at most `limitBytes`. A longer one is not read to its end: answer it with `Connection: close`.
 *
 * @throws BodyTooLarge, ClientGone
 */
export function readBody(request: LoopbackRequest, limitBytes: number): Promise<Buffer> {
  const { headers } = request;
  const declared = headers['content-length'];
  if (declared === undefined && headers['transfer-encoding'] === undefined) return Promise.resolve(nothing);
  if (declared !== undefined && Number(declared) > limitBytes) return Promise.reject(new BodyTooLarge());

  return new Promise((resolve, reject) => {
    let only: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        request.pause();
        reject(new BodyTooLarge());
      } else if (only === undefined) only = chunk;
      else if (chunks === undefined) chunks = [only, chunk];
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks === undefined ? (only ?? nothing) : Buffer.concat(chunks, length)));
    // A request that is broken off closes as well, and has no `error` for those who don't listen to it.
    request.on('close', () => {
      // Each request closes; an error costs more than the rest of this together.
      if (!request.complete) reject(new ClientGone());
    });
  });
}
