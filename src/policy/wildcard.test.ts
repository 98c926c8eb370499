import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, matchesCodes, matchesPattern, type Reach } from './wildcard.ts';

/** The meaning of a pattern, character by character and without a thought for speed. */
function means(pattern: string, value: string, reach: Reach): boolean {
  if (pattern === '') return value === '';
  const [first, ...others] = pattern;
  const rest = others.join('');
  const [character, ...following] = value;
  if (first === '*') {
    if (means(rest, value, reach)) return true;
    if (character === undefined) return false;
    const endsSegment = /^\**(:|$)/.test(rest);
    if (reach === 'segments' && character === ':' && !endsSegment) return false;
    return means(pattern, following.join(''), reach);
  }
  if (character === undefined) return false;
  if (first !== character && !(first === '?' && !(reach === 'segments' && character === ':'))) return false;
  return means(rest, following.join(''), reach);
}

const letters = (...units: readonly string[]) => fc.string({ unit: fc.constantFrom(...units), maxLength: 9 });

describe.each<Reach>(['text', 'segments'])('patterns over %s', (reach) => {
  test('match what they mean', () => {
    fc.assert(
      fc.property(letters('a', 'b', ':', '*', '*', '?'), letters('a', 'b', ':', 'a'), (pattern, value) => {
        expect(matchesPattern(compilePattern(pattern, reach), value)).toBe(means(pattern, value, reach));
      }),
      { numRuns: 20_000 },
    );
  });

  test('take a character beyond the basic plane for one', () => {
    fc.assert(
      fc.property(letters('a', '😀', '*', '?'), letters('a', '😀'), (pattern, value) => {
        expect(matchesPattern(compilePattern(pattern, reach), value)).toBe(means(pattern, value, reach));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['*a'.repeat(50), 'a'.repeat(400)],
    [`${'*a'.repeat(50)}*b`, 'a'.repeat(400)],
    [`${'*?a'.repeat(30)}b*:`, 'aab:'.repeat(100)],
    ['*:a*b'.repeat(20), ':aab'.repeat(100)],
    [`${'*:'.repeat(40)}x`, ':'.repeat(400)],
    [`*${':a*a'.repeat(20)}:b`, `:${'a'.repeat(20)}`.repeat(40)],
    ['?'.repeat(200), 'a'.repeat(200)],
  ])('no more steps than pattern length times value length: %s', (pattern, value) => {
    const compiled = compilePattern(pattern, reach);
    const codes = compiled.kind === 'codes' ? compiled.codes : [];
    let steps = 0;
    const counted = {
      length: value.length,
      charCodeAt(index: number) {
        steps += 1;
        return value.charCodeAt(index);
      },
    };
    matchesCodes(codes, counted as string);
    // Up to two looks at a character a step: one to compare, one to see whether a star may pass.
    expect(steps).toBeLessThanOrEqual(2 * (codes.length + 1) * (value.length + 1));
  });
});
