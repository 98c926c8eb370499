/**
 * The framing of an `aws-chunked` body (S3 API Reference, "Signature calculations for the Authorization header:
 * transferring payload in multiple chunks"): `SIZE[;chunk-signature=SIG]\r\nDATA\r\n`…, a chunk of size 0, then
 * trailing headers if there are to be some, and an empty line.
 */
import { Refusal } from '../refusal.ts';

export interface Chunk {
  readonly data: Buffer;
  readonly signature: string | undefined;
}

export interface ChunkedBody {
  /** In order; the last is the empty one that ends the body. */
  readonly chunks: readonly Chunk[];
  /** What follows the last chunk, up to the end of the body. */
  readonly rest: Buffer;
}

const MIN_CHUNK_BYTES = 8192;
const MAX_LINE_BYTES = 256;
const CRLF = '\r\n';

/** Throws Refusal if the framing is broken, or a chunk but the last is too small. */
export function readChunks(body: Buffer, signed: boolean): ChunkedBody {
  const chunks: Chunk[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = body.subarray(offset, offset + MAX_LINE_BYTES).indexOf(CRLF);
    if (lineEnd === -1) throw incompleteBody();
    const line = body.toString('latin1', offset, offset + lineEnd);
    const { sizeBytes, signature } = readChunkLine(line, signed);
    offset += lineEnd + CRLF.length;
    if (sizeBytes === 0) {
      chunks.push({ data: body.subarray(0, 0), signature });
      checkSizes(chunks);
      return { chunks, rest: body.subarray(offset) };
    }
    const dataEnd = offset + sizeBytes;
    if (body.toString('latin1', dataEnd, dataEnd + CRLF.length) !== CRLF) throw incompleteBody();
    chunks.push({ data: body.subarray(offset, dataEnd), signature });
    offset = dataEnd + CRLF.length;
  }
}

function readChunkLine(line: string, signed: boolean): { sizeBytes: number; signature: string | undefined } {
  const parts = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (parts === null || (parts[2] !== undefined) !== signed) throw incompleteBody();
  return { sizeBytes: Number.parseInt(parts[1] ?? '', 16), signature: parts[2] };
}

/** All chunks but the last with data hold at least 8 KB. */
function checkSizes(chunks: readonly Chunk[]): void {
  const small = chunks.slice(0, -2).findIndex((chunk) => chunk.data.length < MIN_CHUNK_BYTES);
  if (small === -1) return;
  throw new Refusal(
    'InvalidChunkSizeError',
    403,
    'Only the last chunk is allowed to have a size less than 8192 bytes',
    { Chunk: String(small + 1), BadChunkSize: String(chunks[small]?.data.length) },
  );
}

export function incompleteBody(): Refusal {
  return new Refusal('IncompleteBody', 400, 'The request body terminated unexpectedly');
}
