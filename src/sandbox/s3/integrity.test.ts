import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyIntegrity } from './integrity.ts';

const body = '123456789';
const md5 = createHash('md5').update(body).digest('base64');

function verify(headers: Record<string, string>, trailers: Record<string, string> = {}) {
  return verifyIntegrity({
    body: Buffer.from(body),
    header: (name) => headers[name],
    headers: new Map(Object.entries(headers)),
    trailers: new Map(Object.entries(trailers)),
  });
}

function code(code: string) {
  return expect.objectContaining({ code });
}

describe('the integrity of a body', () => {
  it('is a CRC64NVME when the client sends nothing', () => {
    // The published check value of CRC-64/NVME: ae8b14860a799888.
    const base64 = Buffer.from('ae8b14860a799888', 'hex').toString('base64');
    expect(verify({})).toEqual({
      md5: '25f9e794323b453885f5181f1b624d0b',
      checksum: { algorithm: 'CRC64NVME', base64 },
    });
  });

  it('is what the client sent, in header or trailer, if it is right', () => {
    const crc32 = Buffer.from('cbf43926', 'hex').toString('base64');
    expect(verify({ 'x-amz-checksum-crc32': crc32 }).checksum).toEqual({ algorithm: 'CRC32', base64: crc32 });
    expect(verify({}, { 'x-amz-checksum-crc32': crc32 }).checksum.algorithm).toBe('CRC32');
    expect(verify({ 'content-md5': md5 }).checksum.algorithm).toBe('CRC64NVME');
  });

  it('is refused if wrong, malformed or ambiguous', () => {
    const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64');
    expect(() => verify({ 'content-md5': zeros(16) })).toThrow(code('BadDigest'));
    expect(() => verify({ 'content-md5': zeros(15) })).toThrow(code('InvalidDigest'));
    expect(() => verify({ 'content-md5': `${md5} ` })).toThrow(code('InvalidDigest'));
    expect(() => verify({ 'x-amz-checksum-crc32': zeros(4) })).toThrow(
      expect.objectContaining({
        code: 'BadDigest',
        message: 'The CRC32 you specified did not match the calculated checksum.',
      }),
    );
    expect(() => verify({ 'x-amz-checksum-crc32': zeros(8) })).toThrow(code('InvalidRequest'));
    expect(() => verify({ 'x-amz-checksum-sha256': 'nonsense' })).toThrow(code('InvalidRequest'));
    expect(() => verify({ 'x-amz-checksum-crc32': zeros(4), 'x-amz-checksum-sha1': zeros(20) })).toThrow(
      code('InvalidRequest'),
    );
    expect(() => verify({ 'x-amz-checksum-crc32': zeros(4), 'x-amz-sdk-checksum-algorithm': 'SHA1' })).toThrow(
      code('InvalidRequest'),
    );
  });
});
