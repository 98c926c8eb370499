import { expect, test } from 'vitest';
import { ACCOUNT, asRoleSession, asUser, iamAccount, policyAllowing, ROOT } from '../../../test/support/iam-account.ts';

test('creates, reads, lists and deletes a user', () => {
  const account = iamAccount();
  const { User } = account.call('CreateUser', { UserName: 'alice', Path: '/ops/' });
  expect(User).toEqual({
    Path: '/ops/',
    UserName: 'alice',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${ACCOUNT}:user/ops/alice`,
    CreateDate: '2026-01-02T03:04:05Z',
  });
  expect(account.call('GetUser', { UserName: 'ALICE' }).User).toEqual(User);
  expect(account.call('ListUsers')).toEqual({ Users: [User], IsTruncated: false });
  account.call('DeleteUser', { UserName: 'alice' });
  expect(() => account.call('GetUser', { UserName: 'alice' })).toThrow('The user with name alice cannot be found.');
  expect(account.call('ListUsers').Users).toEqual([]);
});

test('a name is one without regard to case', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  expect(() => account.call('CreateUser', { UserName: 'Alice' })).toThrow(
    expect.objectContaining({
      code: 'EntityAlreadyExists',
      status: 409,
      message: 'User with name Alice already exists.',
    }),
  );
});

test('lists by path prefix, in the order of names', () => {
  const account = iamAccount();
  for (const [UserName, Path] of [
    ['b', '/x/y/'],
    ['C', '/x/'],
    ['a', '/'],
  ] as const) {
    account.call('CreateUser', { UserName, Path });
  }
  const names = (input: Record<string, string>) =>
    account.call('ListUsers', input).Users.map((user: { UserName: string }) => user.UserName);
  expect(names({})).toEqual(['a', 'b', 'C']);
  expect(names({ PathPrefix: '/x' })).toEqual(['b', 'C']);
  expect(names({ PathPrefix: '/x/y/' })).toEqual(['b']);
});

test('a renamed user keeps its id, keys and groups, and frees its old name', () => {
  const account = iamAccount();
  const { UserId } = account.call('CreateUser', { UserName: 'alice' }).User;
  const { AccessKeyId } = account.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  account.call('UpdateUser', { UserName: 'alice', NewUserName: 'bob', NewPath: '/new/' });
  expect(account.call('GetUser', { UserName: 'bob' }).User).toMatchObject({
    UserId,
    Arn: `arn:aws:iam::${ACCOUNT}:user/new/bob`,
  });
  expect(account.call('ListAccessKeys', { UserName: 'bob' }).AccessKeyMetadata).toMatchObject([
    { UserName: 'bob', AccessKeyId },
  ]);
  expect(() => account.call('GetUser', { UserName: 'alice' })).toThrow('cannot be found');
  account.call('CreateUser', { UserName: 'alice' });
  expect(() => account.call('UpdateUser', { UserName: 'alice', NewUserName: 'BOB' })).toThrow('already exists');
  account.call('UpdateUser', { UserName: 'alice', NewUserName: 'Alice' });
  expect(account.call('GetUser', { UserName: 'alice' }).User.UserName).toBe('Alice');
});

test('without a name GetUser means the caller', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  expect(account.call('GetUser', {}, asUser(account, 'alice')).User.UserName).toBe('alice');
  expect(account.call('GetUser', {}, ROOT).User).toEqual({
    UserId: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:root`,
    CreateDate: '2026-01-02T03:04:05Z',
  });
  expect(() => account.call('GetUser', {}, asRoleSession('ops'))).toThrow(
    expect.objectContaining({
      code: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    }),
  );
});

test.each([
  ['an access key', 'CreateAccessKey', { UserName: 'alice' }, 'delete access keys'],
  [
    'an attached policy',
    'AttachUserPolicy',
    { UserName: 'alice', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    'remove referenced objects',
  ],
  [
    'an inline policy',
    'PutUserPolicy',
    { UserName: 'alice', PolicyName: 'p', PolicyDocument: policyAllowing('s3:*') },
    'remove referenced objects',
  ],
  ['a group', 'AddUserToGroup', { UserName: 'alice', GroupName: 'ops' }, 'remove referenced objects'],
] as const)('does not delete a user that has %s', (_, action, input, what) => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  account.call('CreateGroup', { GroupName: 'ops' });
  account.call(action, input);
  expect(() => account.call('DeleteUser', { UserName: 'alice' })).toThrow(
    expect.objectContaining({
      code: 'DeleteConflict',
      status: 409,
      message: `Cannot delete entity, must ${what} first.`,
    }),
  );
  expect(account.call('GetUser', { UserName: 'alice' }).User.UserName).toBe('alice');
});

test('a new user is not seen for a while, but its name is taken', () => {
  const account = iamAccount({ visibleAfterMs: 5000 });
  account.call('CreateUser', { UserName: 'alice' });
  expect(() => account.call('GetUser', { UserName: 'alice' })).toThrow('cannot be found');
  expect(() => account.call('CreateUser', { UserName: 'alice' })).toThrow('already exists');
  account.clock.ms += 5000;
  expect(account.call('GetUser', { UserName: 'alice' }).User.UserName).toBe('alice');
});

test('accounts know nothing of each other', () => {
  const other = '444455556666';
  const account = iamAccount({ accounts: [ACCOUNT, other] });
  account.call('CreateUser', { UserName: 'alice' });
  expect(account.call('ListUsers', {}, ROOT, other).Users).toEqual([]);
  expect(() => account.call('GetUser', { UserName: 'alice' }, ROOT, other)).toThrow('cannot be found');
});
