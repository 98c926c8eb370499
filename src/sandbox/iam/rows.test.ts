import { expect, test } from 'vitest';
import {
  ACCOUNT,
  asRoleSession,
  asUser,
  iamAccount,
  policyAllowing,
  trusting,
} from '../../../test/support/iam-account.ts';
import { parameters } from './parameters.ts';
import { iamService } from './service.ts';

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;

function account() {
  const iam = iamAccount();
  iam.call('CreatePolicy', { PolicyName: 'limit', PolicyDocument: policyAllowing('s3:*') });
  iam.call('CreateUser', {
    UserName: 'alice',
    Path: '/ops/',
    PermissionsBoundary: arn('policy/limit'),
    Tags: [{ Key: 'Team', Value: 'red' }],
  });
  iam.call('CreateGroup', { GroupName: 'g', Path: '/ops/' });
  iam.call('CreateRole', { RoleName: 'r', Path: '/ops/', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  iam.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone', Tags: [{ Key: 'Kind', Value: 'phone' }] });
  return iam;
}

test('every action has parameters, a row and a handler', () => {
  const actions = Object.keys(parameters).toSorted();
  expect(Object.keys(iamService.rows).toSorted()).toEqual(actions);
  expect(Object.keys(iamService.handlers).toSorted()).toEqual(actions);
});

test('every row asks for the IAM action of its own name', () => {
  for (const [action, row] of Object.entries(iamService.rows)) expect(row.action).toBe(`iam:${action}`);
});

test.each([
  ['GetUser', { UserName: 'ALICE' }, 'user/ops/alice', 'user alice'],
  ['GetUser', { UserName: 'nobody' }, 'user/nobody', 'user nobody'],
  ['CreateUser', { UserName: 'bob', Path: '/x/' }, 'user/x/bob', arn('user/x/bob')],
  ['ListUsers', {}, 'user/', arn('user/')],
  ['ListUsers', { PathPrefix: '/ops/' }, 'user/ops/', arn('user/ops/')],
  ['GetRole', { RoleName: 'r' }, 'role/ops/r', 'role r'],
  ['CreateRole', { RoleName: 'x', AssumeRolePolicyDocument: '{}' }, 'role/x', arn('role/x')],
  ['ListRoles', {}, 'role/', arn('role/')],
  ['GetGroup', { GroupName: 'g' }, 'group/ops/g', 'group g'],
  ['AddUserToGroup', { GroupName: 'g', UserName: 'alice' }, 'group/ops/g', 'group g'],
  ['ListGroupsForUser', { UserName: 'alice' }, 'user/ops/alice', 'user alice'],
  ['GetPolicy', { PolicyArn: arn('policy/limit') }, 'policy/limit', `policy ${arn('policy/limit')}`],
  ['CreatePolicy', { PolicyName: 'p', PolicyDocument: '{}' }, 'policy/p', 'policy p'],
  ['ListPolicies', {}, 'policy/', 'policy path /'],
  ['CreateVirtualMFADevice', { VirtualMFADeviceName: 'd', Path: '/x/' }, 'mfa/x/d', arn('mfa/x/d')],
  ['DeleteVirtualMFADevice', { SerialNumber: arn('mfa/phone') }, 'mfa/phone', arn('mfa/phone')],
  ['ListVirtualMFADevices', {}, 'mfa/', arn('mfa/')],
  ['ListMFADevices', { UserName: 'alice' }, 'user/ops/alice', 'user alice'],
  [
    'SimulatePrincipalPolicy',
    { PolicySourceArn: arn('role/ops/r'), ActionNames: ['s3:GetObject'] },
    'role/ops/r',
    arn('role/ops/r'),
  ],
] as const)('%s %j asks for %s', (action, input, resource, called) => {
  expect(account().asked(action, input)).toMatchObject({ resource: arn(resource), called });
});

test.each(['GetAccountSummary', 'GetAccountAuthorizationDetails', 'GetCredentialReport', 'ListAccountAliases'])(
  '%s asks for everything',
  (action) => {
    expect(account().asked(action)).toMatchObject({ resource: '*', called: '*' });
  },
);

test('an action without a name is about the caller', () => {
  const iam = account();
  for (const action of ['ListMFADevices', 'ListAccessKeys', 'GetUser', 'CreateAccessKey']) {
    expect(iam.asked(action, {}, asUser(iam, 'alice')).resource).toBe(arn('user/ops/alice'));
    expect(iam.asked(action, {}, asRoleSession('r')).resource).toBe('*');
  }
});

test('last use of a key, and a device, are about the user that holds them', () => {
  const iam = account();
  const { AccessKeyId } = iam.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  expect(iam.asked('GetAccessKeyLastUsed', { AccessKeyId }).resource).toBe(arn('user/ops/alice'));
  expect(iam.asked('GetAccessKeyLastUsed', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }).resource).toBe('*');
  expect(iam.asked('GetMFADevice', { SerialNumber: arn('mfa/phone') }).resource).toBe('*');
  expect(iam.asked('GetMFADevice', { SerialNumber: arn('mfa/phone'), UserName: 'alice' }).resource).toBe(
    arn('user/ops/alice'),
  );
});

const tagsOfAlice = { 'aws:resourcetag/team': ['red'], 'iam:resourcetag/team': ['red'] };
const boundary = { 'iam:permissionsboundary': [arn('policy/limit')] };
const policyArn = { 'iam:policyarn': [arn('policy/limit')] };

test.each([
  ['GetUser', { UserName: 'alice' }, tagsOfAlice],
  ['PutUserPolicy', { UserName: 'alice', PolicyName: 'p', PolicyDocument: '{}' }, { ...tagsOfAlice, ...boundary }],
  [
    'AttachUserPolicy',
    { UserName: 'alice', PolicyArn: arn('policy/limit') },
    { ...tagsOfAlice, ...boundary, ...policyArn },
  ],
  ['AttachGroupPolicy', { GroupName: 'g', PolicyArn: arn('policy/limit') }, policyArn],
  ['AttachRolePolicy', { RoleName: 'r', PolicyArn: arn('policy/limit') }, policyArn],
  ['DeleteUserPermissionsBoundary', { UserName: 'alice' }, { ...tagsOfAlice, ...boundary }],
  [
    'CreateUser',
    {
      UserName: 'bob',
      PermissionsBoundary: arn('policy/limit'),
      Tags: [
        { Key: 'Env', Value: 'Dev' },
        { Key: 'x', Value: '' },
      ],
    },
    { ...boundary, 'aws:requesttag/env': ['Dev'], 'aws:requesttag/x': [''], 'aws:tagkeys': ['Env', 'x'] },
  ],
  ['CreateUser', { UserName: 'bob' }, {}],
  ['UntagUser', { UserName: 'alice', TagKeys: ['Team'] }, { ...tagsOfAlice, 'aws:tagkeys': ['Team'] }],
  ['DeleteVirtualMFADevice', { SerialNumber: arn('mfa/phone') }, { 'aws:resourcetag/kind': ['phone'] }],
] as const)('%s %j brings its condition keys', (action, input, context) => {
  expect(account().asked(action, input).context).toEqual(context);
});

test('a rename asks for both names', () => {
  const iam = account();
  expect(iam.asked('UpdateUser', { UserName: 'alice', NewUserName: 'bob' })).toMatchObject({
    resource: arn('user/ops/alice'),
    also: [`iam:UpdateUser ${arn('user/ops/bob')}`],
  });
  expect(iam.asked('UpdateUser', { UserName: 'alice', NewPath: '/' }).also).toEqual([
    `iam:UpdateUser ${arn('user/alice')}`,
  ]);
  expect(iam.asked('UpdateUser', { UserName: 'alice' }).also).toEqual([]);
  expect(iam.asked('UpdateGroup', { GroupName: 'g', NewGroupName: 'h' }).also).toEqual([
    `iam:UpdateGroup ${arn('group/ops/h')}`,
  ]);
});

test.each([
  ['CreateUser', 'TagUser', { UserName: 'bob', Path: '/ops/' }, 'user/ops/bob'],
  ['CreateRole', 'TagRole', { RoleName: 'bob', AssumeRolePolicyDocument: '{}' }, 'role/bob'],
  ['CreatePolicy', 'TagPolicy', { PolicyName: 'bob', PolicyDocument: '{}' }, 'policy/bob'],
  ['CreateVirtualMFADevice', 'TagMFADevice', { VirtualMFADeviceName: 'bob' }, 'mfa/bob'],
] as const)('%s with tags asks for %s as well', (create, tag, input, resource) => {
  const iam = account();
  expect(iam.asked(create, { ...input, Tags: [{ Key: 'a', Value: '' }] }).also).toEqual([
    `iam:${tag} ${arn(resource)}`,
  ]);
  expect(iam.asked(create, input).also).toEqual([]);
});

test('parameters are held against their shape before anything else', () => {
  expect(() => account().asked('GetRole', { RoleName: '' })).toThrow('The specified value for roleName is invalid.');
});

test('takes no session of GetSessionToken without a code, nor of GetFederationToken', () => {
  const iam = account();
  const alice = asUser(iam, 'alice');
  if (alice.type !== 'long-term') throw new Error('not a long-term caller');
  const { owner } = alice;
  const { accountId, userId } = owner;
  const session = { accessKeyId: 'ASIAX', owner, accountId, userId, issuedAtMs: 0, expiresAtMs: 1 };
  const refusal = expect.objectContaining({
    code: 'InvalidClientTokenId',
    status: 403,
    message: 'The security token included in the request is invalid.',
  });
  expect(() => iamService.admit?.({ ...session, type: 'user-session' })).toThrow(refusal);
  const federated = { ...session, type: 'federated', name: 'f', sessionPolicies: { managed: [] }, tags: [] } as const;
  expect(() => iamService.admit?.(federated)).toThrow(refusal);
  iamService.admit?.({ ...session, type: 'user-session', authenticatedAtMs: 0 });
  iamService.admit?.(alice);
  iamService.admit?.(asRoleSession('r'));
});
