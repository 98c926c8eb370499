import type { IncomingMessage } from 'node:http';
import type { LocalHeaders } from './headers.ts';

/** `too large`: it is longer, by its Content-Length or in truth, and not read to its end. */
export type Body = Buffer | 'too large';

const nothing = Buffer.alloc(0);

/**
 * The whole body, at most `limitBytes`, for the taker; not called for a client that goes away before that. A call, and
 * no promise: its turns of the microtask queue were a twelfth of what a small answer takes.
 */
export function takeBody(
  incoming: IncomingMessage,
  headers: LocalHeaders,
  limitBytes: number,
  take: (body: Body) => void,
): void {
  const declared = headers['content-length'];
  if (declared === undefined ? headers['transfer-encoding'] === undefined : Number(declared) === 0) {
    take(nothing);
    return;
  }
  if (declared !== undefined && Number(declared) > limitBytes) {
    take('too large');
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  const add = (piece: Buffer) => {
    length += piece.length;
    pieces.push(piece);
    if (length <= limitBytes) return;
    incoming.off('data', add);
    incoming.pause();
    take('too large');
  };
  incoming.on('data', add);
  incoming.on('end', () => {
    const [only = nothing, another] = pieces;
    if (length <= limitBytes) take(another === undefined ? only : Buffer.concat(pieces, length));
  });
  // Without a listener it would end the process; nobody is there any more to be answered.
  incoming.on('error', () => undefined);
}
