/** GetAccountAuthorizationDetails: users, groups, roles and policies of the account with all their documents. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { groupArn, policyArn } from '../arns.ts';
import { groupsOf, rolesOf, usersOf } from '../find.ts';
import type { Call, XmlValue } from '../operation.ts';
import type { Group, InlinePolicy, ManagedPolicy, Role, User } from '../tables.ts';
import { printAttached } from './attachments.ts';
import { printBoundary } from './boundaries.ts';
import { ownPolicies, printPolicy } from './managed.ts';
import { awsManagedPolicies } from './managed-policies/held.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { policyUses } from './policy-uses.ts';
import { newestFirst, printVersionInFull } from './policy-versions.ts';
import { printUser } from './print-user.ts';
import { printRole } from './roles.ts';
import { printTags } from './tags.ts';
import { encodedDocument } from './wire.ts';

type ListName = 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies';

/** One entity of the answer; printed only if it is on the page. */
interface Detail {
  readonly list: ListName;
  /** Unique; pages go by it: users, groups, roles, then policies, each in the order of names. */
  readonly key: string;
  readonly print: () => XmlValue;
}

type Filter = NonNullable<InputOf<'GetAccountAuthorizationDetails'>['Filter']>[number];

/** What each value of the filter lets in. */
const details: Readonly<Record<Filter, (call: Call) => readonly Detail[]>> = {
  User: (call) =>
    usersOf(call.store, call.accountId).map((user) => ({
      list: 'UserDetailList',
      key: `1/${user.userName.toLowerCase()}`,
      print: () => printUserDetail(call, user),
    })),
  Group: (call) =>
    groupsOf(call.store, call.accountId).map((group) => ({
      list: 'GroupDetailList',
      key: `2/${group.groupName.toLowerCase()}`,
      print: () => printGroupDetail(group),
    })),
  Role: (call) =>
    rolesOf(call.store, call.accountId).map((role) => ({
      list: 'RoleDetailList',
      key: `3/${role.roleName.toLowerCase()}`,
      print: () => printRoleDetail(call, role),
    })),
  LocalManagedPolicy: (call) => policyDetails(call, '4', ownPolicies(call)),
  AWSManagedPolicy: (call) => policyDetails(call, '5', awsPoliciesInUse(call)),
};

function getAccountAuthorizationDetails(call: Call, input: InputOf<'GetAccountAuthorizationDetails'>) {
  const wanted = input.Filter === undefined || input.Filter.length === 0 ? allFilters : input.Filter;
  const all = allFilters.filter((filter) => wanted.includes(filter)).flatMap((filter) => details[filter](call));
  const { items, rest } = pageOf(all, ({ key }) => key, input);
  const printed = (list: ListName) => items.filter((item) => item.list === list).map(({ print }) => print());
  return {
    UserDetailList: printed('UserDetailList'),
    GroupDetailList: printed('GroupDetailList'),
    RoleDetailList: printed('RoleDetailList'),
    Policies: printed('Policies'),
    ...rest,
  };
}

/** In the order of the keys above. */
const allFilters: readonly Filter[] = ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'];

/** AWS lists its own policies here only if they are attached or a boundary. */
function awsPoliciesInUse(call: Call): readonly ManagedPolicy[] {
  const uses = policyUses(call);
  return awsManagedPolicies.filter((policy) => {
    const { attached, boundary } = uses(policyArn(policy));
    return attached + boundary > 0;
  });
}

function policyDetails(call: Call, order: string, policies: readonly ManagedPolicy[]): readonly Detail[] {
  const uses = policyUses(call);
  return policies.map((policy) => ({
    list: 'Policies',
    key: `${order}/${policy.policyName.toLowerCase()}`,
    print: () => ({
      ...printPolicy(policy, uses),
      PolicyVersionList: newestFirst(policy).map((version) => printVersionInFull(policy, version)),
    }),
  }));
}

function printUserDetail({ store }: Call, user: User): XmlValue {
  return {
    ...printUser(user),
    UserPolicyList: printInline(user.inlinePolicies),
    GroupList: user.groupIds.flatMap((id) => store.get('groups', id)?.groupName ?? []),
    AttachedManagedPolicies: user.attachedPolicyArns.map(printAttached),
    ...printBoundary(user.permissionsBoundaryArn),
    Tags: printTags(user.tags),
  };
}

function printGroupDetail(group: Group): XmlValue {
  return {
    Path: group.path,
    GroupName: group.groupName,
    GroupId: group.groupId,
    Arn: groupArn(group),
    CreateDate: isoSeconds(group.createdAtMs),
    GroupPolicyList: printInline(group.inlinePolicies),
    AttachedManagedPolicies: group.attachedPolicyArns.map(printAttached),
  };
}

function printRoleDetail({ store }: Call, role: Role): XmlValue {
  return {
    ...printRole(store, role),
    InstanceProfileList: [],
    RolePolicyList: printInline(role.inlinePolicies),
    AttachedManagedPolicies: role.attachedPolicyArns.map(printAttached),
    ...printBoundary(role.permissionsBoundaryArn),
    Tags: printTags(role.tags),
    RoleLastUsed: {},
  };
}

function printInline(policies: readonly InlinePolicy[]): XmlValue {
  return policies.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: encodedDocument(document) }));
}

export const detailHandlers = { GetAccountAuthorizationDetails: getAccountAuthorizationDetails };
