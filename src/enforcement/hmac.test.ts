import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { HmacKey } from './hmac.ts';

test('is the HMAC of RFC 4231, test cases 1 and 2', () => {
  expect(new HmacKey(Buffer.alloc(20, 0x0b)).sign('Hi There')).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  expect(new HmacKey(Buffer.from('Jefe')).sign('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('is what createHmac gives, for keys and messages of any length, one after the other', () => {
  for (const keyBytes of [0, 1, 32, 63, 64]) {
    const key = randomBytes(keyBytes);
    const hmac = new HmacKey(key);
    for (const length of [300, 0, 1, 150, 255, 256, 257, 5000, 7]) {
      const bytes = randomBytes(length);
      const expected = createHmac('sha256', key).update(bytes).digest('hex');
      expect(hmac.sign(bytes)).toBe(expected);
      expect(hmac.sign(bytes.toString('latin1'))).toBe(expected);
    }
  }
});

test('takes no key that would have to be hashed first', () => {
  expect(() => new HmacKey(Buffer.alloc(65))).toThrow(RangeError);
});
