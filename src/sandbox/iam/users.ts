/** Users: create, read, rename, delete. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { rootArn } from '../arns.ts';
import { usersOf } from '../find.ts';
import { newEntityId } from '../identifiers.ts';
import type { Call, XmlValue } from '../operation.ts';
import { nameKey, type User } from '../tables.ts';
import { boundaryOnCreation, printBoundary } from './boundaries.ts';
import { ownedDevices } from './mfa-devices.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { printUser } from './print-user.ts';
import { quotas } from './quotas.ts';
import { alreadyExists, deleteConflict, quotaExceeded } from './refusals.ts';
import { demandSubject, demandUser } from './subjects.ts';
import { newTags, printTags } from './tags.ts';

function createUser(call: Call, input: InputOf<'CreateUser'>) {
  const { accountId, store } = call;
  demandFreeName(call, input.UserName);
  if (usersOf(store, accountId).length >= quotas.users) throw quotaExceeded('UsersPerAccount', quotas.users);
  const user: User = {
    accountId,
    userId: newEntityId('AIDA', call.random),
    userName: input.UserName,
    path: input.Path ?? '/',
    createdAtMs: call.nowMs,
    tags: newTags(input.Tags, 'case-insensitive'),
    ...boundaryOnCreation(call, input.PermissionsBoundary),
    groupIds: [],
    accessKeyIds: [],
    inlinePolicies: [],
    attachedPolicyArns: [],
  };
  store.commit([
    { table: 'users', key: user.userId, value: user },
    { table: 'names', key: nameKey(accountId, 'user', user.userName), value: { id: user.userId } },
  ]);
  return { User: printUserInFull(user) };
}

function getUser(call: Call, input: InputOf<'GetUser'>) {
  const subject = demandSubject(call, input.UserName);
  if (subject.type === 'user') return { User: printUserInFull(subject.user) };
  const { accountId, createdAtMs } = subject.account;
  return { User: { UserId: accountId, Arn: rootArn(accountId), CreateDate: isoSeconds(createdAtMs) } };
}

function listUsers(call: Call, input: InputOf<'ListUsers'>) {
  const users = usersOf(call.store, call.accountId).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { items, rest } = pageOf(users, ({ userName }) => userName.toLowerCase(), input);
  return { Users: items.map(printUser), ...rest };
}

/** A renamed user keeps its id, keys, devices and groups; nothing but its name and ARN changes. */
function updateUser(call: Call, input: InputOf<'UpdateUser'>) {
  const user = demandUser(call, input.UserName);
  const userName = input.NewUserName ?? user.userName;
  const oldKey = nameKey(call.accountId, 'user', user.userName);
  const newKey = nameKey(call.accountId, 'user', userName);
  if (newKey !== oldKey) demandFreeName(call, userName);
  const value: User = { ...user, userName, path: input.NewPath ?? user.path };
  call.store.commit([
    { table: 'users', key: user.userId, value },
    ...(newKey === oldKey
      ? []
      : ([
          { table: 'names', key: oldKey, value: null },
          { table: 'names', key: newKey, value: { id: user.userId } },
        ] as const)),
  ]);
  return undefined;
}

function deleteUser(call: Call, input: InputOf<'DeleteUser'>) {
  const user = demandUser(call, input.UserName);
  const conflict = conflictOf(call, user);
  if (conflict !== undefined) throw deleteConflict(`Cannot delete entity, must ${conflict} first.`);
  call.store.commit([
    { table: 'users', key: user.userId, value: null },
    { table: 'names', key: nameKey(call.accountId, 'user', user.userName), value: null },
  ]);
  return undefined;
}

/** What stands in the way of a deletion, in the words of AWS's message. */
function conflictOf(call: Call, user: User): string | undefined {
  if (user.groupIds.length + user.attachedPolicyArns.length + user.inlinePolicies.length > 0) {
    return 'remove referenced objects';
  }
  if (user.accessKeyIds.length > 0) return 'delete access keys';
  return ownedDevices(call, { type: 'user', userId: user.userId }).length > 0 ? 'delete MFA device' : undefined;
}

function demandFreeName(call: Call, name: string): void {
  if (call.store.get('names', nameKey(call.accountId, 'user', name)) !== undefined) {
    throw alreadyExists(`User with name ${name} already exists.`);
  }
}

function printUserInFull(user: User): XmlValue {
  return {
    ...printUser(user),
    ...printBoundary(user.permissionsBoundaryArn),
    ...(user.tags.length > 0 && { Tags: printTags(user.tags) }),
  };
}

export const userHandlers = {
  CreateUser: createUser,
  GetUser: getUser,
  ListUsers: listUsers,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
};
