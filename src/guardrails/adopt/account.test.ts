/** An account as a setup: what is read back, who gets in before and after, and what is left out. */
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayEnter, type ReadAccount } from '../../../test/support/guardrails-verdicts.ts';
import { guardrailsWorld, PEOPLE, PROD } from '../../../test/support/guardrails-world.ts';
import type { Account, Role, User } from '../../account/account.ts';
import { AccountPolicies } from '../../account/policies-of.ts';
import { type Blueprint, compileBlueprint } from '../blueprint/blueprint.ts';
import { tagsOfParts } from '../blueprint/parts.ts';
import { printSetupFile } from '../desired-state/print-setup-file.ts';
import { readDesiredState } from '../desired-state/read.ts';
import { type ObservedAccount, observeWholeAccount } from '../plan/observed.ts';
import { planSetup } from '../plan/plan.ts';
import { adoptAccount } from './account.ts';

const document = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const trusting = (Principal: object | string, Condition?: object, Action: string | string[] = 'sts:AssumeRole') =>
  document({ Effect: 'Allow', Principal, Action, ...(Condition !== undefined && { Condition }) });
const userArn = (name: string, path = '/') => `arn:aws:iam::${PEOPLE}:user${path}${name}`;
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

const user = (name: string, more: Partial<User> = {}): User => ({
  ...{ arn: userArn(name, more.path), id: `AIDA${name.toUpperCase()}`, name, path: '/', inlinePolicies: [] },
  ...{ attachedPolicyArns: [], groupNames: [], tags: [] },
  ...more,
});
const role = (name: string, trustPolicy: string, more: Partial<Role> = {}): Role => ({
  ...{ arn: `arn:aws:iam::${PEOPLE}:role${more.path ?? '/'}${name}`, id: `AROA${name.toUpperCase()}`, name, path: '/' },
  ...{ trustPolicy, inlinePolicies: [], attachedPolicyArns: [], tags: [] },
  ...more,
});
const observed = (users: readonly User[], roles: readonly Role[], devices = 1): ObservedAccount => ({
  account: { accountId: PEOPLE, partition: 'aws', users, roles, groups: [], managedPolicies: [] },
  roleSettings: new Map(roles.map(({ name }) => [name, { maxSessionSeconds: 7200, description: `# ${name}: "x"\n` }])),
  devices: new Map(users.map(({ name }) => [name, devices])),
});
const allowing = (Resource: string, Condition?: object) => ({
  name: 'mine',
  document: document({ Effect: 'Allow', Action: 'sts:*', Resource, ...(Condition !== undefined && { Condition }) }),
});

const compiled = (account: ObservedAccount): Blueprint =>
  compileBlueprint(readDesiredState(printSetupFile(adoptAccount(account, 'admin').file), 'stepup.yaml'));
const reasons = (account: ObservedAccount) =>
  Object.fromEntries(adoptAccount(account, undefined).leftOut.map(({ name, because }) => [name, because]));

const proved = (account: Account): ReadAccount => ({ account, policies: new AccountPolicies(account) });

/** As an apply would leave it: gates, and the one permission of each user beside what it has. */
function applied({ account }: ObservedAccount, blueprint: Blueprint): Account {
  const [wanted] = blueprint.accounts;
  return {
    ...account,
    users: account.users.map((one) => {
      const policies = wanted!.users.find(({ name }) => name === one.name)?.inlinePolicies ?? [];
      return { ...one, inlinePolicies: [...one.inlinePolicies, ...policies] };
    }),
    roles: account.roles.map((one) => {
      const trustPolicy = wanted!.roles.find(({ arn }) => arn === one.arn)?.trustPolicy;
      return { ...one, ...(trustPolicy !== undefined && { trustPolicy }) };
    }),
  };
}

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const NAMES = ['ann', 'bob', 'a,b', 'O.K+=@-_', '007', 'null', 'y'];
const tags = some<User['tags']>(
  [],
  [{ key: 'team', value: 'yes' }],
  [{ key: 'Cost Center', value: 'a: b' }],
  [{ key: 'aws:stack', value: 'x' }],
  tagsOfParts('stepup', ['trust']),
  tagsOfParts('other', ['made']),
);
const path = some('/', '/staff/', '/a/b/', `/${'long'.repeat(20)}/`);
const users = fc.subarray(NAMES).chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc
        .record({
          path,
          tags,
          inlinePolicies: some<User['inlinePolicies']>(
            [],
            [allowing('*')],
            [allowing(`arn:aws:iam::${PEOPLE}:role/*`, MFA)],
            [allowing('*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
            [{ name: 'no', document: document({ Effect: 'Deny', Action: '*', Resource: '*' }) }],
          ),
        })
        .map((more) => user(name, more)),
    ),
  ),
);
const TRUSTS: readonly string[] = [
  trusting({ AWS: PEOPLE }),
  trusting({ AWS: `arn:aws:iam::${PEOPLE}:root` }, MFA),
  trusting({ AWS: [userArn('ann'), userArn('bob', '/staff/'), 'AIDAGONE'] }),
  trusting({ AWS: userArn('007') }, { ...MFA, NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }),
  trusting({ AWS: PEOPLE }, { StringEquals: { 'sts:ExternalId': 'abc' } }),
  trusting({ AWS: PEOPLE }, { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
  trusting({ AWS: PEOPLE }, undefined, ['sts:AssumeRole', 'sts:TagSession']),
  trusting({ AWS: PROD }),
  trusting('*'),
  trusting({ Service: 'ec2.amazonaws.com' }),
  trusting({ AWS: [PEOPLE, `arn:aws:iam::${PEOPLE}:role/other`] }),
];
const roles = fc.subarray(['ops', 'read', 'x,y', 'true', 'AWSServiceRoleForX']).chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc
        .record({
          path: some('/', '/gated/', '/aws-service-role/x.amazonaws.com/', '/aws-reserved/sso.amazonaws.com/'),
          tags,
          trustPolicy: some(...TRUSTS),
          inlinePolicies: some<Role['inlinePolicies']>(
            [],
            [{ name: 'a: "b"', document: document({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) }],
            [
              {
                name: 'ok',
                document: document({
                  ...{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*', Sid: 'x' },
                  Condition: { StringEquals: { 'aws:PrincipalTag/a': ['no', 'on', '1e3', '#', '', ' ', '\u00e9\n'] } },
                }),
              },
            ],
          ),
        })
        .map(({ trustPolicy, ...more }) => role(name, trustPolicy, more)),
    ),
  ),
);

describe('any account', () => {
  it('is read back, and its plan gates what it took and refuses nothing', () => {
    fc.assert(
      fc.property(users, roles, (theUsers, theRoles) => {
        const account = observed(theUsers, theRoles);
        const blueprint = compiled(account);
        const plan = planSetup(blueprint, new Map([[PEOPLE, { observed: account }]]), 0);
        expect(plan.refusals).toEqual([]);
        for (const { state, blueprint: wanted } of plan.accounts[0]!.roles) {
          expect(state).toBe('there');
          const there = theRoles.find(({ arn }) => arn === wanted.arn)!;
          expect(wanted.maxSessionSeconds).toBe(7200);
          expect(wanted.inlinePolicies.map(({ document: text }) => JSON.parse(text))).toEqual(
            there.inlinePolicies.map(({ document: text }) => JSON.parse(text)),
          );
        }
        // Whoever is not in the file is named.
        const { leftOut, file } = adoptAccount(account, undefined);
        const named = [...leftOut.map(({ name }) => name), ...Object.keys(file.users), ...Object.keys(file.roles)];
        expect(named.sort()).toEqual([...theUsers, ...theRoles].map(({ name }) => name).sort());
      }),
      { numRuns: 100 },
    );
  });

  it('lets in with a fresh code exactly those who got in with one, and nobody without', () => {
    fc.assert(
      fc.property(users, roles, (theUsers, theRoles) => {
        const account = observed(theUsers, theRoles);
        const blueprint = compiled(account);
        const [before, after] = [proved(account.account), proved(applied(account, blueprint))];
        for (const wanted of blueprint.accounts[0]!.roles) {
          const [old, now] = [before, after].map(
            ({ account: one }) => one.roles.find(({ arn }) => arn === wanted.arn)!,
          );
          for (const { name } of blueprint.accounts[0]!.users) {
            const [oldUser, nowUser] = [before, after].map(
              ({ account: one }) => one.users.find((who) => who.name === name)!,
            );
            const external = wanted.gate.externalId;
            const entered = mayEnter(oldUser!, old!, 0, before, before, external);
            expect([name, wanted.name, mayEnter(nowUser!, now!, 0, after, after, external)]).toEqual([
              name,
              wanted.name,
              entered,
            ]);
            expect(mayEnter(nowUser!, now!, 'key', after, after, external)).toBe(false);
            expect(mayEnter(nowUser!, now!, 'no-code', after, after, external)).toBe(false);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is left out, by its reason', () => {
  const ann = user('ann', { inlinePolicies: [allowing('*')] });
  it.each([
    ['of-aws', role('r', trusting({ AWS: PEOPLE }), { path: '/aws-reserved/sso.amazonaws.com/' })],
    ['other-setup', role('r', trusting({ AWS: PEOPLE }), { tags: tagsOfParts('other', ['made']) })],
    ['no-codes', role('r', trusting({ Service: 'lambda.amazonaws.com', AWS: PEOPLE }))],
    ['no-codes', role('r', trusting({ AWS: PROD }))],
    ['says-more', role('r', trusting('*'))],
    ['says-more', role('r', trusting({ AWS: PEOPLE }, { StringEquals: { 'aws:PrincipalTag/a': 'b' } }))],
    ['says-more', role('r', trusting({ AWS: PEOPLE }, { StringLike: { 'sts:ExternalId': 'a*' } }))],
    ['says-more', role('r', trusting({ AWS: PEOPLE }, undefined, 'sts:*'))],
    [
      'says-more',
      role(
        'r',
        document(JSON.parse(trusting({ AWS: PEOPLE })).Statement[0], {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sts:AssumeRole',
        }),
      ),
    ],
    [
      'says-more',
      role(
        'r',
        document(
          JSON.parse(trusting({ AWS: PEOPLE }, MFA)).Statement[0],
          JSON.parse(trusting({ AWS: userArn('ann') }, { StringEquals: { 'sts:ExternalId': 'abc' } })).Statement[0],
        ),
      ),
    ],
    ['nobody-enters', role('r', trusting({ AWS: userArn('gone') }))],
    ['unsayable', role('r,s', trusting({ AWS: PEOPLE }))],
  ])('%s', (type, one) => {
    expect(reasons(observed([ann], [one]))).toEqual({ [one.name]: expect.objectContaining({ type }) });
  });
});

describe('what somebody should know', () => {
  it('names sessions, conditions and users without a device that a gate makes a difference to', () => {
    const account = observed(
      [
        user('bot', { inlinePolicies: [allowing('*')], tags: [{ key: 'Cost Center', value: '1' }] }),
        user('cy', { inlinePolicies: [allowing('*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })] }),
        user('dee'),
      ],
      [
        role('ops', trusting({ AWS: PEOPLE })),
        role('ec2', trusting({ Service: 'ec2.amazonaws.com' }), { inlinePolicies: [allowing('*')] }),
      ],
      0,
    );
    const { notes, file } = adoptAccount(account, undefined);
    expect(file.roles['ops']?.enter).toEqual(['bot']);
    expect(notes).toEqual([
      { type: 'tags-unsaid', kind: 'user', name: 'bot', keys: ['Cost Center'] },
      { type: 'entered-by-roles', role: 'ops', by: ['ec2'] },
      { type: 'conditional', role: 'ops', users: ['cy'] },
      { type: 'no-device', user: 'bot', roles: ['ops'] },
    ]);
  });

  it('keeps the age and the external id of a gate that is there', () => {
    const trust = trusting(
      { AWS: userArn('ann') },
      { ...MFA, NumericLessThan: { 'aws:MultiFactorAuthAge': '900' }, StringEquals: { 'sts:ExternalId': 'abc' } },
    );
    const { file } = adoptAccount(observed([user('ann')], [role('ops', trust)]), undefined);
    expect(file.roles['ops']).toMatchObject({ max_age: 900, external_id: 'abc', enter: ['ann'], session: 7200 });
  });
});

describe('an account of a sandbox', () => {
  it('is adopted, applied, and stays as it was otherwise', async () => {
    const world = await guardrailsWorld();
    try {
      const iam = world.iam();
      await iam.send(new CreateUserCommand({ UserName: 'ann', Path: '/staff/', Tags: [{ Key: 'team', Value: 'a' }] }));
      await iam.send(new CreateUserCommand({ UserName: 'bob' }));
      await iam.send(new CreateGroupCommand({ GroupName: 'staff' }));
      await iam.send(
        new PutGroupPolicyCommand({
          ...{ GroupName: 'staff', PolicyName: 'enter' },
          PolicyDocument: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }),
        }),
      );
      await iam.send(new AddUserToGroupCommand({ GroupName: 'staff', UserName: 'ann' }));
      const ReadOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
      await iam.send(new AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: ReadOnly }));
      await iam.send(
        new CreateRoleCommand({
          ...{ RoleName: 'ops', AssumeRolePolicyDocument: trusting({ AWS: PEOPLE }), Description: 'for days' },
          ...{ MaxSessionDuration: 14_400, PermissionsBoundary: ReadOnly },
        }),
      );
      const PolicyDocument = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
      await iam.send(new PutRolePolicyCommand({ RoleName: 'ops', PolicyName: 'S3', PolicyDocument }));
      await iam.send(
        new CreateRoleCommand({ RoleName: 'vm', AssumeRolePolicyDocument: trusting({ Service: 'ec2.amazonaws.com' }) }),
      );

      const adopted = adoptAccount(await observeWholeAccount(iam, { accountId: PEOPLE, partition: 'aws' }), 'admin');
      expect(printSetupFile(adopted.file)).toBe(`version: 1
accounts:
  main:
    id: "${PEOPLE}"
    profile: admin
users:
  ann:
    path: /staff/
    tags:
      team: a
  bob: {}
roles:
  ops:
    description: for days
    enter:
      - ann
    permissions:
      inline:
        S3:
          Version: 2012-10-17
          Statement:
            - Effect: Allow
              Action: s3:*
              Resource: "*"
      boundary: ${ReadOnly}
    session: 14400
`);
      expect(adopted.leftOut).toEqual([
        { kind: 'role', name: 'vm', because: { type: 'no-codes', principals: ['ec2.amazonaws.com'] } },
      ]);
      const blueprint = compileBlueprint(readDesiredState(printSetupFile(adopted.file), 'stepup.yaml'));
      const [plan] = (await world.plan(blueprint)).accounts;
      expect(plan?.roles.map(({ name, changes }) => [name, changes.map(({ type }) => type)])).toEqual([
        ['ops', ['trust', 'tags']],
      ]);
      // What was there is not the setup's to take away again: of the role it's the gate alone.
      expect(plan?.roles[0]?.partsAfter).toEqual(['trust']);
      expect(plan?.users.map(({ name, partsAfter }) => [name, partsAfter])).toEqual([
        ['ann', ['inline:stepup-bootstrap', 'inline:stepup-enter']],
        ['bob', ['inline:stepup-bootstrap']],
      ]);
      await world.apply(blueprint);
      const after = adoptAccount(await observeWholeAccount(iam, { accountId: PEOPLE, partition: 'aws' }), 'admin');
      expect(after.file).toEqual({
        ...adopted.file,
        roles: { ops: { ...adopted.file.roles['ops'], max_age: 43_200 } },
      });
    } finally {
      await world.close();
    }
  });
});
