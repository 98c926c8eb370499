import { describe, expect, it } from 'vitest';
import type { Account, Role, User } from '../../account/account.ts';
import type { IamCall } from '../apply/iam-call.ts';
import { lostWaysIn } from './last-way-in.ts';

const ID = '111122223333';
const [ALICE, ADMIN, HUB] = [
  `arn:aws:iam::${ID}:user/alice`,
  `arn:aws:iam::${ID}:role/admin`,
  `arn:aws:iam::${ID}:role/hub`,
];
const MANAGED = `arn:aws:iam::${ID}:policy/enter`;
const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
const entering = (Resource: string) => policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource });
const trusting = (AWS: string, Condition: object = {}) =>
  policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', Condition });
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

const ENTER = { name: 'own', document: entering(ADMIN) };
const role = (arn: string, trustPolicy: string): Role => ({
  ...{ arn, id: arn, name: arn.slice(arn.lastIndexOf('/') + 1), path: '/', tags: [], trustPolicy },
  ...{ inlinePolicies: [], attachedPolicyArns: [] },
});
const alice = (more: Partial<User>): User => ({
  ...{ arn: ALICE, id: 'AIDA1', name: 'alice', path: '/', tags: [] },
  ...{ inlinePolicies: [], attachedPolicyArns: [], groupNames: [], ...more },
});
const accountOf = (user: User, roles: readonly Role[]): Account => ({
  ...{ accountId: ID, partition: 'aws', users: [user], roles },
  groups: [{ arn: '', id: '', name: 'staff', path: '/', inlinePolicies: [ENTER], attachedPolicyArns: [] }],
  managedPolicies: [
    {
      ...{ arn: MANAGED, name: 'enter', defaultVersionId: 'v1' },
      versions: [{ versionId: 'v1', document: entering(ADMIN) }],
    },
  ],
});
const operator = { arn: `arn:aws:sts::${ID}:assumed-role/admin/me` };
const lost = (account: Account, ...calls: readonly (readonly [target: string, call: IamCall])[]) =>
  lostWaysIn([{ account, operator }], () => calls.map(([target, call]) => ({ target, call, account }))).map(
    ({ arn }) => arn,
  );

const UserName = 'alice';
const gated = role(ADMIN, trusting(ID, MFA));

it.each<readonly [string, Partial<User>, IamCall, IamCall]>([
  [
    'an inline policy',
    { inlinePolicies: [ENTER] },
    { action: 'DeleteUserPolicy', input: { UserName, PolicyName: 'own' } },
    { action: 'DeleteUserPolicy', input: { UserName, PolicyName: 'other' } },
  ],
  [
    'an attachment',
    { attachedPolicyArns: [MANAGED] },
    { action: 'DetachUserPolicy', input: { UserName, PolicyArn: MANAGED } },
    { action: 'AttachUserPolicy', input: { UserName, PolicyArn: MANAGED } },
  ],
  [
    'a group',
    { groupNames: ['staff'] },
    { action: 'RemoveUserFromGroup', input: { UserName, GroupName: 'staff' } },
    { action: 'AddUserToGroup', input: { UserName, GroupName: 'staff' } },
  ],
  [
    'the user',
    { inlinePolicies: [ENTER] },
    { action: 'DeleteUser', input: { UserName } },
    { action: 'TagUser', input: { UserName, Tags: [] } },
  ],
])('the way by %s is lost with it, and with nothing else', (_, held, taking, other) => {
  const account = accountOf(alice(held), [gated]);
  expect(lost(account, [ALICE, taking])).toEqual([ADMIN]);
  expect(lost(account, [ALICE, other])).toEqual([]);
});

it('a role is a way as far as somebody gets into it, and sessions of it bring no code', () => {
  const hub = { ...role(HUB, trusting(ALICE)), inlinePolicies: [ENTER] };
  const open = role(ADMIN, trusting(ID));
  const take = { action: 'DeleteUserPolicy', input: { UserName, PolicyName: 'own' } } as const;
  const user = alice({ inlinePolicies: [ENTER] });
  expect(lost(accountOf(user, [open, hub]), [ALICE, take])).toEqual([]);
  expect(lost(accountOf(user, [gated, hub]), [ALICE, take])).toEqual([ADMIN]);
  const shut = { ...hub, trustPolicy: trusting(`arn:aws:iam::${ID}:user/nobody`) };
  expect(lost(accountOf(user, [open, shut]), [ALICE, take])).toEqual([ADMIN]);
  // Two roles that enter each other let nobody in.
  const round = { ...hub, trustPolicy: trusting(ID) };
  const back = { ...open, inlinePolicies: [{ name: 'own', document: entering(HUB) }] };
  expect(lost(accountOf(user, [back, round]), [ALICE, take])).toEqual([ADMIN]);
  const remake = {
    action: 'UpdateAssumeRolePolicy',
    input: { RoleName: 'admin', PolicyDocument: trusting(ALICE) },
  } as const;
  expect(lost(accountOf(user, [gated]), [ALICE, take], [ADMIN, remake])).toEqual([]);
});

describe('where only a request shows whether somebody gets in', () => {
  const BOB = `arn:aws:iam::${ID}:user/bob`;
  const OFFICE = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
  const conditional = role(ADMIN, trusting(ID, { ...MFA, ...OFFICE }));
  const bob: User = { ...alice({ inlinePolicies: [ENTER] }), arn: BOB, id: 'AIDA2', name: 'bob' };
  const both = (admin: Role): Account => {
    const account = accountOf(alice({ inlinePolicies: [ENTER] }), [admin]);
    return { ...account, users: [...account.users, bob] };
  };
  const take = { action: 'DeleteUserPolicy', input: { UserName, PolicyName: 'own' } } as const;
  const lostOf = (account: Account, ...calls: readonly (readonly [target: string, call: IamCall])[]) =>
    lostWaysIn([{ account, operator }], () => calls.map(([target, call]) => ({ target, call, account })));

  it('a way may be the last one, and those who may be left are named', () => {
    const account = accountOf(alice({ inlinePolicies: [ENTER] }), [conditional]);
    expect(lostOf(account, [ALICE, take])).toEqual([{ arn: ADMIN, operator: operator.arn, perhaps: [] }]);
    expect(lostOf(both(conditional), [ALICE, take])).toMatchObject([{ arn: ADMIN, perhaps: [BOB] }]);
    const document = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ADMIN, Condition: OFFICE });
    const byHand = alice({ inlinePolicies: [{ name: 'own', document }] });
    expect(lost(accountOf(byHand, [gated]), [ALICE, take])).toEqual([ADMIN]);
    const unless = { Effect: 'Deny', Action: '*', Resource: '*', Condition: { NotIpAddress: OFFICE.IpAddress } };
    const denied = { name: 'office', document: policy(unless) };
    expect(lost(accountOf(alice({ inlinePolicies: [ENTER, denied] }), [gated]), [ALICE, take])).toEqual([ADMIN]);
  });

  it('a denial that may hold leaves no certain way, but for one of sessions of before', () => {
    const denying = (Condition: object) => ({
      ...bob,
      inlinePolicies: [
        ENTER,
        { name: 'deny', document: policy({ Effect: 'Deny', Action: '*', Resource: '*', Condition }) },
      ],
    });
    const withBob = (one: User): Account => ({ ...both(gated), users: [...both(gated).users.slice(0, 1), one] });
    expect(lostOf(withBob(denying(OFFICE)), [ALICE, take])).toMatchObject([{ arn: ADMIN, perhaps: [BOB] }]);
    const ended = { DateLessThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } };
    expect(lostOf(withBob(denying(ended)), [ALICE, take])).toEqual([]);
  });

  it('what takes nobody’s way is no loss, nor what leaves somebody a certain one', () => {
    const other = { ...take, input: { UserName, PolicyName: 'other' } };
    expect(lostOf(both(conditional), [ALICE, other])).toEqual([]);
    expect(lostOf(both(gated), [ALICE, take])).toEqual([]);
  });

  it('a way that was certain and is no longer counts as lost', () => {
    const narrow = {
      action: 'UpdateAssumeRolePolicy',
      input: { RoleName: 'admin', PolicyDocument: conditional.trustPolicy },
    } as const;
    expect(lostOf(both(gated), [ADMIN, narrow])).toMatchObject([{ arn: ADMIN, perhaps: [ALICE, BOB] }]);
  });
});

it('a role that demands an external id is a way like any other', () => {
  const demanding = { ...gated, trustPolicy: trusting(ID, { ...MFA, StringEquals: { 'sts:ExternalId': 'desk' } }) };
  const take = { action: 'DeleteUserPolicy', input: { UserName, PolicyName: 'own' } } as const;
  const account = accountOf(alice({ inlinePolicies: [ENTER] }), [demanding]);
  expect(lost(account, [ALICE, take])).toEqual([ADMIN]);
  expect(lost(account, [ALICE, { ...take, input: { UserName, PolicyName: 'other' } }])).toEqual([]);
});
