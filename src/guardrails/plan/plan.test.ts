import { describe, expect, it } from 'vitest';
import { accountsAsBlueprint } from '../../../test/support/guardrails-states.ts';
import { blueprintOf, PEOPLE, PROD } from '../../../test/support/guardrails-world.ts';
import type { Account, InlinePolicy, Role, User } from '../../account/account.ts';
import { stepsOf } from '../apply/steps.ts';
import type { Operator } from '../lock-out/refusal.ts';
import { type Plan, planSetup } from './plan.ts';

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
const entering = (Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource } });
/** A role that isn't the setup's, and may enter this. */
const roleOf = (account: string, name: string, principal: unknown, enters: string): Role => ({
  ...{ arn: `arn:aws:iam::${account}:role/${name}`, id: `AROA${name}`, name, path: '/', tags: [] },
  trustPolicy: trusting(principal),
  inlinePolicies: [{ name: 'own', document: entering(enters) }],
  attachedPolicyArns: [],
});
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

  it.each<readonly [string, string, readonly string[], readonly string[]]>([
    ['this role', OPS, ['ci'], []],
    ['roles of such names', `arn:aws:iam::${PROD}:role/o*`, ['ci'], []],
    ['any role', '*', [], ['ci']],
    ['another role', `${OPS}2`, [], []],
  ])('where it gates a role and a program may enter %s from its own', (_, resource, refused, shown) => {
    const open: Change = (account) => {
      const gated = withRole('ops', { trustPolicy: trusting({ AWS: `arn:aws:iam::${PROD}:root` }), tags: [] })(account);
      return { ...gated, roles: [...gated.roles, roleOf(PROD, 'ci', { Service: 'ec2.amazonaws.com' }, resource)] };
    };
    const plan = planWith({ [PROD]: open });
    expect(plan.refusals).toEqual(refused.length === 0 ? [] : [{ type: 'role-entered', arn: OPS, roles: refused }]);
    expect(plan.accounts[1]!.roles[0]!.extras).toEqual(
      shown.length === 0 ? [] : [{ type: 'entering-roles', names: shown }],
    );
    const mended: Change = (account) => {
      const roles = open(account).roles;
      return {
        ...account,
        roles: roles.map((role) => (role.name === 'ops' ? { ...role, tags: account.roles[0]!.tags } : role)),
      };
    };
    expect(planWith({ [PROD]: mended }).refusals).toEqual([]);
  });

  describe('where nobody gets back into the role that the operator is using', () => {
    const ADMIN = `arn:aws:iam::${PROD}:role/admin`;
    const operator = { [PROD]: session(PROD, 'admin') };
    const byHand: InlinePolicy = { name: 'by-hand', document: entering(ADMIN) };
    const withAdmin =
      (principal: unknown): Change =>
      (account) => ({ ...account, roles: [...account.roles, roleOf(PROD, 'admin', principal, 'arn:aws:iam::aws:x')] });
    const aliceByHand: Change = (account) =>
      withUser('alice', { inlinePolicies: [...account.users[0]!.inlinePolicies, byHand] })(account);
    const people = { AWS: `arn:aws:iam::${PEOPLE}:root` };
    const lost = [{ type: 'last-way-in', arn: ADMIN, operator: session(PROD, 'admin').arn, perhaps: [] }];

    it('since the one user who does loses the right', () => {
      expect(planWith({ [PROD]: withAdmin(people), [PEOPLE]: aliceByHand }, operator).refusals).toEqual(lost);
    });

    it('but not if another does, by a key or with a code, or a service, or another account', () => {
      const carl: Change = (account) => ({
        ...account,
        users: [
          ...account.users,
          { ...account.users[0]!, arn: `arn:aws:iam::${PEOPLE}:user/carl`, name: 'carl', tags: [] },
        ],
      });
      const withCarl: Change = (account) => carl(aliceByHand(account));
      expect(planWith({ [PROD]: withAdmin(people), [PEOPLE]: withCarl }, operator).refusals).toEqual([]);
      for (const principal of [{ ...people, Service: 'ec2.amazonaws.com' }, { AWS: [people.AWS, '999999999999'] }]) {
        expect(planWith({ [PROD]: withAdmin(principal), [PEOPLE]: aliceByHand }, operator).refusals).toEqual([]);
      }
      expect(planWith({ [PROD]: withAdmin(people), [PEOPLE]: aliceByHand }, {}).refusals).toEqual([]);
    });

    it('since the role on the way to it is gated', () => {
      const hub = (account: Account) => withRole('read', { trustPolicy: trusting(people), tags: [] })(account);
      const reads: Change = (account) =>
        withRole('read', { inlinePolicies: [byHand] })(withUser('alice', { inlinePolicies: [] })(hub(account)));
      const both = { [PROD]: withAdmin({ AWS: `arn:aws:iam::${PEOPLE}:role/read` }), [PEOPLE]: reads };
      // Alice and bob get into `read` with a code, and from there on: that is a way.
      expect(planWith(both, operator).refusals).toEqual([]);
      // Of a role that the setup made, what came by hand goes, and with it the way.
      const own: Change = (account) => withRole('read', { inlinePolicies: [byHand] })(account);
      expect(planWith({ ...both, [PEOPLE]: own }, operator).refusals).toEqual(lost);
    });
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
    // An administrator of each account who comes by a role: who gets into those is looked at as well.
    const used = [...observed].map(([id, one]) => {
      const admin = roleOf(id, 'admin', { AWS: `arn:aws:iam::${id}:root` }, '*');
      const account = { ...one.account, roles: [...one.account.roles, admin] };
      return [id, { observed: { ...one, account }, operator: session(id, 'admin') }] as const;
    });
    expect(planSetup(large, new Map(used), 0).refusals).toEqual([]);
    const tookMs = performance.now() - startMs;
    expect(again).toEqual([]);
    // A user: created, its roles, its self-service, its first days. A role: created, its one attachment.
    expect(first).toHaveLength(100 * 4 + 20 * 2);
    expect(tookMs).toBeLessThan(4000);
  });
});
