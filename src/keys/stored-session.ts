/**
 * The secrets of an MFA session as the stores keep them: JSON under the name `session/PROFILE`. What isn't secret of it
 * stands in the config file, with the id of the session that it describes.
 */
import type { SecretStore } from './secret-store.ts';

export interface StoredSessionSecrets {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const sessionName = (profile: string): string => `session/${profile}`;

/** Undefined too where what is there is no session: a login replaces it. @throws what the store throws */
export async function readStoredSession(
  store: SecretStore,
  profile: string,
): Promise<StoredSessionSecrets | undefined> {
  const text = await store.read(sessionName(profile));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isSession(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @throws what the store throws */
export async function writeStoredSession(
  store: SecretStore,
  profile: string,
  { accessKeyId, secretAccessKey, sessionToken }: StoredSessionSecrets,
): Promise<void> {
  await store.write(sessionName(profile), JSON.stringify({ accessKeyId, secretAccessKey, sessionToken }));
}

/** True if there was one. @throws what the store throws */
export function removeStoredSession(store: SecretStore, profile: string): Promise<boolean> {
  return store.remove(sessionName(profile));
}

function isSession(value: unknown): value is StoredSessionSecrets {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Partial<Record<string, unknown>>;
  return ['accessKeyId', 'secretAccessKey', 'sessionToken'].every((name) => typeof fields[name] === 'string');
}
