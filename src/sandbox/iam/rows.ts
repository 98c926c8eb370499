/**
 * What must be allowed for each action: after AWS's Service Authorization Reference, Actions, resources, and condition
 * keys for AWS Identity and Access Management. The IAM action has the name of the API action. A row gives the resource
 * and the condition keys that the request or the resource brings along.
 */
import type { Tag } from '../../enforcement/ports.ts';
import { groupArn, parseIamArn, policyArn, roleArn, userArn, virtualMfaArn } from '../arns.ts';
import { findGroup, findRole, findUser } from '../find.ts';
import type { Call, ContextEntries } from '../operation.ts';
import { mfaDeviceKey, type Role, type User } from '../tables.ts';
import type { IamAction, InputOf } from './parameters.ts';
import { findManagedPolicy } from './policy-arns.ts';
import { callersSubject } from './subjects.ts';

/** What the request is about, as policies and as denials see it. */
export interface Target {
  readonly arn: string;
  /** What a denial calls it where that isn't the ARN. */
  readonly called?: string;
  /** Tags of the resource, where the reference lets conditions ask for them. */
  readonly tags?: readonly Tag[];
  /** True for users and roles, whose tags have IAM's own key as well. */
  readonly iamTags?: boolean;
  /** The boundary that the user or role has now. */
  readonly boundary?: string | undefined;
}

export interface IamRow<A extends IamAction> {
  readonly target: (call: Call, input: InputOf<A>) => Target;
  /** Condition keys beside those of the target's tags. */
  readonly keys?: (input: InputOf<A>, target: Target) => ContextEntries;
  /** What must be allowed besides. */
  readonly also?: (call: Call, input: InputOf<A>) => readonly Further[];
}

/** The same action on another target, unless it names one of its own. */
interface Further extends Pick<Target, 'arn' | 'called'> {
  readonly action?: IamAction;
}

/** Actions that no resource can be named for. */
const anything = (): Target => ({ arn: '*' });

function user(call: Call, { UserName }: { readonly UserName?: string | undefined }): Target {
  const named = UserName === undefined ? undefined : findUser(call.store, call.accountId, UserName);
  if (named !== undefined) return targetUser(named);
  if (UserName !== undefined) {
    return { arn: userArn({ accountId: call.accountId, path: '/', userName: UserName }), called: `user ${UserName}` };
  }
  const self = callersSubject(call);
  return self?.type === 'user' ? targetUser(self.user) : anything();
}

function targetUser(entity: User): Target {
  return {
    arn: userArn(entity),
    called: `user ${entity.userName}`,
    tags: entity.tags,
    iamTags: true,
    boundary: entity.permissionsBoundaryArn,
  };
}

function group(call: Call, { GroupName }: { readonly GroupName: string }): Target {
  const entity = findGroup(call.store, call.accountId, GroupName);
  return {
    arn: groupArn(entity ?? { accountId: call.accountId, path: '/', groupName: GroupName }),
    called: `group ${GroupName}`,
  };
}

function role(call: Call, { RoleName }: { readonly RoleName: string }): Target {
  const entity = findRole(call.store, call.accountId, RoleName);
  return entity === undefined
    ? { arn: roleArn({ accountId: call.accountId, path: '/', roleName: RoleName }), called: `role ${RoleName}` }
    : targetRole(entity);
}

function targetRole(entity: Role): Target {
  return {
    arn: roleArn(entity),
    called: `role ${entity.roleName}`,
    tags: entity.tags,
    iamTags: true,
    boundary: entity.permissionsBoundaryArn,
  };
}

function policy(call: Call, { PolicyArn }: { readonly PolicyArn: string }): Target {
  const entity = findManagedPolicy(call.store, call.accountId, PolicyArn);
  return { arn: PolicyArn, called: `policy ${PolicyArn}`, tags: entity?.tags ?? [] };
}

function device(call: Call, { SerialNumber }: { readonly SerialNumber: string }): Target {
  const entity = call.store.get('mfaDevices', mfaDeviceKey(call.accountId, SerialNumber));
  return { arn: SerialNumber, tags: entity !== undefined && 'tags' in entity ? entity.tags : [] };
}

/** The user, group or role whose policies are asked about. */
function source(call: Call, { PolicySourceArn }: { readonly PolicySourceArn: string }): Target {
  const parsed = parseIamArn(PolicySourceArn);
  if (parsed?.accountId !== call.accountId) return { arn: PolicySourceArn };
  const entity = parsed.kind === 'user' ? user(call, { UserName: parsed.name }) : role(call, { RoleName: parsed.name });
  return entity.arn === PolicySourceArn
    ? { arn: PolicySourceArn, tags: entity.tags ?? [], iamTags: true }
    : { arn: PolicySourceArn };
}

function newUser({ accountId }: Call, { Path = '/', UserName }: InputOf<'CreateUser'>): Target {
  return { arn: userArn({ accountId, path: Path, userName: UserName }) };
}

function newRole({ accountId }: Call, { Path = '/', RoleName }: InputOf<'CreateRole'>): Target {
  return { arn: roleArn({ accountId, path: Path, roleName: RoleName }) };
}

function newPolicy({ accountId }: Call, { Path = '/', PolicyName }: InputOf<'CreatePolicy'>): Target {
  return { arn: policyArn({ accountId, path: Path, policyName: PolicyName }), called: `policy ${PolicyName}` };
}

function newDevice({ accountId }: Call, input: InputOf<'CreateVirtualMFADevice'>): Target {
  return { arn: virtualMfaArn({ accountId, path: input.Path ?? '/', name: input.VirtualMFADeviceName }) };
}

/** What is made with tags must also be allowed to be tagged (recorded: CreateRole denied for want of `iam:TagRole`). */
function tagging<I extends TagsGiven>(action: IamAction, target: (call: Call, input: I) => Target) {
  return (call: Call, input: I): readonly Further[] =>
    input.Tags === undefined || input.Tags.length === 0 ? [] : [{ action, ...target(call, input) }];
}

/** `arn:aws:iam::ACCOUNT:user/PREFIX`: what real denials of lists name, though the reference has no resource for them. */
function listOf(kind: 'user' | 'group' | 'role' | 'mfa') {
  return ({ accountId }: Call, { PathPrefix = '/' }: { readonly PathPrefix?: string | undefined }): Target => ({
    arn: `arn:aws:iam::${accountId}:${kind}${PathPrefix}`,
  });
}

interface TagsGiven {
  readonly Tags: InputOf<'CreateUser'>['Tags'];
}

function requestTags({ Tags }: TagsGiven): ContextEntries {
  if (Tags === undefined || Tags.length === 0) return [];
  return [
    ...Tags.map(({ Key, Value }) => [`aws:requesttag/${Key.toLowerCase()}`, [Value]] as const),
    ['aws:tagkeys', Tags.map(({ Key }) => Key)],
  ];
}

function tagKeys({ TagKeys }: { readonly TagKeys: readonly string[] }): ContextEntries {
  return [['aws:tagkeys', TagKeys]];
}

function boundaryGiven({ PermissionsBoundary }: { readonly PermissionsBoundary: string | undefined }): ContextEntries {
  return PermissionsBoundary === undefined ? [] : [['iam:permissionsboundary', [PermissionsBoundary]]];
}

function boundaryHeld(_: unknown, { boundary }: Target): ContextEntries {
  return boundary === undefined ? [] : [['iam:permissionsboundary', [boundary]]];
}

function policyGiven({ PolicyArn }: { readonly PolicyArn: string }): ContextEntries {
  return [['iam:policyarn', [PolicyArn]]];
}

function policyGivenAndBoundaryHeld(input: { readonly PolicyArn: string }, target: Target): ContextEntries {
  return [...policyGiven(input), ...boundaryHeld(input, target)];
}

function tagsAndBoundaryGiven(input: TagsGiven & { readonly PermissionsBoundary: string | undefined }): ContextEntries {
  return [...requestTags(input), ...boundaryGiven(input)];
}

export const rows: { readonly [A in IamAction]: IamRow<A> } = {
  CreateUser: { target: newUser, keys: tagsAndBoundaryGiven, also: tagging('TagUser', newUser) },
  GetUser: { target: user },
  ListUsers: { target: listOf('user') },
  UpdateUser: { target: user, also: renamedUser },
  DeleteUser: { target: user },
  PutUserPermissionsBoundary: { target: user, keys: boundaryGiven },
  DeleteUserPermissionsBoundary: { target: user, keys: boundaryHeld },
  TagUser: { target: user, keys: requestTags },
  UntagUser: { target: user, keys: tagKeys },
  ListUserTags: { target: user },
  GetLoginProfile: { target: user },
  DeleteLoginProfile: { target: user },
  ListServiceSpecificCredentials: { target: user },
  ListSigningCertificates: { target: user },
  ListSSHPublicKeys: { target: user },

  CreateAccessKey: { target: user },
  ListAccessKeys: { target: user },
  UpdateAccessKey: { target: user },
  DeleteAccessKey: { target: user },
  GetAccessKeyLastUsed: { target: keyHolder },

  PutUserPolicy: { target: user, keys: boundaryHeld },
  GetUserPolicy: { target: user },
  ListUserPolicies: { target: user },
  DeleteUserPolicy: { target: user, keys: boundaryHeld },
  AttachUserPolicy: { target: user, keys: policyGivenAndBoundaryHeld },
  DetachUserPolicy: { target: user, keys: policyGivenAndBoundaryHeld },
  ListAttachedUserPolicies: { target: user },

  CreateGroup: {
    target: ({ accountId }, { Path = '/', GroupName }) => ({
      arn: groupArn({ accountId, path: Path, groupName: GroupName }),
    }),
  },
  GetGroup: { target: group },
  ListGroups: { target: listOf('group') },
  ListGroupsForUser: { target: user },
  UpdateGroup: { target: group, also: renamedGroup },
  DeleteGroup: { target: group },
  AddUserToGroup: { target: group },
  RemoveUserFromGroup: { target: group },
  PutGroupPolicy: { target: group },
  GetGroupPolicy: { target: group },
  ListGroupPolicies: { target: group },
  DeleteGroupPolicy: { target: group },
  AttachGroupPolicy: { target: group, keys: policyGiven },
  DetachGroupPolicy: { target: group, keys: policyGiven },
  ListAttachedGroupPolicies: { target: group },

  CreateRole: { target: newRole, keys: tagsAndBoundaryGiven, also: tagging('TagRole', newRole) },
  GetRole: { target: role },
  ListRoles: { target: listOf('role') },
  UpdateRole: { target: role },
  UpdateRoleDescription: { target: role },
  UpdateAssumeRolePolicy: { target: role },
  DeleteRole: { target: role },
  PutRolePermissionsBoundary: { target: role, keys: boundaryGiven },
  DeleteRolePermissionsBoundary: { target: role, keys: boundaryHeld },
  TagRole: { target: role, keys: requestTags },
  UntagRole: { target: role, keys: tagKeys },
  ListRoleTags: { target: role },
  ListInstanceProfilesForRole: { target: role },
  PutRolePolicy: { target: role, keys: boundaryHeld },
  GetRolePolicy: { target: role },
  ListRolePolicies: { target: role },
  DeleteRolePolicy: { target: role, keys: boundaryHeld },
  AttachRolePolicy: { target: role, keys: policyGivenAndBoundaryHeld },
  DetachRolePolicy: { target: role, keys: policyGivenAndBoundaryHeld },
  ListAttachedRolePolicies: { target: role },

  CreatePolicy: { target: newPolicy, keys: requestTags, also: tagging('TagPolicy', newPolicy) },
  GetPolicy: { target: policy },
  ListPolicies: {
    target: ({ accountId }, { PathPrefix = '/' }) => ({
      arn: `arn:aws:iam::${accountId}:policy${PathPrefix}`,
      called: `policy path ${PathPrefix}`,
    }),
  },
  DeletePolicy: { target: policy },
  CreatePolicyVersion: { target: policy },
  GetPolicyVersion: { target: policy },
  ListPolicyVersions: { target: policy },
  SetDefaultPolicyVersion: { target: policy },
  DeletePolicyVersion: { target: policy },
  ListEntitiesForPolicy: { target: policy },
  TagPolicy: { target: policy, keys: requestTags },
  UntagPolicy: { target: policy, keys: tagKeys },
  ListPolicyTags: { target: policy },

  CreateVirtualMFADevice: { target: newDevice, keys: requestTags, also: tagging('TagMFADevice', newDevice) },
  EnableMFADevice: { target: user },
  ResyncMFADevice: { target: user },
  DeactivateMFADevice: { target: user },
  DeleteVirtualMFADevice: { target: device },
  ListMFADevices: { target: user },
  GetMFADevice: { target: deviceHolder },
  ListVirtualMFADevices: { target: (call) => listOf('mfa')(call, {}) },
  TagMFADevice: { target: device, keys: requestTags },
  UntagMFADevice: { target: device, keys: tagKeys },
  ListMFADeviceTags: { target: device },

  CreateAccountAlias: { target: anything },
  ListAccountAliases: { target: anything },
  DeleteAccountAlias: { target: anything },
  GetAccountSummary: { target: anything },
  GetAccountAuthorizationDetails: { target: anything },
  GenerateCredentialReport: { target: anything },
  GetCredentialReport: { target: anything },
  SimulateCustomPolicy: { target: anything },
  SimulatePrincipalPolicy: { target: source },
  GetContextKeysForCustomPolicy: { target: anything },
  GetContextKeysForPrincipalPolicy: { target: source },
};

/** To rename or move an entity one needs the permission on both names (IAM API Reference, UpdateUser). */
function renamedUser({ accountId, store }: Call, input: InputOf<'UpdateUser'>): readonly Further[] {
  const entity = findUser(store, accountId, input.UserName);
  if (input.NewUserName === undefined && input.NewPath === undefined) return [];
  const path = input.NewPath ?? entity?.path ?? '/';
  return [{ arn: userArn({ accountId, path, userName: input.NewUserName ?? entity?.userName ?? input.UserName }) }];
}

function renamedGroup({ accountId, store }: Call, input: InputOf<'UpdateGroup'>): readonly Further[] {
  const entity = findGroup(store, accountId, input.GroupName);
  if (input.NewGroupName === undefined && input.NewPath === undefined) return [];
  const path = input.NewPath ?? entity?.path ?? '/';
  return [
    { arn: groupArn({ accountId, path, groupName: input.NewGroupName ?? entity?.groupName ?? input.GroupName }) },
  ];
}

/** The user whose key it is. */
function keyHolder(call: Call, { AccessKeyId }: InputOf<'GetAccessKeyLastUsed'>): Target {
  const key = call.store.visible('accessKeys', AccessKeyId);
  const holder =
    key?.accountId === call.accountId && key.owner.type === 'user'
      ? call.store.get('users', key.owner.userId)
      : undefined;
  return holder === undefined ? anything() : targetUser(holder);
}

/** The user named, or else the one whose device it is. */
function deviceHolder(call: Call, input: InputOf<'GetMFADevice'>): Target {
  if (input.UserName !== undefined) return user(call, input);
  const owner = call.store.get('mfaDevices', mfaDeviceKey(call.accountId, input.SerialNumber))?.assignment?.owner;
  const holder = owner?.type === 'user' ? call.store.get('users', owner.userId) : undefined;
  return holder === undefined ? anything() : targetUser(holder);
}
