import { describe, expect, it } from 'vitest';
import { formatDuration, formatLocalTime } from './time.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [61, '1 min 1 s'],
    [3599, '59 min 59 s'],
    [43_200, '12 h'],
    [43_199, '11 h 59 min'],
    [3605, '1 h'],
    [129_600, '1 d 12 h'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatLocalTime', () => {
  const now = new Date(2026, 1, 2, 17, 5).getTime();
  it.each([
    [new Date(2026, 1, 2, 23, 59), '23:59'],
    [new Date(2026, 1, 3, 5, 0), 'Tue 3 Feb 05:00'],
    [new Date(2027, 0, 1, 5, 0), 'Fri 1 Jan 2027 05:00'],
  ])('%s is %s', (then, text) => {
    expect(formatLocalTime(then.getTime(), now)).toBe(text);
  });
});
