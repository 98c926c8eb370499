import { describe, expect, it } from 'vitest';
import { readSpan } from './span.ts';

describe('readSpan', () => {
  it.each([
    ['15m', 900],
    ['36h', 129_600],
    ['1h30m', 5400],
    ['1h0m0s', 3600],
    ['1d', 86_400],
    ['3600', 3600],
    [' 12H ', 43_200],
  ])('%s is %i s', (text, seconds) => {
    expect(readSpan('--duration', text)).toBe(seconds);
  });

  it.each(['', 'x', '-5m', '1.5h', '12hours', 'h', '1h x'])('%j is refused', (text) => {
    expect(() => readSpan('--duration', text)).toThrow('usage');
  });
});
