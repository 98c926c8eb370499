import { createHash } from 'node:crypto';
import {
  type ChecksumAlgorithm,
  checksum,
  checksumAlgorithm,
  checksumHeader,
} from '../../enforcement/checksum/algorithms.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { S3Call } from './operation.ts';

export interface Integrity {
  /** In hex. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly base64: string };
}

/** What S3 adds to an object that came without a checksum, since 2025. */
const defaultAlgorithm: ChecksumAlgorithm = 'CRC64NVME';

/**
 * Holds a body against the Content-MD5 and the checksum sent with it, in headers or (verified before) trailers, and
 * gives what is kept of them.
 *
 * @throws Refusal `BadDigest`, `InvalidDigest`, `InvalidRequest`
 */
export function verifyIntegrity(call: Pick<S3Call, 'body' | 'header' | 'headers' | 'trailers'>): Integrity {
  const md5 = createHash('md5').update(call.body).digest();
  const contentMd5 = call.header('content-md5');
  if (contentMd5 !== undefined) verifyMd5(contentMd5, md5);
  const sent = sentChecksum(call);
  if (sent !== undefined && checksum(sent.algorithm, call.body) !== sent.base64) {
    throw new Refusal('BadDigest', 400, `The ${sent.algorithm} you specified did not match the calculated checksum.`);
  }
  return {
    md5: md5.toString('hex'),
    checksum: sent ?? { algorithm: defaultAlgorithm, base64: checksum(defaultAlgorithm, call.body) },
  };
}

/** True if the request carries a Content-MD5 or a checksum: some operations demand one. */
export function hasIntegrity(call: Pick<S3Call, 'header' | 'headers' | 'trailers'>): boolean {
  return call.header('content-md5') !== undefined || sentChecksum(call) !== undefined;
}

function verifyMd5(sent: string, computed: Buffer): void {
  const bytes = Buffer.from(sent, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== sent) {
    throw new Refusal('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', { 'Content-MD5': sent });
  }
  if (!bytes.equals(computed)) {
    throw new Refusal('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: bytes.toString('hex'),
      CalculatedDigest: computed.toString('base64'),
    });
  }
}

function sentChecksum({
  headers,
  trailers,
}: Pick<S3Call, 'headers' | 'trailers'>):
  | { readonly algorithm: ChecksumAlgorithm; readonly base64: string }
  | undefined {
  const found = [...headers, ...trailers].flatMap(([name, base64]) => {
    const algorithm = checksumAlgorithm(name);
    return algorithm === undefined ? [] : [{ algorithm, base64 }];
  });
  if (found.length > 1) {
    throw new Refusal(
      'InvalidRequest',
      400,
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [only] = found;
  if (only === undefined) return undefined;
  const { algorithm, base64 } = only;
  const announced = headers.get('x-amz-sdk-checksum-algorithm');
  if (announced !== undefined && announced.toUpperCase() !== algorithm) {
    throw new Refusal('InvalidRequest', 400, 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  const length = Buffer.from(base64, 'base64').length;
  if (length !== digestBytes[algorithm] || Buffer.from(base64, 'base64').toString('base64') !== base64) {
    throw new Refusal('InvalidRequest', 400, `Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
  return only;
}

const digestBytes: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};
