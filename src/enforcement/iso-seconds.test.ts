import { expect, test } from 'vitest';
import { isoSeconds } from './iso-seconds.ts';

test('prints whole seconds, whatever was printed before', () => {
  const time = Date.UTC(2026, 0, 31, 12);
  expect(isoSeconds(time)).toBe('2026-01-31T12:00:00Z');
  expect(isoSeconds(time + 999)).toBe('2026-01-31T12:00:00Z');
  expect(isoSeconds(time + 1_000)).toBe('2026-01-31T12:00:01Z');
  expect(isoSeconds(time)).toBe('2026-01-31T12:00:00Z');
});

test('has no text for what is no time, however often it is asked', () => {
  for (const bad of [8.64e15 + 1, 8.64e15 + 1, Number.NaN]) expect(() => isoSeconds(bad)).toThrow(RangeError);
});
