import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from '../aws/credentials.ts';
import { isStepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { makePrivateFolder } from '../files/modes.ts';
import { readText } from '../files/read.ts';

/**
 * All that shapes a role session. Two wishes that differ in any of it never share an entry: another key, role,
 * endpoint, session name or policy is another session.
 */
export interface RoleSessionIdentity {
  readonly endpoint: string;
  /** The long-term key (or, for a base without one, the base's own identity) that everything begins with. */
  readonly base: string;
  /** Of a base whose key is plain to see but isn't its own: the key id of the moment. */
  readonly signedBy?: string;
  /** From the first role assumed to the last. */
  readonly roles: readonly RoleWish[];
}

export interface RoleWish {
  readonly roleArn: string;
  /** The custom endpoint that is asked for the role; absent for AWS's own. */
  readonly endpoint?: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly sessionPolicy?: string;
  readonly sessionPolicyArns?: readonly string[];
  readonly tags?: readonly (readonly [key: string, value: string])[];
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
}

export interface CachedRoleSession {
  readonly credentials: Credentials & { readonly sessionToken: string; readonly expiresAtMs: number };
  /** When the code behind it was given, epoch milliseconds; absent where no code was. */
  readonly authenticatedAtMs?: number;
}

const formatVersion = 1;

/**
 * The entry for this identity, if there is one that lives until `neededUntilMs`. A broken entry, one of an older
 * format and one that has expired are removed; none of them is an error.
 */
export function readRoleSession(
  folder: string,
  identity: RoleSessionIdentity,
  neededUntilMs: number,
): CachedRoleSession | undefined {
  const canonical = canonicalIdentity(identity);
  const path = join(folder, entryName(canonical));
  const entry = readEntry(path);
  if (entry === undefined) return undefined;
  if (entry === 'broken' || entry.identity !== canonical) {
    forget(path);
    return undefined;
  }
  return entry.session.credentials.expiresAtMs > neededUntilMs ? entry.session : undefined;
}

/**
 * Keeps a session for others to take: mode 0600 in a folder of 0700. Where that can't be (a full disk, a folder that is
 * somebody else's), it isn't kept, and the next call enters the role anew: what AWS gave is good all the same.
 */
export function writeRoleSession(folder: string, identity: RoleSessionIdentity, session: CachedRoleSession): void {
  const canonical = canonicalIdentity(identity);
  const entry: Entry = { version: formatVersion, identity: canonical, session };
  try {
    makePrivateFolder(folder);
    writeFileAtomic(join(folder, entryName(canonical)), `${JSON.stringify(entry)}\n`, { narrow: true });
  } catch (error) {
    if (!isStepupError(error)) throw error;
  }
}

/** Removes the entries that come from a base of any of these names (all, if none are given) and those that nobody can use any more; answers how many sessions that ended. */
export function forgetRoleSessions(folder: string, nowMs: number, bases?: readonly string[]): number {
  let ended = 0;
  for (const name of entryNames(folder)) {
    const path = join(folder, name);
    const entry = readEntry(path);
    const isUsable = entry !== undefined && entry !== 'broken' && entry.session.credentials.expiresAtMs > nowMs;
    const isMeant =
      bases === undefined ||
      (isUsable && bases.some((base) => entry.identity.includes(`"base":${JSON.stringify(base)},`)));
    if (isUsable && !isMeant) continue;
    forget(path);
    if (isUsable) ended += 1;
  }
  return ended;
}

interface Entry {
  readonly version: number;
  readonly identity: string;
  readonly session: CachedRoleSession;
}

/** Undefined where there is none; what can't be read or isn't an entry is broken. */
function readEntry(path: string): Entry | 'broken' | undefined {
  try {
    const text = readText(path);
    if (text === undefined) return undefined;
    const entry: unknown = JSON.parse(text);
    return isEntry(entry) ? entry : 'broken';
  } catch {
    return 'broken';
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { version, identity, session } = value as Partial<Entry>;
  const credentials: Partial<Credentials> | undefined = session?.credentials;
  return (
    version === formatVersion &&
    typeof identity === 'string' &&
    typeof credentials?.accessKeyId === 'string' &&
    typeof credentials.secretAccessKey === 'string' &&
    typeof credentials.sessionToken === 'string' &&
    Number.isSafeInteger(credentials.expiresAtMs)
  );
}

/** Fixed order of members, absent ones left out, so that equal identities are equal texts. */
function canonicalIdentity({ endpoint, base, signedBy, roles }: RoleSessionIdentity): string {
  const members = roles.map((role) => [
    role.roleArn,
    role.sessionName,
    role.durationSeconds,
    role.externalId ?? null,
    role.sessionPolicy ?? null,
    role.sessionPolicyArns ?? [],
    role.tags ?? [],
    role.transitiveTagKeys ?? [],
    role.sourceIdentity ?? null,
    role.endpoint ?? null,
  ]);
  return JSON.stringify({ endpoint, base, roles: members, signedBy });
}

/**
 * A name for the entry's file. Not a cryptographic hash, which would cost the hot path more than reading the file does:
 * the whole identity stands in the entry and is compared, so a collision costs a cache miss and nothing else.
 */
function entryName(canonical: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < canonical.length; index += 1) {
    const unit = canonical.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (high >>> 13);
  }
  const hex = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');
  return `${hex(high)}${hex(low)}.json`;
}

function entryNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{16}\.json$/.test(name));
  } catch {
    return [];
  }
}

function forget(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another process removed it first.
  }
}
