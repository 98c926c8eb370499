import { expect, test } from 'vitest';
import { stepAt, totpCode } from './code.ts';

const secret = Buffer.from('12345678901234567890');

// RFC 6238, appendix B, SHA-1 rows. The RFC prints eight digits; six digits are their last six (RFC 4226, 5.3).
test.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('RFC 6238 at %i seconds', (seconds, eightDigits) => {
  expect(totpCode(secret, stepAt(seconds * 1000))).toBe(eightDigits.slice(2));
});

// RFC 4226, appendix D: the codes of counters 0 to 9.
test.each(
  ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].map(
    (code, counter) => [counter, code] as const,
  ),
)('RFC 4226, counter %i', (counter, code) => {
  expect(totpCode(secret, counter)).toBe(code);
});

test('a step is thirty seconds long and begins on the half minute', () => {
  expect([0, 29_999, 30_000, 59_999, 60_000].map(stepAt)).toEqual([0, 0, 1, 1, 2]);
});

test('a view into a bigger buffer is read as the view alone', () => {
  const pool = Buffer.concat([Buffer.alloc(7, 1), secret, Buffer.alloc(9, 2)]);
  expect(totpCode(pool.subarray(7, 27), 1)).toBe('287082');
});
