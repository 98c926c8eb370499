/**
 * A role session in a file of its own, as it is read: by the text of all that shapes it. Apart from what makes that text
 * (`role-cache.ts`), for most calls know it already.
 */
import { join } from 'node:path';
import type { Credentials } from '../aws/credentials.ts';
import { readText } from '../files/read.ts';
import { forget } from './cache-folder.ts';
import { digest } from './digest.ts';

export interface CachedRoleSession {
  readonly credentials: Credentials & { readonly sessionToken: string; readonly expiresAtMs: number };
  /** When the code behind it was given, epoch milliseconds; absent where no code was. */
  readonly authenticatedAtMs?: number;
}

export interface RoleEntry {
  readonly version: number;
  readonly identity: string;
  readonly session: CachedRoleSession;
}

export const ROLE_ENTRY_VERSION = 1;

/**
 * The entry for this identity, if there is one that lives until `neededUntilMs`. A broken entry, one of an older
 * format and one that has expired are removed; none of them is an error.
 */
export function readRoleEntry(folder: string, identity: string, neededUntilMs: number): CachedRoleSession | undefined {
  const path = join(folder, roleEntryName(identity));
  const entry = readEntryFile(path);
  if (entry === undefined) return undefined;
  if (entry === 'broken' || entry.identity !== identity) {
    forget(path);
    return undefined;
  }
  return entry.session.credentials.expiresAtMs > neededUntilMs ? entry.session : undefined;
}

/** The whole identity stands in the entry and is compared, so a collision costs a cache miss and nothing else. */
export function roleEntryName(identity: string): string {
  return `${digest(identity)}.json`;
}

/** Undefined where there is none; what can't be read or isn't an entry is broken. */
export function readEntryFile(path: string): RoleEntry | 'broken' | undefined {
  try {
    const text = readText(path);
    if (text === undefined) return undefined;
    const entry: unknown = JSON.parse(text);
    return isEntry(entry) ? entry : 'broken';
  } catch {
    return 'broken';
  }
}

function isEntry(value: unknown): value is RoleEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { version, identity, session } = value as Partial<RoleEntry>;
  const credentials: Partial<Credentials> | undefined = session?.credentials;
  return (
    version === ROLE_ENTRY_VERSION &&
    typeof identity === 'string' &&
    typeof credentials?.accessKeyId === 'string' &&
    typeof credentials.secretAccessKey === 'string' &&
    typeof credentials.sessionToken === 'string' &&
    Number.isSafeInteger(credentials.expiresAtMs)
  );
}
