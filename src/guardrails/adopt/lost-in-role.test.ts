import { expect, it } from 'vitest';
import type { Account, User } from '../../account/account.ts';
import { lostInRole } from './lost-in-role.ts';

const MANAGED = 'arn:aws:iam::111122223333:policy/force-mfa';
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const all = { Effect: 'Allow', Action: '*', Resource: '*' };
const force = {
  ...{ Effect: 'Deny', NotAction: 'iam:ListMFADevices', Resource: '*' },
  Condition: { BoolIfExists: { 'AWS:MultiFactorAuthPresent': 'false' } },
};
const sparing = { ...force, Condition: { ...force.Condition, StringEquals: { 'aws:PrincipalType': 'User' } } };
const own = { Effect: 'Allow', Action: 'iam:*', Resource: 'arn:aws:iam::111122223333:user/${aws:username}' };

const lost = (document: string, more: Partial<User> = {}) => {
  const user: User = {
    ...{ arn: 'arn:aws:iam::111122223333:user/alice', id: 'AIDA1', name: 'alice', path: '/', tags: [] },
    ...{ groupNames: ['staff'], attachedPolicyArns: [], inlinePolicies: [], ...more },
  };
  const account: Account = {
    ...{ accountId: '111122223333', partition: 'aws', users: [user], roles: [] },
    groups: [{ ...{ arn: '', id: '', name: 'staff', path: '/' }, inlinePolicies: [], attachedPolicyArns: [MANAGED] }],
    managedPolicies: [
      { arn: MANAGED, name: 'force-mfa', defaultVersionId: 'v1', versions: [{ versionId: 'v1', document }] },
    ],
  };
  return lostInRole(user, account).map(({ policy: name, because }) => [name, because]);
};

const NAME = `managed policy ${MANAGED}`;

it.each<readonly [string, readonly object[], readonly string[]]>([
  ['nothing', [all], []],
  ['a denial to all who bring no code', [all, force, force], ['denies']],
  ['a denial to users who bring no code', [all, sparing], ['asks-for-code']],
  [
    'what a code allows',
    [{ ...all, Condition: { NumericLessThan: { 'aws:multifactorauthage': '60' } } }],
    ['asks-for-code'],
  ],
  ['what is the user’s own', [own], ['user-name']],
  ['what a name allows', [{ ...all, Condition: { StringEquals: { 'aws:username': 'alice' } } }], ['user-name']],
])('%s', (_, statements, reasons) => {
  expect(lost(policy(...statements))).toEqual(reasons.map((because) => [NAME, because]));
});

it('counts a boundary, and not what the setup gave the user', () => {
  const more = {
    inlinePolicies: [{ name: 'stepup-enter', document: policy(force) }],
    ...{ groupNames: [], permissionsBoundaryArn: MANAGED },
  };
  expect(lost(policy(force), more)).toEqual([[NAME, 'denies']]);
  expect(lost(policy(all), more)).toEqual([]);
});
