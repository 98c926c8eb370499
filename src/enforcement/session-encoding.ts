/**
 * A session as short text and back. Tokens travel in every request: the fields stand in a fixed order without names,
 * and empty ones at the end are left out. Only what {@link encodeSession} made is ever decoded (the seal says so).
 */
import type { Tag } from './ports.ts';
import type { FederatedSession, RoleEntry, RoleSession, Session, UserSession } from './session.ts';

const ENTRIES: readonly RoleEntry[] = ['long-term', 'code', 'user-session', 'role-session'];

type TagPair = readonly [key: string, value: string];
type UserFields = readonly [0, string, string, number, number, (number | null)?];
type RoleFields = readonly [
  1,
  string,
  string,
  string,
  number,
  number,
  number,
  (number | null)?,
  (string | null)?,
  (readonly string[] | null)?,
  (readonly TagPair[] | null)?,
  (readonly string[] | null)?,
  (string | null)?,
];
type FederatedFields = readonly [
  2,
  string,
  string,
  string,
  number,
  number,
  (string | null)?,
  (readonly string[] | null)?,
  (readonly TagPair[] | null)?,
];

export function encodeSession(session: Session): string {
  return JSON.stringify(withoutEmptyEnd(fieldsOf(session)));
}

export function decodeSession(text: string): Session {
  const fields = JSON.parse(text) as UserFields | RoleFields | FederatedFields;
  switch (fields[0]) {
    case 0:
      return decodeUser(fields);
    case 1:
      return decodeRole(fields);
    case 2:
      return decodeFederated(fields);
  }
}

function fieldsOf(session: Session): UserFields | RoleFields | FederatedFields {
  switch (session.type) {
    case 'user-session':
      return [
        0,
        session.accountId,
        session.userId,
        session.issuedAtMs,
        session.expiresAtMs,
        session.authenticatedAtMs ?? null,
      ];
    case 'role-session':
      return [
        1,
        session.accountId,
        session.roleId,
        session.sessionName,
        session.issuedAtMs,
        session.expiresAtMs,
        ENTRIES.indexOf(session.enteredBy),
        session.authenticatedAtMs ?? null,
        session.sessionPolicies.inline ?? null,
        listOrNull(session.sessionPolicies.managed),
        listOrNull(session.tags.map((tag): TagPair => [tag.key, tag.value])),
        listOrNull(session.transitiveTagKeys),
        session.sourceIdentity ?? null,
      ];
    case 'federated':
      return [
        2,
        session.accountId,
        session.userId,
        session.name,
        session.issuedAtMs,
        session.expiresAtMs,
        session.sessionPolicies.inline ?? null,
        listOrNull(session.sessionPolicies.managed),
        listOrNull(session.tags.map((tag): TagPair => [tag.key, tag.value])),
      ];
  }
}

function decodeUser([, accountId, userId, issuedAtMs, expiresAtMs, authenticatedAtMs]: UserFields): UserSession {
  return {
    type: 'user-session',
    accountId,
    userId,
    issuedAtMs,
    expiresAtMs,
    authenticatedAtMs: authenticatedAtMs ?? undefined,
  };
}

function decodeRole(fields: RoleFields): RoleSession {
  const [, accountId, roleId, sessionName, issuedAtMs, expiresAtMs, entry, authenticatedAtMs] = fields;
  const [, , , , , , , , inline, managed, tags, transitiveTagKeys, sourceIdentity] = fields;
  return {
    type: 'role-session',
    accountId,
    roleId,
    sessionName,
    issuedAtMs,
    expiresAtMs,
    enteredBy: ENTRIES[entry] ?? 'role-session',
    authenticatedAtMs: authenticatedAtMs ?? undefined,
    sessionPolicies: { inline: inline ?? undefined, managed: managed ?? [] },
    tags: decodeTags(tags),
    transitiveTagKeys: transitiveTagKeys ?? [],
    sourceIdentity: sourceIdentity ?? undefined,
  };
}

function decodeFederated(fields: FederatedFields): FederatedSession {
  const [, accountId, userId, name, issuedAtMs, expiresAtMs, inline, managed, tags] = fields;
  return {
    type: 'federated',
    accountId,
    userId,
    name,
    issuedAtMs,
    expiresAtMs,
    sessionPolicies: { inline: inline ?? undefined, managed: managed ?? [] },
    tags: decodeTags(tags),
  };
}

function decodeTags(pairs: readonly TagPair[] | null | undefined): readonly Tag[] {
  return pairs?.map(([key, value]) => ({ key, value })) ?? [];
}

function listOrNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

function withoutEmptyEnd(fields: readonly unknown[]): readonly unknown[] {
  const last = fields.findLastIndex((field) => field !== null);
  return fields.slice(0, last + 1);
}
