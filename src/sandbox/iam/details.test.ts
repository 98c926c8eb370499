import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, type Output, policyAllowing, trusting } from '../../../test/support/iam-account.ts';

const document = policyAllowing('s3:*');
const own = `arn:aws:iam::${ACCOUNT}:policy/own`;

function account() {
  const iam = iamAccount();
  iam.call('CreateUser', { UserName: 'alice', Tags: [{ Key: 'k', Value: 'v' }] });
  iam.call('CreateUser', { UserName: 'bob' });
  iam.call('CreateGroup', { GroupName: 'ops' });
  iam.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }), Description: 'd' });
  iam.call('CreatePolicy', { PolicyName: 'own', PolicyDocument: document });
  iam.call('CreatePolicyVersion', { PolicyArn: own, PolicyDocument: policyAllowing('s3:Get*'), SetAsDefault: true });
  iam.call('AddUserToGroup', { UserName: 'alice', GroupName: 'ops' });
  iam.call('PutUserPolicy', { UserName: 'alice', PolicyName: 'inline', PolicyDocument: document });
  iam.call('AttachGroupPolicy', { GroupName: 'ops', PolicyArn: own });
  iam.call('AttachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' });
  iam.call('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: own });
  return iam;
}

test('tells all of an account', () => {
  const all = account().call('GetAccountAuthorizationDetails');
  expect(all.IsTruncated).toBe(false);
  expect(all.UserDetailList).toMatchObject([
    {
      UserName: 'alice',
      GroupList: ['ops'],
      UserPolicyList: [
        { PolicyName: 'inline', PolicyDocument: encodeURIComponent(document).replace('*', '%2A').replace('*', '%2A') },
      ],
      AttachedManagedPolicies: [],
      Tags: [{ Key: 'k', Value: 'v' }],
    },
    { UserName: 'bob', GroupList: [], PermissionsBoundary: { PermissionsBoundaryArn: own } },
  ]);
  expect(all.GroupDetailList).toMatchObject([
    { GroupName: 'ops', GroupPolicyList: [], AttachedManagedPolicies: [{ PolicyName: 'own', PolicyArn: own }] },
  ]);
  expect(all.RoleDetailList).toMatchObject([
    {
      RoleName: 'r',
      InstanceProfileList: [],
      RolePolicyList: [],
      AttachedManagedPolicies: [{ PolicyName: 'AmazonS3ReadOnlyAccess' }],
      RoleLastUsed: {},
    },
  ]);
  expect(all.RoleDetailList[0]).not.toHaveProperty('MaxSessionDuration');
  const [mine, aws] = all.Policies;
  expect(mine).toMatchObject({
    Arn: own,
    AttachmentCount: 1,
    PermissionsBoundaryUsageCount: 1,
    DefaultVersionId: 'v2',
  });
  expect(
    mine.PolicyVersionList.map(({ VersionId, IsDefaultVersion }: Output) => [VersionId, IsDefaultVersion]),
  ).toEqual([
    ['v2', true],
    ['v1', false],
  ]);
  expect(aws).toMatchObject({ PolicyName: 'AmazonS3ReadOnlyAccess', AttachmentCount: 1 });
  expect(all.Policies).toHaveLength(2);
});

test.each([
  [['User'], [2, 0, 0, 0]],
  [['Group'], [0, 1, 0, 0]],
  [['Role'], [0, 0, 1, 0]],
  [['LocalManagedPolicy'], [0, 0, 0, 1]],
  [['AWSManagedPolicy'], [0, 0, 0, 1]],
  [
    ['Role', 'User'],
    [2, 0, 1, 0],
  ],
  [[], [2, 1, 1, 2]],
])('filter %j', (Filter, counts) => {
  const answer = account().call('GetAccountAuthorizationDetails', { Filter });
  const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = answer;
  expect([UserDetailList, GroupDetailList, RoleDetailList, Policies].map((list) => list.length)).toEqual(counts);
});

test('pages go through the kinds one after the other', () => {
  const iam = account();
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = iam.call('GetAccountAuthorizationDetails', { MaxItems: 1, ...(Marker && { Marker }) });
    const [item, ...more] = [...page.UserDetailList, ...page.GroupDetailList, ...page.RoleDetailList, ...page.Policies];
    expect(more).toEqual([]);
    seen.push(item.UserName ?? item.GroupName ?? item.RoleName ?? item.PolicyName);
    Marker = page.Marker;
  } while (Marker !== undefined);
  expect(seen).toEqual(['alice', 'bob', 'ops', 'r', 'own', 'AmazonS3ReadOnlyAccess']);
});
