import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSeed, encodeSeed, enrolmentUri } from './seed.ts';

// RFC 4648, section 10, without padding.
test.each([
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('Base32 of %s', (plain, base32) => {
  expect(encodeSeed(Buffer.from(plain))).toBe(base32);
  expect(Buffer.from(decodeSeed(base32) ?? []).toString()).toBe(plain);
});

test('reads back every secret, however it is spaced and cased', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (secret) => {
      const spaced = encodeSeed(secret)
        .toLowerCase()
        .replace(/(.{4})/g, '$1 ');
      expect(decodeSeed(spaced)).toEqual(secret);
    }),
  );
});

test.each(['', 'A', 'MZXW0', 'MZXW1', 'ÄÖ', 'MZ=XW'])('%j is no seed', (text) => {
  expect(decodeSeed(text)).toBeUndefined();
});

test("makes the URI of AWS's QR code", () => {
  expect(enrolmentUri('MZXW6YTB', 'alice+ops@example.com', '123456789012')).toBe(
    'otpauth://totp/Amazon%20Web%20Services:alice%2Bops%40example.com@123456789012?secret=MZXW6YTB&issuer=Amazon%20Web%20Services',
  );
});
