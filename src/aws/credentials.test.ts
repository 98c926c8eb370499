import { expect, it } from 'vitest';
import { formatInstant } from './credentials.ts';

it.each(['1970-01-01T00:00:00Z', '2026-03-04T05:06:07Z', '2028-02-29T23:59:59Z', '2099-12-31T12:00:00Z'])(
  'prints %s',
  (text) => {
    expect(formatInstant(Date.parse(text))).toBe(text);
    // As Date prints it, less the fraction.
    expect(formatInstant(Date.parse(text) + 999)).toBe(`${new Date(Date.parse(text)).toISOString().slice(0, 19)}Z`);
  },
);

it('refuses what is no instant', () => {
  expect(() => formatInstant(Number.NaN)).toThrow(RangeError);
  expect(() => formatInstant(9e15)).toThrow(RangeError);
});
