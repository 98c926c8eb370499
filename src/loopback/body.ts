import type { IncomingMessage } from 'node:http';

/**
 * The whole body, at most `limitBytes`. `too large`: it is longer, by its Content-Length or in truth, and not read to
 * its end. `client gone`: nobody is there any more to be answered.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | 'too large' | 'client gone'> {
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) > limitBytes) return Promise.resolve('too large');
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const take = (piece: Buffer) => {
      length += piece.length;
      pieces.push(piece);
      if (length <= limitBytes) return;
      request.off('data', take);
      request.pause();
      resolve('too large');
    };
    request.on('data', take);
    request.on('end', () => resolve(Buffer.concat(pieces, length)));
    request.on('close', () => resolve('client gone'));
    // Without a listener it would end the process; the close that follows says the same.
    request.on('error', () => undefined);
  });
}
