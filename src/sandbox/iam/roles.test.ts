import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing, trusting } from '../../../test/support/iam-account.ts';

const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;

function trustOf(account: ReturnType<typeof iamAccount>, RoleName: string) {
  return JSON.parse(decodeURIComponent(account.call('GetRole', { RoleName }).Role.AssumeRolePolicyDocument));
}

test('creates, reads, lists, changes and deletes a role', () => {
  const account = iamAccount();
  const trust = trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
  const { Role } = account.call('CreateRole', { RoleName: 'ops', Path: '/a/', AssumeRolePolicyDocument: trust });
  expect(Role).toEqual({
    Path: '/a/',
    RoleName: 'ops',
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${ACCOUNT}:role/a/ops`,
    CreateDate: '2026-01-02T03:04:05Z',
    AssumeRolePolicyDocument: expect.stringMatching(/^%7B/),
  });
  expect(account.call('GetRole', { RoleName: 'ops' }).Role).toEqual({
    ...Role,
    Description: undefined,
    MaxSessionDuration: 3600,
    RoleLastUsed: {},
  });
  account.call('UpdateRole', { RoleName: 'ops', MaxSessionDuration: 7200, Description: 'one' });
  account.call('UpdateRole', { RoleName: 'ops' });
  expect(account.call('ListRoles').Roles).toMatchObject([{ MaxSessionDuration: 7200, Description: 'one' }]);
  expect(account.call('UpdateRoleDescription', { RoleName: 'ops', Description: 'two' }).Role.Description).toBe('two');
  account.call('DeleteRole', { RoleName: 'ops' });
  expect(() => account.call('GetRole', { RoleName: 'ops' })).toThrow('The role with name ops cannot be found.');
});

test('a role’s name is one without regard to case', () => {
  const account = iamAccount();
  const role = { RoleName: 'ops', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) };
  account.call('CreateRole', role);
  expect(() => account.call('CreateRole', { ...role, RoleName: 'OPS' })).toThrow('Role with name OPS already exists.');
});

test('bad JSON is refused in AWS’s words', () => {
  expect(() =>
    iamAccount().call('CreateRole', { RoleName: 'ops', AssumeRolePolicyDocument: '{"Version": oops' }),
  ).toThrow(
    expect.objectContaining({
      code: 'MalformedPolicyDocument',
      status: 400,
      message: 'This policy contains invalid Json',
    }),
  );
});

test.each([
  user('nobody'),
  `arn:aws:iam::${ACCOUNT}:role/none`,
  `arn:aws:iam::${ACCOUNT}:group/ops`,
  `arn:aws:sts::${ACCOUNT}:assumed-role/none/session`,
  'AIDAAAAAAAAAAAAAAAAAA',
])('a trusted principal must exist: %s', (principal) => {
  const account = iamAccount();
  account.call('CreateGroup', { GroupName: 'ops' });
  const refusal = expect.objectContaining({
    code: 'MalformedPolicyDocument',
    status: 400,
    message: `Invalid principal in policy: "AWS":"${principal}"`,
  });
  expect(() =>
    account.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: principal }) }),
  ).toThrow(refusal);
  expect(() => account.call('GetRole', { RoleName: 'r' })).toThrow('cannot be found');
  account.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  const trust = trusting({ AWS: [ACCOUNT, principal] });
  expect(() => account.call('UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument: trust })).toThrow(refusal);
  expect(trustOf(account, 'r').Statement[0].Principal).toEqual({ AWS: ACCOUNT });
});

test('a new user may be no principal for a while', () => {
  const account = iamAccount({ visibleAfterMs: 5000 });
  account.call('CreateUser', { UserName: 'alice' });
  const role = { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: user('alice') }) };
  expect(() => account.call('CreateRole', role)).toThrow('Invalid principal in policy');
  account.clock.ms += 5000;
  account.call('CreateRole', role);
});

test('a deleted principal shows as its id; a new one of the name is another', () => {
  const account = iamAccount();
  const { UserId } = account.call('CreateUser', { UserName: 'alice' }).User;
  account.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: user('alice') }) });
  expect(trustOf(account, 'r').Statement[0].Principal).toEqual({ AWS: user('alice') });

  account.call('UpdateUser', { UserName: 'alice', NewUserName: 'bob' });
  expect(trustOf(account, 'r').Statement[0].Principal).toEqual({ AWS: user('bob') });

  account.call('DeleteUser', { UserName: 'bob' });
  account.call('CreateUser', { UserName: 'bob' });
  expect(trustOf(account, 'r').Statement[0].Principal).toEqual({ AWS: UserId });
  const PolicyDocument = JSON.stringify(trustOf(account, 'r'));
  expect(() => account.call('UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument })).toThrow(
    `Invalid principal in policy: "AWS":"${UserId}"`,
  );
});

test('takes accounts, sessions, services and everyone', () => {
  const account = iamAccount();
  account.call('CreateRole', { RoleName: 'base', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  for (const [index, principal] of [
    { AWS: '999999999999' },
    { AWS: ['arn:aws:iam::999999999999:root', `arn:aws:iam::${ACCOUNT}:role/base`] },
    { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/base/me` },
    { Service: ['ec2.amazonaws.com', 'edgelambda.amazonaws.com'] },
    '*',
  ].entries()) {
    account.call('CreateRole', { RoleName: `r${index}`, AssumeRolePolicyDocument: trusting(principal) });
    expect(trustOf(account, `r${index}`).Statement[0].Principal).toEqual(principal);
  }
  expect(() =>
    account.call('CreateRole', { RoleName: 'x', AssumeRolePolicyDocument: trusting({ Service: 'example.com' }) }),
  ).toThrow('Invalid principal in policy: "SERVICE":"example.com"');
});

test('a trust policy has 2,048 characters at most', () => {
  const trust = JSON.parse(trusting({ AWS: ACCOUNT }));
  trust.Statement[0].Sid = 'a'.repeat(2048);
  expect(() =>
    iamAccount().call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  ).toThrow(
    expect.objectContaining({ code: 'LimitExceeded', message: 'Cannot exceed quota for ACLSizePerRole: 2048' }),
  );
});

test.each([
  ['attached', 'AttachRolePolicy', { PolicyArn: 'arn:aws:iam::aws:policy/SecurityAudit' }, 'detach all policies'],
  ['inline', 'PutRolePolicy', { PolicyName: 'p', PolicyDocument: policyAllowing('s3:*') }, 'delete policies'],
] as const)('does not delete a role with %s policies', (_, action, input, what) => {
  const account = iamAccount();
  account.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  account.call(action, { RoleName: 'r', ...input });
  expect(() => account.call('DeleteRole', { RoleName: 'r' })).toThrow(`Cannot delete entity, must ${what} first.`);
});

test('has no instance profiles', () => {
  const account = iamAccount();
  account.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  expect(account.call('ListInstanceProfilesForRole', { RoleName: 'r' })).toEqual({
    InstanceProfiles: [],
    IsTruncated: false,
  });
  expect(() => account.call('ListInstanceProfilesForRole', { RoleName: 'none' })).toThrow('cannot be found');
});
