import { join } from 'node:path';
import { isStepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { makePrivateFolder } from '../files/modes.ts';
import { cachedNames, forget } from './cache-folder.ts';
import { forgetWays } from './remembered-way.ts';
import {
  type CachedRoleSession,
  ROLE_ENTRY_VERSION,
  type RoleEntry,
  readEntryFile,
  readRoleEntry,
  roleEntryName,
} from './role-entry.ts';

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

/** @see readRoleEntry */
export function readRoleSession(
  folder: string,
  identity: RoleSessionIdentity,
  neededUntilMs: number,
): CachedRoleSession | undefined {
  return readRoleEntry(folder, canonicalIdentity(identity), neededUntilMs);
}

/**
 * Keeps a session for others to take: mode 0600 in a folder of 0700. Where that can't be (a full disk, a folder that is
 * somebody else's), it isn't kept, and the next call enters the role anew: what AWS gave is good all the same.
 */
export function writeRoleSession(folder: string, identity: RoleSessionIdentity, session: CachedRoleSession): void {
  const canonical = canonicalIdentity(identity);
  const entry: RoleEntry = { version: ROLE_ENTRY_VERSION, identity: canonical, session };
  try {
    makePrivateFolder(folder);
    writeFileAtomic(join(folder, roleEntryName(canonical)), `${JSON.stringify(entry)}\n`, { narrow: true });
  } catch (error) {
    if (!isStepupError(error)) throw error;
  }
}

const ENTRY_NAME = /^[0-9a-f]{16}\.json$/;

/** Removes the entries that come from a base of any of these names (all, if none are given) and those that nobody can use any more; answers how many sessions that ended. */
export function forgetRoleSessions(folder: string, nowMs: number, bases?: readonly string[]): number {
  forgetWays(folder);
  let ended = 0;
  for (const name of cachedNames(folder, ENTRY_NAME)) {
    const path = join(folder, name);
    const entry = readEntryFile(path);
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

/** Fixed order of members, absent ones left out, so that equal identities are equal texts. */
export function canonicalIdentity({ endpoint, base, signedBy, roles }: RoleSessionIdentity): string {
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
