import { describe, expect, it } from 'vitest';
import { accountsAsBlueprint } from '../../test/support/guardrails-states.ts';
import { blueprintOf, PEOPLE, PROD } from '../../test/support/guardrails-world.ts';
import type { Account, Role, User } from '../account/account.ts';
import { type Plan, planSetup } from './plan.ts';
import type { Operator } from './refusal.ts';
import { stepsOf } from './steps.ts';

const blueprint = blueprintOf(`version: 1
identity: people
accounts: { people: { id: "${PEOPLE}" }, prod: { id: "${PROD}" } }
users: { alice: {}, bob: {} }
roles:
  ops: { account: prod, enter: [alice] }
  read: { enter: [alice, bob] }
`);

type Change = (account: Account) => Account;

/** The plan for accounts as applied, but for what is changed in one of them. */
function planWith(changes: Partial<Record<string, Change>>, operators: Partial<Record<string, Operator>> = {}): Plan {
  const observed = [...accountsAsBlueprint(blueprint)].map(([id, one]) => {
    const operator = operators[id];
    const changed = changes[id]?.(one.account) ?? one.account;
    return [id, { observed: { ...one, account: changed }, ...(operator && { operator }) }] as const;
  });
  return planSetup(blueprint, new Map(observed), 0);
}

const withRole =
  (name: string, change: Partial<Role>): Change =>
  (account) => ({
    ...account,
    roles: account.roles.map((role) => (role.name === name ? { ...role, ...change } : role)),
  });
const withUser =
  (name: string, change: Partial<User>): Change =>
  (account) => ({
    ...account,
    users: account.users.map((user) => (user.name === name ? { ...user, ...change } : user)),
  });
const trusting = (Principal: unknown) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } });
const session = (account: string, role: string) => ({ arn: `arn:aws:sts::${account}:assumed-role/${role}/admin` });
const OPS = `arn:aws:iam::${PROD}:role/ops`;

describe('a plan is refused', () => {
  it('where it gates the role that the operator is using', () => {
    const open = { [PROD]: withRole('ops', { trustPolicy: trusting({ AWS: PROD }), tags: [] }) };
    expect(planWith(open, { [PROD]: session(PROD, 'ops') }).refusals).toEqual([
      { type: 'own-role', arn: OPS, operator: session(PROD, 'ops').arn },
    ]);
    expect(planWith(open, { [PROD]: session(PROD, 'admin') }).refusals).toEqual([]);
    expect(planWith({}, { [PROD]: session(PROD, 'ops') }).refusals).toEqual([]);
  });

  it('where it takes rights from the operator', () => {
    const arn = `arn:aws:iam::${PEOPLE}:user/bob`;
    const more = { [PEOPLE]: withUser('bob', { attachedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) };
    expect(planWith(more, { [PEOPLE]: { arn } }).refusals).toEqual([{ type: 'own-user', arn, operator: arn }]);
    expect(planWith(more, { [PEOPLE]: { arn: arn.replace('bob', 'alice') } }).refusals).toEqual([]);
  });

  it.each<readonly [string, unknown, readonly string[]]>([
    ['a service', { Service: 'ec2.amazonaws.com' }, ['ec2.amazonaws.com']],
    [
      'an identity provider',
      { Federated: `arn:aws:iam::${PROD}:oidc-provider/ci` },
      [`arn:aws:iam::${PROD}:oidc-provider/ci`],
    ],
    ['a role', { AWS: `arn:aws:iam::${PROD}:role/ci` }, [`arn:aws:iam::${PROD}:role/ci`]],
    ['another account', { AWS: '999999999999' }, ['999999999999']],
    ['a deleted role', { AWS: 'AROAEXAMPLE' }, ['AROAEXAMPLE']],
  ])('where it gates a role that %s enters', (_, principal, principals) => {
    const used = withRole('ops', { trustPolicy: trusting(principal), tags: [] });
    expect(planWith({ [PROD]: used }).refusals).toEqual([{ type: 'role-in-use', arn: OPS, principals }]);
  });

  it('not where its own role was opened to a service by hand: that is mended', () => {
    const plan = planWith({ [PROD]: withRole('ops', { trustPolicy: trusting({ Service: 'ec2.amazonaws.com' }) }) });
    expect(plan.refusals).toEqual([]);
    expect(plan.accounts[1]!.roles[0]!.changes).toMatchObject([{ type: 'trust' }]);
  });

  it('where an entity belongs to AWS, to another setup, or is there under another path', () => {
    const others = [{ key: 'stepup:setup', value: 'theirs' }];
    expect(planWith({ [PROD]: withRole('ops', { path: '/aws-service-role/x/' }) }).refusals).toMatchObject([
      { type: 'service-linked' },
    ]);
    expect(planWith({ [PROD]: withRole('ops', { tags: others }) }).refusals).toMatchObject([
      { type: 'other-setup', setup: 'theirs' },
    ]);
    expect(planWith({ [PEOPLE]: withUser('bob', { tags: others }) }).refusals).toMatchObject([{ type: 'other-setup' }]);
    const there = `arn:aws:iam::${PEOPLE}:user/x/bob`;
    expect(planWith({ [PEOPLE]: withUser('bob', { arn: there }) }).refusals).toMatchObject([
      { type: 'arn-differs', there },
    ]);
  });
});

describe('a plan', () => {
  it('leaves what was there before on a user, and shows it', () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const plan = planWith({
      [PEOPLE]: withUser('bob', { attachedPolicyArns: [arn], groupNames: ['staff'], tags: [] }),
    });
    const bob = plan.accounts[0]!.users[1]!;
    expect(bob.extras).toEqual([
      { type: 'attached', arn },
      { type: 'group', name: 'staff' },
    ]);
    expect(stepsOf(plan, 0).filter((step) => step.type === 'call' && step.destructive)).toEqual([]);
  });

  it('shows what it made and the file no longer names', () => {
    const smaller = blueprintOf(`version: 1
accounts: { people: { id: "${PEOPLE}" } }
users: { alice: {} }
roles: { read: { enter: [alice] } }
`);
    const observed = accountsAsBlueprint(blueprint).get(PEOPLE)!;
    const { accounts } = planSetup(smaller, new Map([[PEOPLE, { observed }]]), 0);
    expect(accounts[0]!.leftovers).toEqual([
      { kind: 'user', arn: `arn:aws:iam::${PEOPLE}:user/bob`, name: 'bob', made: true },
    ]);
    expect(accounts[0]!.roles[0]!.changes).toMatchObject([{ type: 'trust' }]);
  });

  it('takes statements for the same that mean the same', () => {
    const [alice, bob] = ['alice', 'bob'].map((name) => `arn:aws:iam::${PEOPLE}:user/${name}`);
    const trustPolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        ...{ Sid: 'Other', Effect: 'Allow', Action: ['STS:AssumeRole'], Principal: { AWS: [bob, alice] } },
        Condition: {
          NumericLessThan: { 'aws:multifactorauthage': 43_200 },
          Bool: { 'aws:MultiFactorAuthPresent': true },
        },
      },
    });
    expect(planWith({ [PEOPLE]: withRole('read', { trustPolicy }) }).accounts[0]!.roles[0]!.changes).toEqual([]);
  });
});

describe('at scale', () => {
  const users = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  const labels = Array.from({ length: 10 }, (_, index) => `account-${index}`);
  const large = blueprintOf(
    JSON.stringify({
      ...{ version: 1, identity: labels[0] },
      accounts: Object.fromEntries(
        labels.map((label, index) => [label, { id: String(111_111_111_110 + index), trust_quota: 4096 }]),
      ),
      users: Object.fromEntries(users.map((name) => [name, { self_service: ['device'] }])),
      roles: Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [
          `role-${index}`,
          {
            account: labels[index % 10],
            enter: users.filter((_, user) => user % 20 === index || user % 4 === index % 4),
            permissions: { managed: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
          },
        ]),
      ),
    }),
  );

  it('plans 100 users, 20 roles and 10 accounts in well under two seconds, there or not', () => {
    const observed = accountsAsBlueprint(large);
    const empty = [...observed].map(
      ([id, one]) => [id, { observed: { ...one, account: { ...one.account, users: [], roles: [] } } }] as const,
    );
    const startMs = performance.now();
    const first = stepsOf(planSetup(large, new Map(empty), 0), 0);
    const again = stepsOf(planSetup(large, new Map([...observed].map(([id, one]) => [id, { observed: one }])), 0), 0);
    const tookMs = performance.now() - startMs;
    expect(again).toEqual([]);
    // A user: created, its roles, its self-service, its first days. A role: created, its one attachment.
    expect(first).toHaveLength(100 * 4 + 20 * 2);
    expect(tookMs).toBeLessThan(4000);
  });
});
