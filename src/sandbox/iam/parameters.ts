/** IAM's parameter types by the names of its service model (2010-05-08), and what each action takes. */
import {
  flag,
  integer,
  list,
  oneOf,
  optional,
  required,
  type Shape,
  structure,
  text,
  type ValuesOf,
} from '../shapes.ts';

const NAME = /^[\w+=,.@-]+$/;

function name(max: number): Shape<string> {
  return text({
    max,
    own: {
      expression: NAME,
      sentence: (field) =>
        `The specified value for ${field} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    },
  });
}

function path(expression: RegExp, begins: string): Shape<string> {
  return text({
    max: 512,
    own: {
      expression,
      sentence: (field) =>
        `The specified value for ${field} is invalid. It must ${begins} with / and contain only alphanumeric characters and/or / characters.`,
    },
  });
}

const userName = name(64);
/** Names of users that may be older than the limit of 64. */
const existingUserName = name(128);
const groupName = name(128);
const roleName = name(64);
const policyName = name(128);
/** The model gives no maximum; a serial number, which holds it, has 256. */
const deviceName = name(226);
const entityPath = path(/^(\/|\/[\u0021-\u007E]+\/)$/, 'begin and end');
const policyPath = path(/^(\/[A-Za-z0-9.,+@=_-]+)*\/$/, 'begin and end');
/** doubt: the sentence for a prefix is formed after the one for a path, which was recorded. */
const pathPrefix = path(/^\/[\u0021-\u007F]*$/, 'begin');
const policyPathPrefix = path(/^\/([A-Za-z0-9.,+@=_-]+\/?)*$/, 'begin');
const arn = text({ min: 20, max: 2048 });
const document = text({
  min: 1,
  max: 131_072,
  own: {
    expression: /^[\u0009\u000A\u000D\u0020-\u00FF]+$/,
    sentence: (field) =>
      `The specified value for ${field} is invalid. It must contain only printable ASCII characters.`,
  },
});
const tagKey = text({
  min: 1,
  max: 128,
  pattern: { printed: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+', expression: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u },
});
const tagValue = text({
  min: 0,
  max: 256,
  pattern: { printed: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', expression: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u },
});
const tags = list(structure({ Key: required(tagKey), Value: required(tagValue) }), 50);
const tagKeys = list(tagKey, 50);
const policyDescription = text({ max: 1000 });
const roleDescription = text({
  max: 1000,
  pattern: {
    printed: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
    expression: /^[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*$/,
  },
});
const maxSessionSeconds = integer(3600, 43_200);
const serialNumber = text({
  min: 9,
  max: 256,
  pattern: { printed: '[\\w+=/:,.@-]+', expression: /^[\w+=/:,.@-]+$/ },
});
const accessKeyId = text({ min: 16, max: 128, pattern: { printed: '[\\w]+', expression: /^\w+$/ } });
const versionId = text({
  pattern: { printed: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?', expression: /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/ },
});
const authenticationCode = text({ min: 6, max: 6, pattern: { printed: '[\\d]+', expression: /^\d+$/ } });
const accountAlias = text({
  min: 3,
  max: 63,
  pattern: {
    printed: '^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$',
    expression: /^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$/,
  },
});
const page = {
  // The model says 320. A marker here holds a whole key, which may be a tag's in any script, or an ARN.
  Marker: optional(text({ min: 1, max: 8192 })),
  MaxItems: optional(integer(1, 1000)),
};
const usage = oneOf(['PermissionsPolicy', 'PermissionsBoundary']);
const simulated = text({ min: 3, max: 128 });
const resourceName = text({ min: 1, max: 2048 });
const contextEntry = structure({
  ContextKeyName: required(text({ min: 5, max: 256 })),
  ContextKeyValues: optional(list(text({}))),
  ContextKeyType: optional(
    oneOf([
      'string',
      'stringList',
      'numeric',
      'numericList',
      'boolean',
      'booleanList',
      'ip',
      'ipList',
      'binary',
      'binaryList',
      'date',
      'dateList',
    ]),
  ),
});
const simulation = {
  PermissionsBoundaryPolicyInputList: optional(list(document)),
  ActionNames: required(list(simulated)),
  ResourceArns: optional(list(resourceName)),
  ResourcePolicy: optional(document),
  ResourceOwner: optional(resourceName),
  CallerArn: optional(resourceName),
  ContextEntries: optional(list(contextEntry)),
  ResourceHandlingOption: optional(text({ min: 1, max: 64 })),
  ...page,
};

/** What each action takes. An action that isn't here isn't implemented. */
export const parameters = {
  AddUserToGroup: { GroupName: required(groupName), UserName: required(existingUserName) },
  AttachGroupPolicy: { GroupName: required(groupName), PolicyArn: required(arn) },
  AttachRolePolicy: { RoleName: required(roleName), PolicyArn: required(arn) },
  AttachUserPolicy: { UserName: required(userName), PolicyArn: required(arn) },
  CreateAccessKey: { UserName: optional(existingUserName) },
  CreateAccountAlias: { AccountAlias: required(accountAlias) },
  CreateGroup: { Path: optional(entityPath), GroupName: required(groupName) },
  CreatePolicy: {
    PolicyName: required(policyName),
    Path: optional(policyPath),
    PolicyDocument: required(document),
    Description: optional(policyDescription),
    Tags: optional(tags),
  },
  CreatePolicyVersion: { PolicyArn: required(arn), PolicyDocument: required(document), SetAsDefault: optional(flag) },
  CreateRole: {
    Path: optional(entityPath),
    RoleName: required(roleName),
    AssumeRolePolicyDocument: required(document),
    Description: optional(roleDescription),
    MaxSessionDuration: optional(maxSessionSeconds),
    PermissionsBoundary: optional(arn),
    Tags: optional(tags),
  },
  CreateUser: {
    Path: optional(entityPath),
    UserName: required(userName),
    PermissionsBoundary: optional(arn),
    Tags: optional(tags),
  },
  CreateVirtualMFADevice: {
    Path: optional(entityPath),
    VirtualMFADeviceName: required(deviceName),
    Tags: optional(tags),
  },
  DeactivateMFADevice: { UserName: optional(existingUserName), SerialNumber: required(serialNumber) },
  DeleteAccessKey: { UserName: optional(existingUserName), AccessKeyId: required(accessKeyId) },
  DeleteAccountAlias: { AccountAlias: required(accountAlias) },
  DeleteGroup: { GroupName: required(groupName) },
  DeleteGroupPolicy: { GroupName: required(groupName), PolicyName: required(policyName) },
  DeleteLoginProfile: { UserName: optional(userName) },
  DeletePolicy: { PolicyArn: required(arn) },
  DeletePolicyVersion: { PolicyArn: required(arn), VersionId: required(versionId) },
  DeleteRole: { RoleName: required(roleName) },
  DeleteRolePermissionsBoundary: { RoleName: required(roleName) },
  DeleteRolePolicy: { RoleName: required(roleName), PolicyName: required(policyName) },
  DeleteUser: { UserName: required(existingUserName) },
  DeleteUserPermissionsBoundary: { UserName: required(userName) },
  DeleteUserPolicy: { UserName: required(existingUserName), PolicyName: required(policyName) },
  DeleteVirtualMFADevice: { SerialNumber: required(serialNumber) },
  DetachGroupPolicy: { GroupName: required(groupName), PolicyArn: required(arn) },
  DetachRolePolicy: { RoleName: required(roleName), PolicyArn: required(arn) },
  DetachUserPolicy: { UserName: required(userName), PolicyArn: required(arn) },
  EnableMFADevice: {
    UserName: required(existingUserName),
    SerialNumber: required(serialNumber),
    AuthenticationCode1: required(authenticationCode),
    AuthenticationCode2: required(authenticationCode),
  },
  GenerateCredentialReport: {},
  GetAccessKeyLastUsed: { AccessKeyId: required(accessKeyId) },
  GetAccountAuthorizationDetails: {
    Filter: optional(list(oneOf(['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy']))),
    ...page,
  },
  GetAccountSummary: {},
  GetContextKeysForCustomPolicy: { PolicyInputList: required(list(document)) },
  GetContextKeysForPrincipalPolicy: { PolicySourceArn: required(arn), PolicyInputList: optional(list(document)) },
  GetCredentialReport: {},
  GetGroup: { GroupName: required(groupName), ...page },
  GetGroupPolicy: { GroupName: required(groupName), PolicyName: required(policyName) },
  GetLoginProfile: { UserName: optional(userName) },
  GetMFADevice: { SerialNumber: required(serialNumber), UserName: optional(userName) },
  GetPolicy: { PolicyArn: required(arn) },
  GetPolicyVersion: { PolicyArn: required(arn), VersionId: required(versionId) },
  GetRole: { RoleName: required(roleName) },
  GetRolePolicy: { RoleName: required(roleName), PolicyName: required(policyName) },
  GetUser: { UserName: optional(existingUserName) },
  GetUserPolicy: { UserName: required(existingUserName), PolicyName: required(policyName) },
  ListAccessKeys: { UserName: optional(existingUserName), ...page },
  ListAccountAliases: { ...page },
  ListAttachedGroupPolicies: { GroupName: required(groupName), PathPrefix: optional(policyPathPrefix), ...page },
  ListAttachedRolePolicies: { RoleName: required(roleName), PathPrefix: optional(policyPathPrefix), ...page },
  ListAttachedUserPolicies: { UserName: required(userName), PathPrefix: optional(policyPathPrefix), ...page },
  ListEntitiesForPolicy: {
    PolicyArn: required(arn),
    EntityFilter: optional(oneOf(['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'])),
    PathPrefix: optional(pathPrefix),
    PolicyUsageFilter: optional(usage),
    ...page,
  },
  ListGroupPolicies: { GroupName: required(groupName), ...page },
  ListGroups: { PathPrefix: optional(pathPrefix), ...page },
  ListGroupsForUser: { UserName: required(existingUserName), ...page },
  ListInstanceProfilesForRole: { RoleName: required(roleName), ...page },
  ListMFADeviceTags: { SerialNumber: required(serialNumber), ...page },
  ListMFADevices: { UserName: optional(existingUserName), ...page },
  ListPolicies: {
    Scope: optional(oneOf(['All', 'AWS', 'Local'])),
    OnlyAttached: optional(flag),
    PathPrefix: optional(policyPathPrefix),
    PolicyUsageFilter: optional(usage),
    ...page,
  },
  ListPolicyTags: { PolicyArn: required(arn), ...page },
  ListPolicyVersions: { PolicyArn: required(arn), ...page },
  ListRolePolicies: { RoleName: required(roleName), ...page },
  ListRoleTags: { RoleName: required(roleName), ...page },
  ListRoles: { PathPrefix: optional(pathPrefix), ...page },
  ListServiceSpecificCredentials: { UserName: optional(userName), ...page },
  ListSigningCertificates: { UserName: optional(existingUserName), ...page },
  ListSSHPublicKeys: { UserName: optional(userName), ...page },
  ListUserPolicies: { UserName: required(existingUserName), ...page },
  ListUserTags: { UserName: required(existingUserName), ...page },
  ListUsers: { PathPrefix: optional(pathPrefix), ...page },
  ListVirtualMFADevices: { AssignmentStatus: optional(oneOf(['Assigned', 'Unassigned', 'Any'])), ...page },
  PutGroupPolicy: {
    GroupName: required(groupName),
    PolicyName: required(policyName),
    PolicyDocument: required(document),
  },
  PutRolePermissionsBoundary: { RoleName: required(roleName), PermissionsBoundary: required(arn) },
  PutRolePolicy: { RoleName: required(roleName), PolicyName: required(policyName), PolicyDocument: required(document) },
  PutUserPermissionsBoundary: { UserName: required(userName), PermissionsBoundary: required(arn) },
  PutUserPolicy: {
    UserName: required(existingUserName),
    PolicyName: required(policyName),
    PolicyDocument: required(document),
  },
  RemoveUserFromGroup: { GroupName: required(groupName), UserName: required(existingUserName) },
  ResyncMFADevice: {
    UserName: required(existingUserName),
    SerialNumber: required(serialNumber),
    AuthenticationCode1: required(authenticationCode),
    AuthenticationCode2: required(authenticationCode),
  },
  SetDefaultPolicyVersion: { PolicyArn: required(arn), VersionId: required(versionId) },
  SimulateCustomPolicy: { PolicyInputList: required(list(document)), ...simulation },
  SimulatePrincipalPolicy: { PolicySourceArn: required(arn), PolicyInputList: optional(list(document)), ...simulation },
  TagMFADevice: { SerialNumber: required(serialNumber), Tags: required(tags) },
  TagPolicy: { PolicyArn: required(arn), Tags: required(tags) },
  TagRole: { RoleName: required(roleName), Tags: required(tags) },
  TagUser: { UserName: required(existingUserName), Tags: required(tags) },
  UntagMFADevice: { SerialNumber: required(serialNumber), TagKeys: required(tagKeys) },
  UntagPolicy: { PolicyArn: required(arn), TagKeys: required(tagKeys) },
  UntagRole: { RoleName: required(roleName), TagKeys: required(tagKeys) },
  UntagUser: { UserName: required(existingUserName), TagKeys: required(tagKeys) },
  UpdateAccessKey: {
    UserName: optional(existingUserName),
    AccessKeyId: required(accessKeyId),
    Status: required(oneOf(['Active', 'Inactive'])),
  },
  UpdateAssumeRolePolicy: { RoleName: required(roleName), PolicyDocument: required(document) },
  UpdateGroup: { GroupName: required(groupName), NewPath: optional(entityPath), NewGroupName: optional(groupName) },
  UpdateRole: {
    RoleName: required(roleName),
    Description: optional(roleDescription),
    MaxSessionDuration: optional(maxSessionSeconds),
  },
  UpdateRoleDescription: { RoleName: required(roleName), Description: required(roleDescription) },
  UpdateUser: { UserName: required(existingUserName), NewPath: optional(entityPath), NewUserName: optional(userName) },
} as const;

export type IamAction = keyof typeof parameters;

/** What a handler of this action is given. */
export type InputOf<A extends IamAction> = ValuesOf<(typeof parameters)[A]>;

/** `Marker` and `MaxItems` of every list. */
export type PageInput = ValuesOf<typeof page>;

export type SimulationInput = ValuesOf<typeof simulation>;
