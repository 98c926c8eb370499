import { expect, test } from 'vitest';
import { ACCOUNT, asRoleSession, asUser, iamAccount, ROOT } from '../../../test/support/iam-account.ts';

test('gives the secret once, and two keys at most', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  const { AccessKey } = account.call('CreateAccessKey', { UserName: 'alice' });
  expect(AccessKey).toEqual({
    UserName: 'alice',
    AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    Status: 'Active',
    SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
    CreateDate: '2026-01-02T03:04:05Z',
  });
  account.call('CreateAccessKey', { UserName: 'alice' });
  expect(() => account.call('CreateAccessKey', { UserName: 'alice' })).toThrow(
    expect.objectContaining({
      code: 'LimitExceeded',
      status: 409,
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    }),
  );
  const listed = account.call('ListAccessKeys', { UserName: 'alice' }).AccessKeyMetadata;
  expect(listed).toHaveLength(2);
  expect(JSON.stringify(listed)).not.toContain('Secret');
});

test('switches a key off and on, and deletes it', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  const { AccessKeyId } = account.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  account.call('UpdateAccessKey', { UserName: 'alice', AccessKeyId, Status: 'Inactive' });
  expect(account.state.get('accessKeys', AccessKeyId)?.active).toBe(false);
  account.call('UpdateAccessKey', { UserName: 'alice', AccessKeyId, Status: 'Active' });
  expect(account.state.get('accessKeys', AccessKeyId)?.active).toBe(true);
  account.call('DeleteAccessKey', { UserName: 'alice', AccessKeyId });
  expect(account.state.get('accessKeys', AccessKeyId)).toBeUndefined();
  expect(account.call('ListAccessKeys', { UserName: 'alice' }).AccessKeyMetadata).toEqual([]);
});

test("another user's key is not there", () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  account.call('CreateUser', { UserName: 'bob' });
  const { AccessKeyId } = account.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  for (const [action, more] of [
    ['DeleteAccessKey', {}],
    ['UpdateAccessKey', { Status: 'Inactive' }],
  ] as const) {
    expect(() => account.call(action, { UserName: 'bob', AccessKeyId, ...more })).toThrow(
      expect.objectContaining({
        code: 'NoSuchEntity',
        message: `The Access Key with id ${AccessKeyId} cannot be found.`,
      }),
    );
  }
});

test('without a name a key is the caller’s: a user’s or root’s', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  const alice = asUser(account, 'alice');
  const { AccessKeyId } = account.call('CreateAccessKey', {}, alice).AccessKey;
  expect(account.call('ListAccessKeys', {}, alice).AccessKeyMetadata).toMatchObject([
    { UserName: 'alice', AccessKeyId },
  ]);
  const root = account.call('CreateAccessKey', {}, ROOT).AccessKey;
  expect(account.state.get('accounts', ACCOUNT)?.rootAccessKeyIds).toEqual([root.AccessKeyId]);
  expect(account.state.get('accessKeys', root.AccessKeyId)?.owner).toEqual({ type: 'root' });
  account.call('DeleteAccessKey', { AccessKeyId: root.AccessKeyId }, ROOT);
  expect(account.state.get('accounts', ACCOUNT)?.rootAccessKeyIds).toEqual([]);
  expect(() => account.call('ListAccessKeys', {}, asRoleSession('ops'))).toThrow('Must specify userName');
});

test('tells when a key was last used', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  const { AccessKeyId } = account.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  expect(account.call('GetAccessKeyLastUsed', { AccessKeyId })).toEqual({
    UserName: 'alice',
    AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' },
  });
  const use = { usedAtMs: account.clock.ms, service: 's3', region: 'eu-west-1' };
  account.state.commit([{ table: 'accessKeyUses', key: AccessKeyId, value: use }]);
  expect(account.call('GetAccessKeyLastUsed', { AccessKeyId }).AccessKeyLastUsed).toEqual({
    LastUsedDate: '2026-01-02T03:04:05Z',
    ServiceName: 's3',
    Region: 'eu-west-1',
  });
  expect(() => account.call('GetAccessKeyLastUsed', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' })).toThrow(
    expect.objectContaining({
      code: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:iam::${ACCOUNT}:root is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE`,
    }),
  );
});
