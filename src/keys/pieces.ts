/**
 * A secret in pieces, for stores that limit an entry: Windows takes 2,560 bytes, and a session with its token is often
 * longer. The first entry says how many pieces there are; a new secret goes to other names than the old one's pieces,
 * so that a death in the middle leaves the old secret whole.
 */

/** The entries of a store, each by its whole name. */
export interface Entries {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<boolean>;
}

const header = /^stepup-pieces:([ab]):(\d{1,4})$/;

/** The same entries, without the limit. `limit`: UTF-16 units an entry can hold, as Windows counts (2 bytes each). */
export function inPieces(entries: Entries, limit: number): Entries {
  return {
    async read(name) {
      const first = await entries.read(name);
      const pieces = first === undefined ? undefined : piecesOf(first);
      if (pieces === undefined) return first;
      const texts = await Promise.all(pieces.map((piece) => entries.read(`${name}${piece}`)));
      // A missing piece: another process is replacing or removing the secret. There is none to give.
      return texts.includes(undefined) ? undefined : texts.join('');
    },

    async write(name, text) {
      const before = await entries.read(name);
      const old = before === undefined ? undefined : piecesOf(before);
      if (text.length <= limit && !header.test(text)) {
        await entries.write(name, text);
      } else {
        const side = old?.[0]?.startsWith('.a') === true ? 'b' : 'a';
        const count = Math.ceil(text.length / limit);
        for (let index = 0; index < count; index += 1) {
          await entries.write(`${name}.${side}${index}`, text.slice(index * limit, (index + 1) * limit));
        }
        await entries.write(name, `stepup-pieces:${side}:${count}`);
      }
      for (const piece of old ?? []) await entries.remove(`${name}${piece}`);
    },

    async remove(name) {
      const first = await entries.read(name);
      const removed = await entries.remove(name);
      for (const piece of first === undefined ? [] : (piecesOf(first) ?? [])) await entries.remove(`${name}${piece}`);
      return removed;
    },
  };
}

function piecesOf(first: string): readonly string[] | undefined {
  const [, side, count] = header.exec(first) ?? [];
  return side === undefined ? undefined : Array.from({ length: Number(count) }, (_, index) => `.${side}${index}`);
}
