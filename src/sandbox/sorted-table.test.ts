import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareByUtf8, SortedTable } from './sorted-table.ts';

describe('a sorted table', () => {
  it('lists what a map would hold, in the order of UTF-8 bytes, by prefix', () => {
    const key = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('a/1', 'a/2', 'b', '', 'a/'));
    const step = fc.record({ key, remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), key, (steps, prefix) => {
        const table = new SortedTable<number>();
        const model = new Map<string, number>();
        for (const [index, { key: name, remove }] of steps.entries()) {
          if (remove) {
            table.delete(name);
            model.delete(name);
          } else {
            table.set(name, index);
            model.set(name, index);
          }
        }
        const expected = [...model]
          .filter(([name]) => name.startsWith(prefix))
          .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect([...table.entries(prefix)]).toEqual(expected);
        expect(table.size).toBe(model.size);
      }),
      { numRuns: 500 },
    );
  });
});

it('orders as UTF-8 bytes do', () => {
  const strings = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(strings, strings, (a, b) => {
      expect(Math.sign(compareByUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { examples: [['\u{10000}', '\uffff']] },
  );
});
