import { StepupError } from '../errors.ts';
import type { SecretStore } from './secret-store.ts';
import { readStoredKey, removeStoredKey, type StoredKey, writeStoredKey } from './stored-key.ts';

/**
 * Keeps a key under the profile's name, and answers what the store gives back for it: the same, or this throws.
 * @throws StepupError `store-holds-another-key` unless it may be replaced; `store-unfaithful`; what the store throws
 */
export async function putKey(
  store: SecretStore,
  profile: string,
  key: StoredKey,
  { mayReplace }: { readonly mayReplace: boolean },
): Promise<StoredKey> {
  const there = await readStoredKey(store, profile);
  if (there !== undefined && there.accessKeyId !== key.accessKeyId && !mayReplace) {
    const { accessKeyId } = there;
    throw new StepupError('store-holds-another-key', { store: store.kind, profile, accessKeyId });
  }
  if (there === undefined || !isSameKey(there, key)) await writeStoredKey(store, profile, key);
  const back = await readStoredKey(store, profile);
  if (back === undefined || !isSameKey(back, key))
    throw new StepupError('store-unfaithful', { store: store.kind, profile });
  return back;
}

/** Removes this key, and no other that the store may hold under the profile's name. */
export async function removeThisKey(store: SecretStore, profile: string, accessKeyId: string): Promise<void> {
  const there = await readStoredKey(store, profile);
  if (there?.accessKeyId === accessKeyId) await removeStoredKey(store, profile);
}

function isSameKey(one: StoredKey, other: StoredKey): boolean {
  return one.accessKeyId === other.accessKeyId && one.secretAccessKey === other.secretAccessKey;
}
