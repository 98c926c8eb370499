import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entries, inPieces } from './pieces.ts';

function memory(limit: number, failAfter = Number.POSITIVE_INFINITY): Entries & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  let writes = 0;
  return {
    kept,
    read: async (name) => kept.get(name),
    write: async (name, text) => {
      if (text.length > limit) throw new Error('too long');
      writes += 1;
      if (writes > failAfter) throw new Error('killed');
      kept.set(name, text);
    },
    remove: async (name) => kept.delete(name),
  };
}

const limit = 30;

describe('inPieces', () => {
  it('gives back what was written last, whatever its length, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 200 }), { minLength: 1 }), async (secrets) => {
        const store = memory(limit);
        const entries = inPieces(store, limit);
        for (const secret of secrets) {
          await entries.write('x', secret);
          expect(await entries.read('x')).toBe(secret);
        }
        expect(await entries.remove('x')).toBe(true);
        expect(store.kept.size).toBe(0);
      }),
    );
  });

  it('keeps the old secret whole when it dies at any write of the new one', async () => {
    for (let writes = 5; writes < 9; writes += 1) {
      const store = memory(limit, writes);
      const entries = inPieces(store, limit);
      const old = 'o'.repeat(limit * 4);
      await entries.write('x', old);
      await expect(entries.write('x', 'n'.repeat(limit * 4))).rejects.toThrow('killed');
      expect(await entries.read('x')).toBe(old);
    }
  });

  it('is not fooled by a secret that looks like a header', async () => {
    const entries = inPieces(memory(limit), limit);
    await entries.write('x', 'stepup-pieces:a:3');
    expect(await entries.read('x')).toBe('stepup-pieces:a:3');
  });
});
