/** Every stop on the way of an apply: each is safe, and the next run ends in the same state. */
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { mayEnter, readAccounts, stateOf } from '../../../test/support/guardrails-verdicts.ts';
import {
  blueprintOf,
  type GuardrailsWorld,
  guardrailsWorld,
  PEOPLE,
  PROD,
} from '../../../test/support/guardrails-world.ts';
import type { Fault } from '../../sandbox/faults.ts';
import { isEmpty } from '../plan/plan.ts';

const SETUP = (change = '') => `version: 1
identity: people
accounts:
  people: { id: "${PEOPLE}" }
  prod: { id: "${PROD}" }
users:
  alice: { self_service: [device], tags: { team: a } }
  bob: {}
roles:
  ops:
    account: prod
    enter: [alice, bob]
    permissions:
      managed: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      inline: { S3: { Version: 2012-10-17, Statement: [ { Effect: Allow, Action: "s3:*", Resource: "*" } ] } }
  read: { enter: [alice], session: 2h }
${change}`;

const blueprint = blueprintOf(SETUP());
const EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});

class Crash extends Error {}

/** Applies, and dies once `calls` calls were answered: nothing is sent after that. Whether it came so far. */
async function applyAndCrash(world: GuardrailsWorld, calls: number): Promise<boolean> {
  let answered = 0;
  let dead = false;
  const send: typeof world.ports.send = async (account, call) => {
    if (dead) throw new Crash();
    const answer = await world.ports.send(account, call);
    answered += 1;
    if (answered >= calls) {
      dead = true;
      throw new Crash();
    }
    return answer;
  };
  try {
    await world.apply(blueprint, { send });
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

/** No role that should be gated opens without a code, and each gated one has a way in. */
async function expectSafe(world: GuardrailsWorld, openBefore: ReadonlySet<string>): Promise<void> {
  const accounts = await readAccounts(world);
  const people = accounts.get(PEOPLE)!;
  for (const { account, roles } of blueprint.accounts) {
    const owner = accounts.get(account.accountId)!;
    for (const wanted of roles) {
      const role = owner.account.roles.find(({ arn }) => arn === wanted.arn);
      if (role === undefined) continue;
      const entrants = people.account.users.filter(({ arn }) => wanted.gate.entrants.includes(arn));
      const gated = JSON.stringify(JSON.parse(role.trustPolicy)) === wanted.trustPolicy;
      if (!gated) expect(openBefore).toContain(role.name);
      for (const user of entrants) {
        if (!openBefore.has(`${user.name} in`)) {
          expect([user.name, role.name, mayEnter(user, role, 'key', people, owner)]).toEqual([
            user.name,
            role.name,
            false,
          ]);
        }
        if (gated) expect([user.name, mayEnter(user, role, 60, people, owner)]).toEqual([user.name, true]);
      }
      if (gated) expect(entrants.length).toBeGreaterThan(0);
    }
  }
}

interface Scene {
  readonly name: string;
  readonly prepare: (world: GuardrailsWorld) => Promise<void>;
  readonly openBefore: readonly string[];
}

const admin = (world: GuardrailsWorld, accountId: string) =>
  world.iam(world.sandbox.accounts.find((account) => account.accountId === accountId));
const trusting = (principal: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' },
  });

const SCENES: readonly Scene[] = [
  { name: 'nothing there', prepare: async () => undefined, openBefore: [] },
  {
    name: 'roles and a user there, open to their accounts',
    prepare: async (world) => {
      const [people, prod] = [admin(world, PEOPLE), admin(world, PROD)];
      await people.send(new CreateUserCommand({ UserName: 'bob' }));
      await prod.send(new CreateRoleCommand({ RoleName: 'ops', AssumeRolePolicyDocument: trusting({ AWS: PROD }) }));
      await people.send(
        new CreateRoleCommand({ RoleName: 'read', AssumeRolePolicyDocument: trusting({ AWS: PEOPLE }) }),
      );
    },
    openBefore: ['ops', 'read'],
  },
  {
    name: 'what it made, and changed by hand in every way',
    prepare: async (world) => {
      await world.apply(blueprint);
      const [people, prod] = [admin(world, PEOPLE), admin(world, PROD)];
      const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
      await prod.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'ops', PolicyDocument: trusting({ AWS: PROD }) }));
      await prod.send(new PutRolePolicyCommand({ RoleName: 'ops', PolicyName: 'more', PolicyDocument: EVERYTHING }));
      await prod.send(new PutRolePolicyCommand({ RoleName: 'ops', PolicyName: 'S3', PolicyDocument: EVERYTHING }));
      await people.send(new AttachRolePolicyCommand({ RoleName: 'read', PolicyArn }));
      await people.send(new AttachUserPolicyCommand({ UserName: 'bob', PolicyArn }));
      await people.send(
        new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'mine', PolicyDocument: EVERYTHING }),
      );
      await people.send(new CreateGroupCommand({ GroupName: 'staff' }));
      await people.send(new AddUserToGroupCommand({ UserName: 'bob', GroupName: 'staff' }));
    },
    // What was given by hand to alice and bob opens what they like, until it is taken from them.
    openBefore: ['ops', 'alice in', 'bob in'],
  },
];

describe.each(SCENES)('a crash after every call, with $name', ({ prepare, openBefore }) => {
  it('is safe, and the next run ends in the same state', async () => {
    const clean = await guardrailsWorld();
    await prepare(clean);
    const before = clean.calls.length;
    await clean.apply(blueprint);
    const total = clean.calls.slice(before).filter((name) => name !== 'Observe').length;
    const wanted = await stateOf(clean);
    await clean.close();
    expect(total).toBeGreaterThan(5);
    for (let calls = 1; calls <= total; calls += 1) {
      const world = await guardrailsWorld();
      try {
        await prepare(world);
        expect(await applyAndCrash(world, calls)).toBe(true);
        await expectSafe(world, new Set(openBefore));
        await world.apply(blueprint);
        expect(isEmpty(await world.plan(blueprint))).toBe(true);
        expect(await stateOf(world)).toBe(wanted);
      } finally {
        await world.close();
      }
    }
  }, 120_000);
});

describe('an apply through a bad network', () => {
  it.each<Fault['answer']>(['throttle', 'fail', 'cut'])(
    'comes to the same state past every %s, before and after',
    async (answer) => {
      const clean = await guardrailsWorld();
      await clean.apply(blueprint);
      const wanted = await stateOf(clean);
      await clean.close();
      const world = await guardrailsWorld();
      try {
        const actions = ['CreateUser', 'CreateRole', 'PutUserPolicy', 'PutRolePolicy', 'AttachRolePolicy'];
        for (const action of [...actions, 'GetAccountAuthorizationDetails', 'GetCallerIdentity']) {
          world.sandbox.addFault({ action, answer, times: 2 });
          if (answer !== 'throttle') world.sandbox.addFault({ action, answer, when: 'after' });
        }
        await world.apply(blueprint);
        expect(await stateOf(world)).toBe(wanted);
      } finally {
        await world.close();
      }
    },
  );
});

describe('two operators at once', () => {
  it('with the same file make one setup, and no role is ever ungated', async () => {
    const world = await guardrailsWorld();
    try {
      await Promise.all([world.apply(blueprint), world.apply(blueprint)]);
      await expectSafe(world, new Set());
      expect(isEmpty(await world.plan(blueprint))).toBe(true);
    } finally {
      await world.close();
    }
  });

  it('with different files leave every role gated, and the next plan shows what differs', async () => {
    const world = await guardrailsWorld();
    const other = blueprintOf(
      SETUP().replace('enter: [alice, bob]', 'enter: [alice]').replace('session: 2h', 'session: 3h'),
    );
    try {
      await Promise.all([world.apply(blueprint), world.apply(other)]);
      await expectSafe(world, new Set(['ops']));
      const [one, two] = [await world.plan(blueprint), await world.plan(other)];
      expect(isEmpty(one) && isEmpty(two)).toBe(false);
      await world.apply(other);
      expect(isEmpty(await world.plan(other))).toBe(true);
    } finally {
      await world.close();
    }
  });

  it('take nothing away that the other has put right in the meantime', async () => {
    const world = await guardrailsWorld();
    try {
      await world.apply(blueprint);
      const people = admin(world, PEOPLE);
      await people.send(new PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'mine', PolicyDocument: EVERYTHING }));
      const widened = blueprintOf(SETUP().replace('bob: {}', 'bob: { tags: { late: "yes" } }'));
      let raced = false;
      await world.apply(widened, {
        send: async (account, call) => {
          const answer = await world.ports.send(account, call);
          if (!raced) {
            raced = true;
            await world.apply(widened);
          }
          return answer;
        },
      });
      expect(world.journal.filter(({ part }) => part === 'inline:mine')).toHaveLength(1);
      expect(isEmpty(await world.plan(widened))).toBe(true);
    } finally {
      await world.close();
    }
  });
});
