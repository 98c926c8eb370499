/** A store that forgets: for tests of those who use one. */
import type { SecretStore, StoreKind } from '../../src/keys/secret-store.ts';

export interface MemoryStore extends SecretStore {
  readonly secrets: Map<string, string>;
}

export function memoryStore(kind: StoreKind = 'keychain'): MemoryStore {
  const secrets = new Map<string, string>();
  return {
    kind,
    secrets,
    read: async (name) => secrets.get(name),
    write: async (name, secret) => {
      secrets.set(name, secret);
    },
    remove: async (name) => secrets.delete(name),
  };
}

/** Where no store may be asked for anything. */
export async function noStore(): Promise<never> {
  throw new Error('a store was asked for');
}
