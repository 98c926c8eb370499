/**
 * Rows by key, listed in the order of the keys' UTF-8 bytes (S3's order of listing; the same as any other order for
 * the ASCII names of IAM).
 */
export class SortedTable<Row> {
  readonly #rows = new Map<string, Row>();
  readonly #keys: string[] = [];

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  set(key: string, row: Row): void {
    if (!this.#rows.has(key)) this.#keys.splice(this.#positionOf(key), 0, key);
    this.#rows.set(key, row);
  }

  delete(key: string): void {
    if (this.#rows.delete(key)) this.#keys.splice(this.#positionOf(key), 1);
  }

  /** Every key that starts with `prefix`, in order, with its row. */
  *entries(prefix = ''): Generator<readonly [key: string, row: Row]> {
    for (let at = this.#positionOf(prefix); at < this.#keys.length; at++) {
      const key = this.#keys[at] as string;
      if (!key.startsWith(prefix)) return;
      yield [key, this.#rows.get(key) as Row];
    }
  }

  /** Where `key` stands, or would stand. */
  #positionOf(key: string): number {
    const keys = this.#keys;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareByUtf8(keys[middle] as string, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Orders strings as their UTF-8 bytes would be: UTF-16's own order differs where one has a surrogate pair. */
export function compareByUtf8(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Surrogates (code points from U+10000) after everything else of the basic plane. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
