import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing, trusting } from '../../test/support/iam-account.ts';
import { createDirectory, createReplayMemory } from './directory.ts';

function setUp(options: { readonly visibleAfterMs?: number } = {}) {
  const account = iamAccount({ ...options, accounts: [ACCOUNT, '444455556666'] });
  const directory = createDirectory(account.state, () => account.clock.ms);
  return { account, directory };
}

const rootOwner = { type: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT } as const;

test('finds a key with its owner as it is now', () => {
  const { account, directory } = setUp();
  const { UserId } = account.call('CreateUser', { UserName: 'alice' }).User;
  const { AccessKeyId, SecretAccessKey } = account.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  account.call('UpdateUser', { UserName: 'alice', NewUserName: 'bob', NewPath: '/x/' });
  const owner = {
    type: 'user',
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:user/x/bob`,
    userId: UserId,
    userName: 'bob',
  };
  const key = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, active: true, owner };
  expect(directory.findKey(AccessKeyId)).toEqual(key);
  expect(directory.findOwner(ACCOUNT, UserId)).toEqual(owner);
  expect(directory.findOwner('444455556666', UserId)).toBeUndefined();
  account.call('UpdateAccessKey', { UserName: 'bob', AccessKeyId, Status: 'Inactive' });
  expect(directory.findKey(AccessKeyId)?.active).toBe(false);
  account.call('DeleteAccessKey', { UserName: 'bob', AccessKeyId });
  expect(directory.findKey(AccessKeyId)).toBeUndefined();
});

test('finds root’s key at once, a user’s after a while', () => {
  const { account, directory } = setUp({ visibleAfterMs: 5000 });
  const root = account.call('CreateAccessKey').AccessKey.AccessKeyId;
  expect(directory.findKey(root)?.owner).toEqual(rootOwner);
  expect(directory.findOwner(ACCOUNT, ACCOUNT)).toEqual(rootOwner);
  account.call('CreateUser', { UserName: 'alice' });
  account.clock.ms += 5000;
  const { AccessKeyId } = account.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  expect(directory.findKey(AccessKeyId)).toBeUndefined();
  account.clock.ms += 5000;
  expect(directory.findKey(AccessKeyId)?.owner.type).toBe('user');
});

test('gathers own, group and attached policies and the boundary, as they are at each question', () => {
  const { account, directory } = setUp();
  const { UserId } = account.call('CreateUser', { UserName: 'alice' }).User;
  const count = () => directory.userPolicies(ACCOUNT, UserId).identity.length;
  expect(count()).toBe(0);
  account.call('PutUserPolicy', { UserName: 'alice', PolicyName: 'p', PolicyDocument: policyAllowing('s3:*') });
  expect(count()).toBe(1);
  account.call('CreateGroup', { GroupName: 'ops' });
  account.call('AddUserToGroup', { UserName: 'alice', GroupName: 'ops' });
  account.call('PutGroupPolicy', { GroupName: 'ops', PolicyName: 'p', PolicyDocument: policyAllowing('s3:*') });
  account.call('AttachGroupPolicy', { GroupName: 'ops', PolicyArn: 'arn:aws:iam::aws:policy/SecurityAudit' });
  expect(count()).toBe(3);
  account.call('RemoveUserFromGroup', { UserName: 'alice', GroupName: 'ops' });
  expect(count()).toBe(1);

  account.call('CreatePolicy', { PolicyName: 'limit', PolicyDocument: policyAllowing('s3:*') });
  const arn = `arn:aws:iam::${ACCOUNT}:policy/limit`;
  account.call('PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary: arn });
  const before = directory.userPolicies(ACCOUNT, UserId).permissionsBoundary;
  expect(before?.document.statements[0]?.action.values).toEqual(['s3:*']);
  expect(directory.userPolicies(ACCOUNT, UserId).permissionsBoundary).toBe(before);
  account.call('CreatePolicyVersion', { PolicyArn: arn, PolicyDocument: policyAllowing('sts:*'), SetAsDefault: true });
  const after = directory.userPolicies(ACCOUNT, UserId).permissionsBoundary;
  expect(after?.document.statements[0]?.action.values).toEqual(['sts:*']);
  expect(directory.managedPolicy(ACCOUNT, arn)).toBe(after);
  expect(directory.managedPolicy('444455556666', arn)).toBeUndefined();
  expect(directory.managedPolicy('444455556666', 'arn:aws:iam::aws:policy/SecurityAudit')).toBeDefined();
});

test('finds a role, its policies and tags, until it is gone', () => {
  const { account, directory } = setUp();
  const { RoleId } = account.call('CreateRole', {
    RoleName: 'r',
    Path: '/x/',
    AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }),
    Tags: [{ Key: 'k', Value: 'v' }],
  }).Role;
  const PolicyArn = 'arn:aws:iam::aws:policy/SecurityAudit';
  account.call('AttachRolePolicy', { RoleName: 'r', PolicyArn });
  expect(directory.findRole(ACCOUNT, RoleId)).toEqual({
    accountId: ACCOUNT,
    roleId: RoleId,
    roleName: 'r',
    arn: `arn:aws:iam::${ACCOUNT}:role/x/r`,
  });
  expect(directory.rolePolicies(ACCOUNT, RoleId).identity).toHaveLength(1);
  expect(directory.roleTags(ACCOUNT, RoleId)).toEqual([{ key: 'k', value: 'v' }]);
  account.call('DetachRolePolicy', { RoleName: 'r', PolicyArn });
  account.call('DeleteRole', { RoleName: 'r' });
  expect(directory.findRole(ACCOUNT, RoleId)).toBeUndefined();
  expect(directory.rolePolicies(ACCOUNT, RoleId)).toEqual({ identity: [] });
  expect(directory.roleTags(ACCOUNT, RoleId)).toEqual([]);
});

test('gives a TOTP device to its owner only, and no FIDO device', () => {
  const { account, directory } = setUp();
  const { UserId } = account.call('CreateUser', { UserName: 'alice' }).User;
  const owner = directory.findOwner(ACCOUNT, UserId);
  if (owner === undefined) throw new Error('no owner');
  const fido = account.addDevice({ type: 'fido', accountId: ACCOUNT, userName: 'alice', name: 'key' });
  expect(directory.totpDevice(owner, fido)).toBeUndefined();
  const serialNumber = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
  const device = {
    type: 'virtual',
    accountId: ACCOUNT,
    serialNumber,
    createdAtMs: 0,
    seedBase32: 'MZXW6YTB',
    tags: [],
  } as const;
  const key = `${ACCOUNT}/${serialNumber}`;
  account.state.commit([{ table: 'mfaDevices', key, value: device }]);
  expect(directory.totpDevice(owner, serialNumber)).toBeUndefined();
  const assigned = { ...device, assignment: { owner: { type: 'user', userId: UserId }, enabledAtMs: 0 } } as const;
  account.state.commit([{ table: 'mfaDevices', key, value: assigned }]);
  expect(directory.totpDevice(owner, serialNumber)?.secret).toEqual(new Uint8Array(Buffer.from('fooba')));
  expect(directory.totpDevice(owner, serialNumber.replace('alice', 'ALICE'))).toBeUndefined();
  expect(directory.totpDevice(rootOwner, serialNumber)).toBeUndefined();
  expect(directory.totpDevice({ ...rootOwner, accountId: '444455556666' }, serialNumber)).toBeUndefined();
  const ofRoot = { ...device, assignment: { owner: { type: 'root' }, enabledAtMs: 0 } } as const;
  account.state.commit([{ table: 'mfaDevices', key, value: ofRoot }]);
  expect(directory.totpDevice(rootOwner, serialNumber)).toBeDefined();
  expect(directory.totpDevice(owner, serialNumber)).toBeUndefined();
});

test('records the first use of a key within fifteen minutes', () => {
  const { account, directory } = setUp();
  const use = () => account.state.get('accessKeyUses', 'AKIAX');
  const start = account.clock.ms;
  directory.keyUsed('AKIAX', 'sts', 'us-east-1');
  account.clock.ms += 15 * 60 * 1000 - 1;
  directory.keyUsed('AKIAX', 's3', 'eu-west-1');
  expect(use()).toEqual({ usedAtMs: start, service: 'sts', region: 'us-east-1' });
  account.clock.ms += 1;
  directory.keyUsed('AKIAX', 's3', 'eu-west-1');
  expect(use()).toEqual({ usedAtMs: account.clock.ms, service: 's3', region: 'eu-west-1' });
  account.clock.ms = start;
  directory.keyUsed('AKIAX', 'iam', 'us-east-1');
  expect(use()?.service).toBe('iam');
});

test('a step is claimed once, and none before it after', () => {
  const { account } = setUp();
  const replay = createReplayMemory(account.state);
  expect([10, 10, 9, 11, 10].map((step) => replay.claim('serial', step))).toEqual([true, false, false, true, false]);
  expect(replay.claim('another', 10)).toBe(true);
});
