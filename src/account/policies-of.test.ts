import { describe, expect, test } from 'vitest';
import { isStepupError } from '../errors.ts';
import { decide } from '../policy/decide.ts';
import type { Account, Group, Role, User } from './account.ts';
import { contextOfRoleSession, contextOfUser } from './context-of.ts';
import { AccountPolicies } from './policies-of.ts';

const ACCOUNT = '123456789012';
const allow = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });

const held = { path: '/', inlinePolicies: [], attachedPolicyArns: [] };
const alice: User = {
  ...held,
  arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  id: 'AIDAALICE',
  name: 'alice',
  groupNames: ['staff'],
  inlinePolicies: [{ name: 'Own', document: allow('ec2:*') }],
  attachedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/Shared`],
  permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/Shared`,
  tags: [{ key: 'Team', value: 'red' }],
};
const staff: Group = {
  ...held,
  arn: `arn:aws:iam::${ACCOUNT}:group/staff`,
  id: 'AGPASTAFF',
  name: 'staff',
  inlinePolicies: [{ name: 'Queues', document: allow('sqs:*') }],
};
const worker: Role = {
  ...held,
  arn: `arn:aws:iam::${ACCOUNT}:role/worker`,
  id: 'AROAWORKER',
  name: 'worker',
  trustPolicy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
  }),
  attachedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/Shared`],
  tags: [{ key: 'team', value: 'blue' }],
};
const account: Account = {
  accountId: ACCOUNT,
  partition: 'aws',
  users: [alice],
  groups: [staff],
  roles: [worker],
  managedPolicies: [
    {
      arn: `arn:aws:iam::${ACCOUNT}:policy/Shared`,
      name: 'Shared',
      defaultVersionId: 'v2',
      versions: [
        { versionId: 'v1', document: allow('*') },
        { versionId: 'v2', document: allow('s3:*') },
      ],
    },
  ],
};

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the policies of an account', () => {
  test('a user has its own, its attached and its groups’ policies, each with its name', () => {
    const { identityNames, identity, permissionsBoundary, permissionsBoundaryName } = new AccountPolicies(
      account,
    ).ofUser(alice);
    expect(identityNames).toEqual([
      'inline policy Own of user alice',
      `managed policy arn:aws:iam::${ACCOUNT}:policy/Shared`,
      'inline policy Queues of group staff',
    ]);
    expect(identity).toHaveLength(3);
    expect(permissionsBoundary?.document.kind).toBe('boundary');
    expect(permissionsBoundaryName).toBe(`managed policy arn:aws:iam::${ACCOUNT}:policy/Shared`);
  });

  test('the default version of a managed policy holds, no other', () => {
    const policies = new AccountPolicies(account).ofRole(worker);
    const verdict = (action: string) =>
      decide(
        {
          principal: { type: 'role-session', arn: worker.arn, accountId: ACCOUNT },
          action,
          resource: '*',
          context: new Map(),
        },
        policies,
      ).verdict;
    expect(verdict('s3:ListAllMyBuckets')).toBe('allowed');
    expect(verdict('ec2:DescribeInstances')).toBe('implicitDeny');
  });

  test('a policy that many hold is compiled once', () => {
    const policies = new AccountPolicies(account);
    expect(policies.ofUser(alice).identity[1]).toBe(policies.ofRole(worker).identity[0]);
    expect(policies.trustOf(worker)).toBe(policies.trustOf(worker));
    expect(policies.trustOf(worker).document.kind).toBe('trust');
  });

  test('a policy that does not parse is named', () => {
    const broken: User = { ...alice, inlinePolicies: [{ name: 'Bad', document: '{"Statement": [}' }] };
    const error = thrownBy(() => new AccountPolicies(account).ofUser(broken));
    expect(isStepupError(error, 'malformed-policy') && error.fields.document).toBe('inline policy Bad of user alice');
  });

  test('a policy that the data lacks is an error, never nothing', () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const attached: Role = { ...worker, attachedPolicyArns: [arn] };
    const bounded: Role = { ...worker, permissionsBoundaryArn: arn };
    for (const role of [attached, bounded]) {
      const error = thrownBy(() => new AccountPolicies(account).ofRole(role));
      expect(isStepupError(error, 'account-policy-missing') && error.fields.arn).toBe(arn);
    }
    const lost = thrownBy(() => new AccountPolicies({ ...account, groups: [] }).ofUser(alice));
    expect(isStepupError(lost, 'malformed-account')).toBe(true);
  });
});

describe('the condition keys that a principal brings', () => {
  test('of a user', () => {
    expect([...contextOfUser(alice)]).toEqual([
      ['aws:username', ['alice']],
      ['aws:userid', ['AIDAALICE']],
      ['aws:principaltype', ['User']],
      ['aws:principalarn', [alice.arn]],
      ['aws:principalaccount', [ACCOUNT]],
      ['aws:principaltag/team', ['red']],
    ]);
  });

  test('of a role session: the role’s ARN, no username, session tags over the role’s', () => {
    const context = contextOfRoleSession(worker, 'nightly', [{ key: 'Team', value: 'green' }]);
    expect(context.get('aws:principalarn')).toEqual([worker.arn]);
    expect(context.get('aws:userid')).toEqual(['AROAWORKER:nightly']);
    expect(context.get('aws:principaltag/team')).toEqual(['green']);
    expect(context.has('aws:username')).toBe(false);
  });
});
