/**
 * Values of late use, for what is dear to compute and cheap to keep. Two generations of bounded size: what wasn't used
 * while a generation filled up is dropped with it.
 */
export interface Recent<V> {
  get(key: string, compute: () => V): V;
}

export function createRecent<V>(generationSize: number): Recent<V> {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  return {
    get(key, compute) {
      const kept = young.get(key);
      if (kept !== undefined) return kept;
      const value = old.get(key) ?? compute();
      if (young.size >= generationSize) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
      return value;
    },
  };
}
