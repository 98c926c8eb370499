import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digest } from './digest.ts';

const letter = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));

it('is what it was, or entries that are kept are found no more', () => {
  expect(['', 'a', 'aws', 'A session name: \u00e9\u65e5'].map(digest)).toMatchInlineSnapshot(`
    [
      "01000193811c9dc5",
      "f374b06be40c292c",
      "f148e1491a683cb6",
      "f76058c74a917ba7",
    ]
  `);
});

it('tells texts apart by each of its halves that differ in one letter, whatever stands behind it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ size: 'large' }), fc.tuple(letter, letter), (before, after, [a, b]) => {
      const [one, other] = [digest(before + a + after), digest(before + b + after)];
      expect(one.slice(0, 8) === other.slice(0, 8)).toBe(a === b);
      expect(one.slice(8) === other.slice(8)).toBe(a === b);
    }),
  );
});
