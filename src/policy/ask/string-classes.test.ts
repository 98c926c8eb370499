import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PatternToken, type StringPattern, stringClasses } from './string-classes.ts';

function glob(text: string, options: { ignoreCase?: boolean; exceptColon?: boolean } = {}): StringPattern {
  const { ignoreCase = false, exceptColon = false } = options;
  return [...text].map((character): PatternToken => {
    if (character === '*') return { type: 'star', exceptColon };
    if (character === '?') return { type: 'one', exceptColon };
    return { type: 'character', character, ignoreCase };
  });
}

/** An independent matcher: the textbook recursion. */
function matches(pattern: StringPattern, text: string): boolean {
  const [token, ...rest] = pattern;
  if (token === undefined) return text === '';
  const first = text[0];
  const taken =
    first !== undefined &&
    (token.type === 'character'
      ? token.character === first || (token.ignoreCase && token.character.toLowerCase() === first.toLowerCase())
      : !token.exceptColon || first !== ':');
  if (token.type === 'star') return matches(rest, text) || (taken && matches(pattern, text.slice(1)));
  return taken && matches(rest, text.slice(1));
}

const signatureOf = (patterns: readonly StringPattern[], text: string): string =>
  patterns.map((pattern) => (matches(pattern, text) ? '1' : '0')).join('');

/** Each pattern a group of its own. */
const alone = (patterns: readonly StringPattern[], maxStates?: number) =>
  stringClasses(
    patterns.map((pattern) => [pattern]),
    maxStates,
  );

const signatures = (patterns: readonly StringPattern[]): string[] =>
  alone(patterns)
    .examples.map((example) => signatureOf(patterns, example))
    .sort();

describe('ways in which a string can match patterns', () => {
  test('two words exclude each other', () => {
    expect(signatures([glob('red'), glob('blue')])).toEqual(['00', '01', '10']);
  });

  test('a longer prefix implies the shorter one', () => {
    expect(signatures([glob('dev-*'), glob('dev-eu-*')])).toEqual(['00', '10', '11']);
  });

  test('a pattern that covers two others together is found to', () => {
    // Every string that ends in a digit of the two is in the third: 110 does not exist.
    expect(signatures([glob('a?'), glob('?b'), glob('ab')])).toEqual(['000', '010', '100', '111']);
  });

  test('everything is matched by the star, nothing is left beside it', () => {
    expect(signatures([glob('*'), glob('**')])).toEqual(['11']);
  });

  test('letters of either case match where case is ignored', () => {
    expect(signatures([glob('ok', { ignoreCase: true }), glob('ok'), glob('OK')])).toEqual([
      '000',
      '100',
      '101',
      '110',
    ]);
  });

  test('a star inside an ARN part does not match a colon', () => {
    expect(signatures([glob('a*c', { exceptColon: true }), glob('a*:*c')])).toEqual(['00', '01', '10']);
  });

  test('a group of many values is one pattern to the outcome, and no harder than its text is long', () => {
    const accounts = Array.from({ length: 1000 }, (_, index) => glob(String(100_000_000_000 + index * 7919)));
    const { complete, examples } = stringClasses([accounts, [glob('*0')]]);
    expect(complete).toBe(true);
    expect(examples.length).toBe(4);
  });

  test('no pattern: one class', () => {
    expect(stringClasses([])).toEqual({ examples: [''], complete: true });
  });

  test('the bound makes the answer incomplete, never wrong', () => {
    const patterns = [glob('*a*b*c*'), glob('*b*a*d*'), glob('?'.repeat(30))];
    const { examples, complete } = alone(patterns, 50);
    expect(complete).toBe(false);
    expect(new Set(examples.map((example) => signatureOf(patterns, example))).size).toBe(examples.length);
  });

  test('patterns of real length are walked in full', () => {
    const arns = ['alice', 'bob', 'carol*', '*/admin/*', '*'].map((name) =>
      glob(`arn:aws:iam::123456789012:user/some/long/path/${name}`),
    );
    const { complete, examples } = alone([...arns, glob('arn:aws:sts::*:assumed-role/*/*'), glob('*:root')]);
    expect(complete).toBe(true);
    expect(examples.length).toBeGreaterThan(6);
  });

  test('no string of a small alphabet shows a combination that is missing', () => {
    const pattern = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', ':', '*', '?'), { maxLength: 5 }), fc.boolean(), fc.boolean())
      .map(([characters, ignoreCase, exceptColon]) => glob(characters.join(''), { ignoreCase, exceptColon }));
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 4 }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', ':', 'c'), maxLength: 8 }), { maxLength: 40 }),
        fc.nat(4),
        (patterns, texts, border) => {
          // The first few apart, the rest one group.
          const groups = [...patterns.slice(0, border).map((pattern) => [pattern]), patterns.slice(border)];
          const signature = (text: string) =>
            groups.map((group) => group.some((pattern) => matches(pattern, text))).join();
          const { examples, complete } = stringClasses(groups);
          const found = new Set(examples.map(signature));
          expect(complete).toBe(true);
          expect(found.size).toBe(examples.length);
          for (const text of texts) expect(found).toContain(signature(text));
        },
      ),
      { numRuns: 400 },
    );
  });
});
