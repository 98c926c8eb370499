import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifiers } from './identifiers.ts';

const withoutPunctuation = (name: string): string => name.replace(/\W/g, '');

describe('identifiers', () => {
  it('keeps what is simple, and tells names apart that would become one', () => {
    const idOf = identifiers(['ops', 'a.b', 'a-b'], withoutPunctuation);
    expect(idOf('ops')).toBe('ops');
    expect(idOf('a.b')).toMatch(/^ab[0-9a-f]{8}$/);
    expect(idOf('a.b')).not.toBe(idOf('a-b'));
  });

  it('gives a name the same identifier in whichever order the names come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-c.-]{1,3}$/)), (names) => {
        const forwards = identifiers(names, withoutPunctuation);
        const backwards = identifiers([...names].reverse(), withoutPunctuation);
        expect(names.map(forwards)).toEqual(names.map(backwards));
        expect(new Set(names.map(forwards)).size).toBe(names.length);
      }),
    );
  });
});
