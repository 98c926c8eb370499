import { describe, expect, it } from 'vitest';
import type { Account, InlinePolicy } from '../../account/account.ts';
import { type Blueprint, compileBlueprint } from '../blueprint/blueprint.ts';
import { bootstrapPolicy } from '../blueprint/user-policies.ts';
import { readDesiredState } from '../desired-state/read.ts';
import { endedSessionsPolicy } from '../plan/ended-sessions.ts';
import type { Claim, Finding } from './claims.ts';
import { forATime } from './for-a-time.ts';
import { proveGates } from './prove-gates.ts';
import { proveKeys } from './prove-keys.ts';

const BLUEPRINT = compileBlueprint(
  readDesiredState(
    `version: 1
identity: people
accounts:
  people: { id: "111122223333" }
  prod: { id: "444455556666" }
users:
  alice: { path: /staff/, self_service: [device, keys] }
  bob: {}
roles:
  ops: { account: prod, enter: [alice], external_id: abc, max_age: 1h }
  read: { enter: [alice, bob] }
`,
    'stepup.yaml',
  ),
);
const ALICE = 'arn:aws:iam::111122223333:user/staff/alice';
const BOB = 'arn:aws:iam::111122223333:user/bob';
const READ = 'arn:aws:iam::111122223333:role/read';

/** The accounts as they are when all stands, and beside the setup's users one that may try every role. */
function accountsOf({ accounts }: Blueprint): readonly Account[] {
  return accounts.map(({ account, users, roles }, place) => ({
    accountId: account.accountId,
    partition: 'aws',
    groups: [],
    managedPolicies: [],
    users: [
      ...users.map((user, index) => ({
        ...{ arn: user.userArn, id: `AIDA${index}`, name: user.name, path: user.path, tags: [] },
        ...{ inlinePolicies: user.inlinePolicies, attachedPolicyArns: [], groupNames: [] },
      })),
      {
        ...{
          arn: `arn:aws:iam::${account.accountId}:user/eve`,
          id: `AIDAEVE${place}`,
          name: 'eve',
          path: '/',
          tags: [],
        },
        ...{ inlinePolicies: [{ name: 'any', document: ANY_ROLE }], attachedPolicyArns: [], groupNames: [] },
      },
    ],
    roles: roles.map((role, index) => ({
      ...{ arn: role.arn, id: `AROA${place}${index}`, name: role.name, path: role.path, trustPolicy: role.trustPolicy },
      ...{ tags: [], inlinePolicies: [{ name: 'any', document: ANY_ROLE }], attachedPolicyArns: [] },
    })),
  }));
}

const ANY_ROLE = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

const ROLES = BLUEPRINT.accounts.flatMap(({ roles }) => roles);
const USERS = BLUEPRINT.accounts.flatMap(({ users }) => users);

describe('proveGates', () => {
  it('finds that all holds, for each user, role, age and kind of session', () => {
    const findings = proveGates(ROLES, accountsOf(BLUEPRINT));
    expect(findings.flatMap(({ failures }) => failures)).toEqual([]);
    expect(Object.fromEntries(findings.map(({ claim, cases }) => [claim, cases]))).toEqual({
      'fresh code': 6,
      'not an entrant': 10,
      'external id': 2,
      'key alone': 8,
      'session without a code': 8,
      'aged code': 24,
      'federated session': 8,
      'role session': 12,
    });
  });

  it.each<[string, object, readonly Claim[]]>([
    [
      'a condition that holds where the keys are absent',
      gate({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }),
      ['key alone', 'federated session', 'aged code'],
    ],
    ['no age', gate({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }), ['aged code']],
    ['an age and no presence', gate({ NumericLessThan: { 'aws:MultiFactorAuthAge': '43200' } }), []],
    [
      'a longer age',
      gate({ Bool: { 'aws:MultiFactorAuthPresent': 'true' }, NumericLessThan: { 'aws:MultiFactorAuthAge': '43201' } }),
      ['aged code'],
    ],
    [
      'a shorter age',
      gate({ Bool: { 'aws:MultiFactorAuthPresent': 'true' }, NumericLessThan: { 'aws:MultiFactorAuthAge': '43199' } }),
      ['fresh code'],
    ],
    [
      'presence that must be a key, not true',
      gate({ Null: { 'aws:MultiFactorAuthPresent': 'false' } }),
      ['session without a code', 'aged code'],
    ],
    ['no condition', gate({}), ['key alone', 'session without a code', 'aged code', 'federated session']],
    ['the whole account', { ...gate(FRESH), Principal: { AWS: '111122223333' } }, ['not an entrant', 'role session']],
    ['one entrant missing', { ...gate(FRESH), Principal: { AWS: ALICE } }, ['fresh code']],
  ])('finds a gate with %s', (_, statement, claims) => {
    expect(failedWith(policy(statement))).toEqual([...claims].sort());
  });

  it('finds a role that is not there', () => {
    const [people, prod] = accountsOf(BLUEPRINT) as [Account, Account];
    const findings = proveGates(ROLES, [people, { ...prod, roles: [] }]);
    expect(findings.flatMap(({ failures }) => failures)).toEqual([
      { what: 'arn:aws:iam::444455556666:role/ops', because: 'is not there' },
    ]);
  });
});

const FRESH = {
  Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  NumericLessThan: { 'aws:MultiFactorAuthAge': '43200' },
};

function gate(condition: object): object {
  return { Effect: 'Allow', Principal: { AWS: [ALICE, BOB] }, Action: 'sts:AssumeRole', Condition: condition };
}

/** The claims that fail when the role `read` has this trust policy. */
function failedWith(trustPolicy: string): readonly Claim[] {
  const [people, prod] = accountsOf(BLUEPRINT) as [Account, Account];
  const roles = people.roles.map((role) => (role.arn === READ ? { ...role, trustPolicy } : role));
  return proveGates(ROLES, [{ ...people, roles }, prod])
    .flatMap(claimIfFailed)
    .sort();
}

function claimIfFailed({ claim, failures }: Finding): readonly Claim[] {
  return failures.length > 0 ? [claim] : [];
}

describe('proveKeys', () => {
  const [people] = accountsOf(BLUEPRINT) as [Account];
  const withPolicy = (name: string, document: string): Account => ({
    ...people,
    users: people.users.map((user) =>
      user.arn === BOB ? { ...user, inlinePolicies: [...user.inlinePolicies, { name, document }] } : user,
    ),
  });

  it('finds that a key does nothing but ask for its roles', () => {
    expect(proveKeys(USERS, people)).toEqual({ method: 'proved', claim: 'key elsewhere', cases: 2, failures: [] });
  });

  it.each([
    ['a right', { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::b/*' }, 's3:Get* on arn:aws:s3:::b/*'],
    ['all rights', { Effect: 'Allow', Action: '*', Resource: '*' }, '* on *'],
    ['another role', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }, 'sts:AssumeRole on *'],
    ['all but some', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, 'all but iam:* on *'],
    [
      'a right from one place',
      { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
      's3:* on *',
    ],
  ])('finds %s that needs no code', (_, statement, what) => {
    const { failures } = proveKeys(USERS, withPolicy('more', policy(statement)));
    expect(failures).toEqual([{ who: BOB, what, because: 'allowed without a code by inline policy more of user bob' }]);
  });

  it('has nothing against a right that needs a code', () => {
    const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: FRESH };
    expect(proveKeys(USERS, withPolicy('more', policy(statement))).failures).toEqual([]);
  });

  it('takes nothing but the window under its name', () => {
    const bob = USERS.find(({ userArn }) => userArn === BOB)!;
    const { name, document } = bootstrapPolicy(bob, Date.UTC(2026, 0, 3));
    expect(proveKeys(USERS, withPolicy(name, document)).failures).toEqual([]);
    const altered = document.replace('iam:EnableMFADevice', 'iam:DeactivateMFADevice');
    expect(proveKeys(USERS, withPolicy(name, altered)).failures.length).toBeGreaterThan(0);
  });

  it('is told beside it what is so for a time, and until when', () => {
    const [nowMs, hourMs] = [Date.UTC(2026, 0, 3), 3_600_000];
    const bob = USERS.find(({ userArn }) => userArn === BOB)!;
    const told = ({ name, document }: InlinePolicy) => forATime(USERS, withPolicy(name, document), nowMs);
    const untilMs = nowMs + hourMs;
    expect(told(bootstrapPolicy(bob, untilMs))).toEqual({
      openBootstraps: [{ userArn: BOB, untilMs }],
      endedSessions: [],
    });
    const beforeMs = nowMs - 35 * hourMs;
    const endedSessions = [{ userArn: BOB, beforeMs, untilMs }];
    expect(told(endedSessionsPolicy(beforeMs))).toEqual({ openBootstraps: [], endedSessions });
    const none = { openBootstraps: [], endedSessions: [] };
    expect(told(bootstrapPolicy(bob, nowMs))).toEqual(none);
    expect(told(endedSessionsPolicy(beforeMs - hourMs))).toEqual(none);
    const { name, document } = bootstrapPolicy(bob, untilMs);
    expect(told({ name, document: document.replace('"Allow"', '"Deny"') })).toEqual(none);
  });
});
