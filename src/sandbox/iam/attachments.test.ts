import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing, trusting } from '../../../test/support/iam-account.ts';

const own = `arn:aws:iam::${ACCOUNT}:policy/own`;
const aws = 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess';

function account() {
  const fresh = iamAccount({ accounts: [ACCOUNT, '444455556666'] });
  fresh.call('CreateUser', { UserName: 'x' });
  fresh.call('CreateGroup', { GroupName: 'x' });
  fresh.call('CreateRole', { RoleName: 'x', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  fresh.call('CreatePolicy', { PolicyName: 'own', PolicyDocument: policyAllowing('s3:*') });
  return fresh;
}

test.each(['User', 'Group', 'Role'])('%s: attaches, lists and detaches', (kind) => {
  const iam = account();
  const who = { [`${kind}Name`]: 'x' };
  iam.call(`Attach${kind}Policy`, { ...who, PolicyArn: own });
  iam.call(`Attach${kind}Policy`, { ...who, PolicyArn: own });
  iam.call(`Attach${kind}Policy`, { ...who, PolicyArn: aws });
  expect(iam.call(`ListAttached${kind}Policies`, who).AttachedPolicies).toEqual([
    { PolicyName: 'own', PolicyArn: own },
    { PolicyName: 'ViewOnlyAccess', PolicyArn: aws },
  ]);
  expect(iam.call(`ListAttached${kind}Policies`, { ...who, PathPrefix: '/job-function/' }).AttachedPolicies).toEqual([
    { PolicyName: 'ViewOnlyAccess', PolicyArn: aws },
  ]);
  expect(iam.call('GetPolicy', { PolicyArn: own }).Policy.AttachmentCount).toBe(1);
  iam.call(`Detach${kind}Policy`, { ...who, PolicyArn: own });
  expect(() => iam.call(`Detach${kind}Policy`, { ...who, PolicyArn: own })).toThrow(
    expect.objectContaining({ code: 'NoSuchEntity', status: 404, message: `Policy ${own} was not found.` }),
  );
});

test.each(['User', 'Group', 'Role'])('%s: takes ten policies at most', (kind) => {
  const iam = account();
  const who = { [`${kind}Name`]: 'x' };
  for (let n = 0; n <= 10; n++) {
    iam.call('CreatePolicy', { PolicyName: `p${n}`, PolicyDocument: policyAllowing('s3:*') });
    const attach = () => iam.call(`Attach${kind}Policy`, { ...who, PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/p${n}` });
    if (n < 10) attach();
    else expect(attach).toThrow(`Cannot exceed quota for PoliciesPer${kind}: 10`);
  }
});

const notAttachable = (arn: string) => `Policy ${arn} does not exist or is not attachable.`;

test.each([
  ['no ARN', 'longpolicynamebutnoarn', 'ValidationError', 400, 'Invalid ARN:  Could not be parsed!'],
  [
    'the ARN of a user',
    `arn:aws:iam::${ACCOUNT}:user/alice`,
    'InvalidInput',
    400,
    `ARN arn:aws:iam::${ACCOUNT}:user/alice is not valid.`,
  ],
  [
    'a policy that is not there',
    `arn:aws:iam::${ACCOUNT}:policy/none`,
    'NoSuchEntity',
    404,
    notAttachable(`arn:aws:iam::${ACCOUNT}:policy/none`),
  ],
  [
    'one of AWS’s that is not held',
    'arn:aws:iam::aws:policy/AmazonEC2FullAccess',
    'NoSuchEntity',
    404,
    notAttachable('arn:aws:iam::aws:policy/AmazonEC2FullAccess'),
  ],
  [
    'one of AWS’s under a wrong path',
    'arn:aws:iam::aws:policy/ViewOnlyAccess',
    'NoSuchEntity',
    404,
    notAttachable('arn:aws:iam::aws:policy/ViewOnlyAccess'),
  ],
] as const)('does not attach %s', (_, PolicyArn, code, status, message) => {
  const iam = account();
  for (const kind of ['User', 'Group', 'Role']) {
    expect(() => iam.call(`Attach${kind}Policy`, { [`${kind}Name`]: 'x', PolicyArn })).toThrow(
      expect.objectContaining({ code, status, message }),
    );
  }
});

test('does not attach the policy of another account', () => {
  const iam = account();
  iam.call('CreatePolicy', { PolicyName: 'theirs', PolicyDocument: policyAllowing('s3:*') }, undefined, '444455556666');
  const PolicyArn = 'arn:aws:iam::444455556666:policy/theirs';
  expect(() => iam.call('AttachUserPolicy', { UserName: 'x', PolicyArn })).toThrow(notAttachable(PolicyArn));
});

test('tells who uses a policy, and how', () => {
  const iam = account();
  iam.call('AttachUserPolicy', { UserName: 'x', PolicyArn: own });
  iam.call('AttachGroupPolicy', { GroupName: 'x', PolicyArn: own });
  iam.call('PutRolePermissionsBoundary', { RoleName: 'x', PermissionsBoundary: own });
  const count = (input: Record<string, string>) => {
    const { PolicyUsers, PolicyGroups, PolicyRoles } = iam.call('ListEntitiesForPolicy', { PolicyArn: own, ...input });
    return [PolicyUsers.length, PolicyGroups.length, PolicyRoles.length];
  };
  expect(count({})).toEqual([1, 1, 1]);
  expect(count({ EntityFilter: 'Role' })).toEqual([0, 0, 1]);
  expect(count({ PolicyUsageFilter: 'PermissionsPolicy' })).toEqual([1, 1, 0]);
  expect(count({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual([0, 0, 1]);
  expect(count({ PathPrefix: '/none/' })).toEqual([0, 0, 0]);
  expect(iam.call('ListEntitiesForPolicy', { PolicyArn: own, MaxItems: 2 })).toMatchObject({
    PolicyUsers: [{ UserName: 'x', UserId: expect.stringMatching(/^AIDA/) }],
    PolicyGroups: [{ GroupName: 'x' }],
    PolicyRoles: [],
    IsTruncated: true,
  });
});
