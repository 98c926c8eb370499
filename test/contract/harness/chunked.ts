/** S3's streaming bodies (`aws-chunked`), as parts that a test can tamper with before they are joined. */
import { createHash } from 'node:crypto';
import { hmac, type Signature, sha256 } from './sigv4.ts';

export interface Chunk {
  readonly data: Buffer;
  /** Absent in unsigned streams. */
  readonly signature?: string;
}

export interface ChunkedBody {
  /** The empty last chunk included. */
  readonly chunks: readonly Chunk[];
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** Of the trailers, in signed streams that have some. */
  readonly trailerSignature?: string;
}

/** Cuts data and signs each chunk with its forerunner's signature, beginning with the request's own. */
export function signChunks(
  data: Buffer,
  chunkSize: number,
  seed: Signature,
  trailers: ChunkedBody['trailers'] = [],
): ChunkedBody {
  const head = `${seed.dateText}\n${seed.scope}`;
  let previous = seed.hex;
  const sign = (algorithm: string, rest: string): string => {
    previous = hmac(seed.signingKey, `${algorithm}\n${head}\n${previous}\n${rest}`).toString('hex');
    return previous;
  };
  const chunks = cut(data, chunkSize).map((part) => ({
    data: part,
    signature: sign('AWS4-HMAC-SHA256-PAYLOAD', `${sha256('')}\n${sha256(part)}`),
  }));
  if (trailers.length === 0) return { chunks, trailers };
  const lines = trailers.map(([name, value]) => `${name}:${value}\n`).join('');
  return { chunks, trailers, trailerSignature: sign('AWS4-HMAC-SHA256-TRAILER', sha256(lines)) };
}

export function unsignedChunks(data: Buffer, chunkSize: number, trailers: ChunkedBody['trailers']): ChunkedBody {
  return { chunks: cut(data, chunkSize).map((part) => ({ data: part })), trailers };
}

export function joinBody({ chunks, trailers, trailerSignature }: ChunkedBody): Buffer {
  const parts: Buffer[] = [];
  for (const { data, signature } of chunks) {
    const extension = signature === undefined ? '' : `;chunk-signature=${signature}`;
    parts.push(Buffer.from(`${data.length.toString(16)}${extension}\r\n`), data);
    // The last chunk's data is empty; with trailers, they stand where its line end would.
    if (data.length > 0) parts.push(Buffer.from('\r\n'));
  }
  for (const [name, value] of trailers) parts.push(Buffer.from(`${name}:${value}\r\n`));
  if (trailerSignature !== undefined) parts.push(Buffer.from(`x-amz-trailer-signature:${trailerSignature}\r\n`));
  parts.push(Buffer.from('\r\n'));
  return Buffer.concat(parts);
}

export function sha256Base64(data: Buffer): string {
  return createHash('sha256').update(data).digest('base64');
}

function cut(data: Buffer, chunkSize: number): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; at += chunkSize) parts.push(data.subarray(at, at + chunkSize));
  return [...parts, Buffer.alloc(0)];
}
