/** A long-term key as the stores keep it: JSON under the name `key/PROFILE`. */
import { StepupError } from '../errors.ts';
import type { SecretStore } from './secret-store.ts';

export interface StoredKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Epoch milliseconds; unknown for a key that was made elsewhere. */
  readonly createdAtMs?: number;
}

const keyName = (profile: string): string => `key/${profile}`;

/** @throws StepupError `stored-key-unreadable` if what is there isn't a key; what the store throws */
export async function readStoredKey(store: SecretStore, profile: string): Promise<StoredKey | undefined> {
  const text = await store.read(keyName(profile));
  if (text === undefined) return undefined;
  const key = parseKey(text);
  if (key === undefined) throw new StepupError('stored-key-unreadable', { store: store.kind, profile });
  return key;
}

export async function writeStoredKey(store: SecretStore, profile: string, key: StoredKey): Promise<void> {
  await store.write(keyName(profile), JSON.stringify(key));
}

/** True if there was one, whatever it was. */
export function removeStoredKey(store: SecretStore, profile: string): Promise<boolean> {
  return store.remove(keyName(profile));
}

function parseKey(text: string): StoredKey | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isKey(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isKey(value: unknown): value is StoredKey {
  if (typeof value !== 'object' || value === null) return false;
  const { accessKeyId, secretAccessKey, createdAtMs } = value as Partial<StoredKey>;
  return (
    typeof accessKeyId === 'string' &&
    accessKeyId !== '' &&
    typeof secretAccessKey === 'string' &&
    secretAccessKey !== '' &&
    (createdAtMs === undefined || Number.isSafeInteger(createdAtMs))
  );
}
