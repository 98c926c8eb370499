import { describe, expect, test } from 'vitest';
import type { Candidates, KeyValue } from './key-candidates.ts';
import { type Assignment, type Standing, search } from './search.ts';

const digits: Candidates = { values: ['0', '1', '2'].map((digit) => [digit]), complete: true };
const keys = (count: number) => new Map(Array.from({ length: count }, (_, index) => [`k${index}`, digits] as const));
const lookup = (rows: ReadonlyMap<string, Candidates>) => (key: string) => rows.get(key) ?? digits;
const nothing: ReadonlyMap<string, KeyValue> = new Map();

const digit = (assignment: Assignment, key: string): number | undefined => {
  const value = assignment.get(key);
  return value === undefined || typeof value === 'string' ? undefined : Number(value[0]);
};

/** Looks at the keys in order; `fails` may end a branch with the keys to blame. */
function looking(count: number, fails: (assignment: Assignment) => readonly string[] | undefined) {
  let looks = 0;
  return {
    looks: () => looks,
    look(assignment: Assignment): Standing {
      looks += 1;
      const because = fails(assignment);
      if (because !== undefined) return { state: 'dead', because };
      const next = [...keys(count).keys()].find((key) => !assignment.has(key));
      return next === undefined ? { state: 'reached' } : { state: 'open', next };
    },
  };
}

describe('search', () => {
  test('finds the one combination', () => {
    const wanted = [2, 0, 1, 2];
    const { look } = looking(4, (assignment) => {
      const wrong = wanted.findIndex((value, index) => (digit(assignment, `k${index}`) ?? value) !== value);
      return wrong < 0 ? undefined : [`k${wrong}`];
    });
    const found = search(lookup(keys(4)), nothing, look);
    expect(found.outcome === 'found' && [...found.assignment.values()].flat()).toEqual(['2', '0', '1', '2']);
  });

  test('proves that there is none, and jumps over the keys that have no part in it', () => {
    // k0 and k19 exclude each other; the eighteen between are free.
    const { look, looks } = looking(20, (assignment) =>
      digit(assignment, 'k19') === undefined ? undefined : ['k0', 'k19'],
    );
    expect(search(lookup(keys(20)), nothing, look)).toEqual({ outcome: 'none', because: new Set(['k19', 'k0']) });
    expect(looks()).toBeLessThan(200);
  });

  test('a fixed value is neither tried nor blamed', () => {
    const { look } = looking(2, (assignment) =>
      digit(assignment, 'k1') === 1 ? undefined : digit(assignment, 'k1') === undefined ? undefined : ['k0', 'k1'],
    );
    const found = search(lookup(keys(2)), new Map([['k0', ['2']]]), look);
    expect(found.outcome === 'found' && found.assignment).toEqual(
      new Map([
        ['k0', ['2']],
        ['k1', ['1']],
      ]),
    );
  });

  test('dead from the start', () => {
    const { look } = looking(3, () => []);
    expect(search(lookup(keys(3)), nothing, look)).toEqual({ outcome: 'none', because: new Set() });
  });

  test('incomplete candidates end in doubt, never in none', () => {
    const open = new Map([['k0', { ...digits, complete: false }]]);
    const look = (assignment: Assignment): Standing => {
      if (digit(assignment, 'k0') !== undefined) return { state: 'dead', because: ['k0'] };
      return { state: 'open', next: assignment.has('k0') ? undefined : 'k0' };
    };
    expect(search(lookup(open), nothing, look)).toEqual({
      outcome: 'undecided',
      why: 'values unknown',
      keys: new Set(['k0']),
    });
  });

  test('an unknown value that does not matter is no doubt', () => {
    const open = new Map([['k0', { values: [], complete: false }]]);
    const look = (assignment: Assignment): Standing =>
      assignment.has('k0') ? { state: 'dead', because: [] } : { state: 'open', next: 'k0' };
    expect(search(lookup(open), nothing, look)).toMatchObject({ outcome: 'none' });
  });

  test('gives up at the bound', () => {
    const { look } = looking(12, (assignment) =>
      digit(assignment, 'k11') === undefined ? undefined : [...keys(12).keys()],
    );
    expect(search(lookup(keys(12)), nothing, look, 1000)).toMatchObject({
      outcome: 'undecided',
      why: 'too many combinations',
    });
  });
});
