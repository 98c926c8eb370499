import { expect, test } from 'vitest';
import { type ChecksumAlgorithm, checksum, checksumAlgorithm, checksumHeader } from './algorithms.ts';

// Check values of the CRC catalogue (reveng) for "123456789"; SHA-1 and SHA-256 of FIPS 180.
const checks: readonly (readonly [ChecksumAlgorithm, string])[] = [
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
];

test.each(checks)('%s of its check string', (algorithm, hex) => {
  expect(checksum(algorithm, Buffer.from('123456789'))).toBe(Buffer.from(hex, 'hex').toString('base64'));
});

test.each([
  ['CRC32', 'AAAAAA=='],
  ['CRC32C', 'AAAAAA=='],
  ['CRC64NVME', 'AAAAAAAAAAA='],
] as const)('%s of nothing', (algorithm, base64) => {
  expect(checksum(algorithm, Buffer.alloc(0))).toBe(base64);
});

test.each(checks)('%s has a header and is found by it', (algorithm) => {
  expect(checksumAlgorithm(checksumHeader(algorithm))).toBe(algorithm);
  expect(checksumAlgorithm('x-amz-checksum-md5')).toBeUndefined();
});
