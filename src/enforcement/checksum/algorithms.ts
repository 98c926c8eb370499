/** The checksums that S3 knows, by the names of its API, and the headers and trailers that carry them. */
import { createHash } from 'node:crypto';
import { crc32, crc32Table, crc64, crc64Table } from './crc.ts';

const CRC32 = crc32Table(0xedb88320);
const CRC32C = crc32Table(0x82f63b78);
/** CRC-64/NVME: 0xad93d23594c93659, reversed. */
const CRC64NVME = crc64Table(0x9a6c9329, 0xac4bc9b5);

const digests = {
  CRC32: (data) => crc32(CRC32, data),
  CRC32C: (data) => crc32(CRC32C, data),
  CRC64NVME: (data) => crc64(CRC64NVME, data),
  SHA1: (data) => createHash('sha1').update(data).digest(),
  SHA256: (data) => createHash('sha256').update(data).digest(),
} satisfies Record<string, (data: Uint8Array) => Buffer>;

export type ChecksumAlgorithm = keyof typeof digests;

/** `x-amz-checksum-crc32` and its siblings. */
const algorithmOfHeader: ReadonlyMap<string, ChecksumAlgorithm> = new Map(
  (Object.keys(digests) as ChecksumAlgorithm[]).map((algorithm) => [checksumHeader(algorithm), algorithm]),
);

/** The base64 form that S3 takes and gives. */
export function checksum(algorithm: ChecksumAlgorithm, data: Uint8Array): string {
  return digests[algorithm](data).toString('base64');
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The algorithm of a checksum header or trailer (lower case); undefined for any other name. */
export function checksumAlgorithm(headerName: string): ChecksumAlgorithm | undefined {
  return algorithmOfHeader.get(headerName);
}
