import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOf } from './paging.ts';

const keyOf = (item: string) => item;

function allPages(items: readonly string[], size: number): readonly string[] {
  const seen: string[] = [];
  let marker: string | undefined;
  do {
    const { items: page, rest } = pageOf(items, keyOf, { MaxItems: size, Marker: marker });
    seen.push(...page);
    marker = typeof rest['Marker'] === 'string' ? rest['Marker'] : undefined;
    expect(rest['IsTruncated']).toBe(marker !== undefined);
  } while (marker !== undefined);
  return seen;
}

test('pages of any size give every item once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 12 }), (names, size) => {
      const items = names.toSorted((a, b) => (a < b ? -1 : 1));
      expect(allPages(items, size)).toEqual(items);
    }),
  );
});

test('a hundred items if nothing is said', () => {
  const items = Array.from({ length: 101 }, (_, n) => String(n).padStart(3, '0'));
  const { items: page, rest } = pageOf(items, keyOf, { MaxItems: undefined, Marker: undefined });
  expect(page).toHaveLength(100);
  expect(rest['IsTruncated']).toBe(true);
});

test('what goes between two pages neither hides nor repeats the others', () => {
  const { rest } = pageOf(['a', 'b', 'c', 'd'], keyOf, { MaxItems: 2, Marker: undefined });
  const Marker = rest['Marker'] as string;
  expect(pageOf(['a', 'c', 'd'], keyOf, { MaxItems: 2, Marker }).items).toEqual(['c', 'd']);
  expect(pageOf(['a', 'b', 'bb', 'c'], keyOf, { MaxItems: 2, Marker }).items).toEqual(['bb', 'c']);
  expect(pageOf(['a'], keyOf, { MaxItems: 2, Marker }).items).toEqual([]);
});

test.each(['invalid-marker-value', 'YWZ0ZXI', ''])('refuses the foreign marker %j', (Marker) => {
  expect(() => pageOf(['a'], keyOf, { MaxItems: 1, Marker })).toThrow('Invalid Marker.');
});
