/** Groups and who is in them. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { groupArn } from '../arns.ts';
import { groupsOf, usersOf } from '../find.ts';
import { newEntityId } from '../identifiers.ts';
import type { Call } from '../operation.ts';
import { type Group, nameKey, type User } from '../tables.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { printUser } from './print-user.ts';
import { quotas } from './quotas.ts';
import { alreadyExists, deleteConflict, quotaExceeded } from './refusals.ts';
import { demandGroup, demandUser } from './subjects.ts';

function createGroup(call: Call, input: InputOf<'CreateGroup'>) {
  const { accountId, store } = call;
  demandFreeName(call, input.GroupName);
  if (groupsOf(store, accountId).length >= quotas.groups) throw quotaExceeded('GroupsPerAccount', quotas.groups);
  const group: Group = {
    accountId,
    groupId: newEntityId('AGPA', call.random),
    groupName: input.GroupName,
    path: input.Path ?? '/',
    createdAtMs: call.nowMs,
    inlinePolicies: [],
    attachedPolicyArns: [],
  };
  store.commit([
    { table: 'groups', key: group.groupId, value: group },
    { table: 'names', key: nameKey(accountId, 'group', group.groupName), value: { id: group.groupId } },
  ]);
  return { Group: printGroup(group) };
}

function getGroup(call: Call, input: InputOf<'GetGroup'>) {
  const group = demandGroup(call, input.GroupName);
  const { items, rest } = pageOf(membersOf(call, group), ({ userName }) => userName.toLowerCase(), input);
  return { Group: printGroup(group), Users: items.map(printUser), ...rest };
}

function listGroups(call: Call, input: InputOf<'ListGroups'>) {
  const groups = groupsOf(call.store, call.accountId).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { items, rest } = pageOf(groups, ({ groupName }) => groupName.toLowerCase(), input);
  return { Groups: items.map(printGroup), ...rest };
}

function listGroupsForUser(call: Call, input: InputOf<'ListGroupsForUser'>) {
  const user = demandUser(call, input.UserName);
  const groups = groupsOf(call.store, call.accountId).filter(({ groupId }) => user.groupIds.includes(groupId));
  const { items, rest } = pageOf(groups, ({ groupName }) => groupName.toLowerCase(), input);
  return { Groups: items.map(printGroup), ...rest };
}

function updateGroup(call: Call, input: InputOf<'UpdateGroup'>) {
  const group = demandGroup(call, input.GroupName);
  const groupName = input.NewGroupName ?? group.groupName;
  const oldKey = nameKey(call.accountId, 'group', group.groupName);
  const newKey = nameKey(call.accountId, 'group', groupName);
  if (newKey !== oldKey) demandFreeName(call, groupName);
  const value: Group = { ...group, groupName, path: input.NewPath ?? group.path };
  call.store.commit([
    { table: 'groups', key: group.groupId, value },
    ...(newKey === oldKey
      ? []
      : ([
          { table: 'names', key: oldKey, value: null },
          { table: 'names', key: newKey, value: { id: group.groupId } },
        ] as const)),
  ]);
  return undefined;
}

function deleteGroup(call: Call, input: InputOf<'DeleteGroup'>) {
  const group = demandGroup(call, input.GroupName);
  if (membersOf(call, group).length > 0) {
    throw deleteConflict('Cannot delete entity, must remove users from group first.');
  }
  if (group.attachedPolicyArns.length > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  }
  if (group.inlinePolicies.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  call.store.commit([
    { table: 'groups', key: group.groupId, value: null },
    { table: 'names', key: nameKey(call.accountId, 'group', group.groupName), value: null },
  ]);
  return undefined;
}

/** Adding a member again, or removing who isn't one, changes nothing and is no error (recorded). */
function addUserToGroup(call: Call, input: InputOf<'AddUserToGroup'>) {
  const user = demandUser(call, input.UserName);
  const { groupId } = demandGroup(call, input.GroupName);
  if (user.groupIds.includes(groupId)) return undefined;
  if (user.groupIds.length >= quotas.groupsPerUser) throw quotaExceeded('GroupsPerUser', quotas.groupsPerUser);
  return commitGroups(call, user, [...user.groupIds, groupId]);
}

function removeUserFromGroup(call: Call, input: InputOf<'RemoveUserFromGroup'>) {
  const user = demandUser(call, input.UserName);
  const { groupId } = demandGroup(call, input.GroupName);
  if (!user.groupIds.includes(groupId)) return undefined;
  return commitGroups(
    call,
    user,
    user.groupIds.filter((id) => id !== groupId),
  );
}

function commitGroups(call: Call, user: User, groupIds: readonly string[]): undefined {
  call.store.commit([{ table: 'users', key: user.userId, value: { ...user, groupIds } }]);
}

function membersOf(call: Call, { groupId }: Group): readonly User[] {
  return usersOf(call.store, call.accountId).filter(({ groupIds }) => groupIds.includes(groupId));
}

function demandFreeName(call: Call, name: string): void {
  if (call.store.get('names', nameKey(call.accountId, 'group', name)) !== undefined) {
    throw alreadyExists(`Group with name ${name} already exists.`);
  }
}

function printGroup(group: Group) {
  return {
    Path: group.path,
    GroupName: group.groupName,
    GroupId: group.groupId,
    Arn: groupArn(group),
    CreateDate: isoSeconds(group.createdAtMs),
  };
}

export const groupHandlers = {
  CreateGroup: createGroup,
  GetGroup: getGroup,
  ListGroups: listGroups,
  ListGroupsForUser: listGroupsForUser,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  AddUserToGroup: addUserToGroup,
  RemoveUserFromGroup: removeUserFromGroup,
};
