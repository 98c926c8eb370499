/**
 * Entities by the names that people give them. What a request names goes through `visible`, so that a new entity can
 * be refused for a while as IAM does; everything that hangs on a unique id goes through `get`.
 */
import { nameOfArn } from '../policy/arn.ts';
import { policyArn, roleArn, userArn } from './arns.ts';
import type { Store } from './store.ts';
import { type Group, type ManagedPolicy, type NamedKind, nameKey, policyKey, type Role, type User } from './tables.ts';

export function findUser(store: Store, accountId: string, name: string): User | undefined {
  const id = idOf(store, accountId, 'user', name);
  return id === undefined ? undefined : store.get('users', id);
}

export function findGroup(store: Store, accountId: string, name: string): Group | undefined {
  const id = idOf(store, accountId, 'group', name);
  return id === undefined ? undefined : store.get('groups', id);
}

export function findRole(store: Store, accountId: string, name: string): Role | undefined {
  const id = idOf(store, accountId, 'role', name);
  return id === undefined ? undefined : store.get('roles', id);
}

/** The role of exactly this ARN, path and case included, in whatever account. */
export function findRoleByArn(store: Store, arn: string): Role | undefined {
  const role = findRole(store, accountInArn(arn), nameOfArn(arn));
  return role !== undefined && roleArn(role) === arn ? role : undefined;
}

/** The user of exactly this ARN, path and case included, in whatever account. */
export function findUserByArn(store: Store, arn: string): User | undefined {
  const user = findUser(store, accountInArn(arn), nameOfArn(arn));
  return user !== undefined && userArn(user) === arn ? user : undefined;
}

/** The account's own managed policy of exactly this ARN. */
export function findPolicyByArn(store: Store, arn: string): ManagedPolicy | undefined {
  return exactly(arn, store.visible('policies', keyOfPolicyArn(arn)));
}

/** The same for what is attached already: also where it is too young to be visible. */
export function attachedPolicy(store: Store, arn: string): ManagedPolicy | undefined {
  return exactly(arn, store.get('policies', keyOfPolicyArn(arn)));
}

export function usersOf(store: Store, accountId: string): readonly User[] {
  return idsOf(store, accountId, 'user').flatMap((id) => store.get('users', id) ?? []);
}

export function groupsOf(store: Store, accountId: string): readonly Group[] {
  return idsOf(store, accountId, 'group').flatMap((id) => store.get('groups', id) ?? []);
}

export function rolesOf(store: Store, accountId: string): readonly Role[] {
  return idsOf(store, accountId, 'role').flatMap((id) => store.get('roles', id) ?? []);
}

function keyOfPolicyArn(arn: string): string {
  return policyKey(accountInArn(arn), nameOfArn(arn));
}

/** The account's digits follow `arn:aws:iam::`. Whatever isn't such an ARN finds nothing, or not exactly itself. */
function accountInArn(arn: string): string {
  return arn.slice(13, 25);
}

function exactly(arn: string, policy: ManagedPolicy | undefined): ManagedPolicy | undefined {
  return policy !== undefined && policyArn(policy) === arn ? policy : undefined;
}

function idOf(store: Store, accountId: string, kind: NamedKind, name: string): string | undefined {
  return store.visible('names', nameKey(accountId, kind, name))?.id;
}

/** In the order of names, without regard to case. */
function idsOf(store: Store, accountId: string, kind: NamedKind): readonly string[] {
  return store.list('names', nameKey(accountId, kind, '')).map(({ id }) => id);
}
