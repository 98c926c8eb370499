/** Users, groups and roles as holders of policies: what the three have in common, so that policies are handled once. */
import { groupsOf, rolesOf, usersOf } from '../find.ts';
import type { Call } from '../operation.ts';
import type { Change } from '../store.ts';
import type { Group, Role, User } from '../tables.ts';
import { quotas } from './quotas.ts';
import { demandGroup, demandRole, demandUser } from './subjects.ts';

export interface HolderKind<E extends User | Group | Role> {
  readonly word: 'user' | 'group' | 'role';
  readonly demand: (call: Call, name: string) => E;
  /** In the order of names. */
  readonly all: (call: Call) => readonly E[];
  readonly nameOf: (entity: E) => string;
  readonly idOf: (entity: E) => string;
  readonly put: (entity: E) => Change;
  /** Of all inline policies together. */
  readonly inlineSize: number;
  readonly attached: { readonly quota: string; readonly limit: number };
}

export const userHolder: HolderKind<User> = {
  word: 'user',
  demand: demandUser,
  all: ({ store, accountId }) => usersOf(store, accountId),
  nameOf: ({ userName }) => userName,
  idOf: ({ userId }) => userId,
  put: (user) => ({ table: 'users', key: user.userId, value: user }),
  inlineSize: quotas.userPolicySize,
  attached: { quota: 'PoliciesPerUser', limit: quotas.attachedPoliciesPerUser },
};

export const groupHolder: HolderKind<Group> = {
  word: 'group',
  demand: demandGroup,
  all: ({ store, accountId }) => groupsOf(store, accountId),
  nameOf: ({ groupName }) => groupName,
  idOf: ({ groupId }) => groupId,
  put: (group) => ({ table: 'groups', key: group.groupId, value: group }),
  inlineSize: quotas.groupPolicySize,
  attached: { quota: 'PoliciesPerGroup', limit: quotas.attachedPoliciesPerGroup },
};

export const roleHolder: HolderKind<Role> = {
  word: 'role',
  demand: demandRole,
  all: ({ store, accountId }) => rolesOf(store, accountId),
  nameOf: ({ roleName }) => roleName,
  idOf: ({ roleId }) => roleId,
  put: (role) => ({ table: 'roles', key: role.roleId, value: role }),
  inlineSize: quotas.rolePolicySize,
  attached: { quota: 'PoliciesPerRole', limit: quotas.attachedPoliciesPerRole },
};
