import { describe, expect, it } from 'vitest';
import { stepAt, totpCode } from '../totp/code.ts';
import { aheadSeconds, judgeCode, placeCode } from './consecutive-codes.ts';

const SECRET = new TextEncoder().encode('12345678901234567890');
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const STEP = stepAt(NOW);
const code = (distance: number): string => totpCode(SECRET, STEP + distance);

describe('a code', () => {
  it.each([0, 1, -1, 20, -20])('of a clock that is %i half minutes off is placed there', (distance) => {
    const placed = placeCode(SECRET, code(distance), NOW);
    expect(placed).toEqual({ code: code(distance), step: STEP + distance });
    expect(placed && aheadSeconds(placed, NOW)).toBe(distance * 30);
  });

  it.each([21, -21])('of a clock that is %i half minutes off is none of now', (distance) => {
    expect(placeCode(SECRET, code(distance), NOW)).toBeUndefined();
    expect(judgeCode(SECRET, code(distance), undefined, NOW)).toBe('not-of-this-device');
  });

  it('of another secret is none of this device', () => {
    const other = totpCode(new TextEncoder().encode('09876543210987654321'), STEP);
    expect(judgeCode(SECRET, other, undefined, NOW)).toBe('not-of-this-device');
  });

  it('must come after the first', () => {
    const first = { code: code(0), step: STEP };
    expect(judgeCode(SECRET, code(0), first, NOW)).toBe('same-again');
    expect(judgeCode(SECRET, code(-1), first, NOW)).toBe('earlier');
    expect(judgeCode(SECRET, code(1), first, NOW)).toBeUndefined();
    expect(judgeCode(SECRET, code(2), first, NOW)).toBeUndefined();
  });
});
