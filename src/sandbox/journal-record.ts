import { crc32 } from 'node:zlib';

/**
 * The framing of the journal: one record a line, `LENGTH CRC32 JSON\n`, both numbers eight hex digits, the length in
 * bytes of the JSON. JSON holds no raw line break, so a line that ends in one was written whole, unless it has a run of
 * NULs: those are pages that never reached the disk. Any other last line was torn by a kill or a power cut.
 */
const headerBytes = 18;
const headerPattern = /^[0-9a-f]{8} [0-9a-f]{8} $/;
const lineFeed = 0x0a;
const lostPage = Buffer.alloc(16);

export function encodeRecord(json: string): Buffer {
  const payload = Buffer.from(json);
  const header = `${hex8(payload.length)} ${hex8(crc32(payload))} `;
  return Buffer.concat([Buffer.from(header, 'latin1'), payload, Buffer.from([lineFeed])]);
}

export type RecordAt =
  | { readonly type: 'record'; readonly json: string; readonly nextOffset: number }
  /** The last line, and not written whole: it was never acknowledged. */
  | { readonly type: 'torn' }
  | { readonly type: 'corrupt'; readonly problem: string };

/** The record that begins at `offset`, which must be before the end of `bytes`. */
export function recordAt(bytes: Buffer, offset: number): RecordAt {
  const end = bytes.indexOf(lineFeed, offset);
  if (end === -1) return { type: 'torn' };
  const line = bytes.subarray(offset, end);
  const problem = problemOf(line);
  if (problem === undefined) {
    return { type: 'record', json: line.toString('utf8', headerBytes), nextOffset: end + 1 };
  }
  const isLast = end === bytes.length - 1;
  return isLast && line.includes(lostPage) ? { type: 'torn' } : { type: 'corrupt', problem };
}

function problemOf(line: Buffer): string | undefined {
  const header = line.toString('latin1', 0, headerBytes);
  if (!headerPattern.test(header)) return 'no record begins here';
  const payload = line.subarray(headerBytes);
  if (payload.length !== Number.parseInt(header.slice(0, 8), 16)) return 'the length of the record does not match';
  if (crc32(payload) !== Number.parseInt(header.slice(9, 17), 16)) return 'the checksum of the record does not match';
  return undefined;
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, '0');
}
