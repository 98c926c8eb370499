import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  blueprintOf,
  type GuardrailsWorld,
  guardrailsWorld,
  PEOPLE,
  PROD,
} from '../../../test/support/guardrails-world.ts';
import { observeAll } from '../apply/apply.ts';
import { partsOfTags } from '../blueprint/parts.ts';
import { endedSessionsPolicy } from '../plan/ended-sessions.ts';
import { type Belongings, readBelongings } from './belongings.ts';
import { formerParts, RELEASED } from './former-parts.ts';
import { hasGate } from './has-gate.ts';
import { type EntityRemoval, ownWaysIn, planRemoval } from './plan-removal.ts';
import { carryOutRemoval, type RemovalPorts } from './remove.ts';

const FILE = `version: 1
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
      inline:
        S3: { Version: 2012-10-17, Statement: [ { Effect: Allow, Action: "s3:*", Resource: "*" } ] }
  old:
    enter: [bob]
    session: 2h
    permissions:
      boundary: arn:aws:iam::aws:policy/PowerUserAccess
      inline:
        Own: { Version: 2012-10-17, Statement: [ { Effect: Allow, Action: "ec2:*", Resource: "*" } ] }
        New: { Version: 2012-10-17, Statement: [ { Effect: Allow, Action: "sqs:*", Resource: "*" } ] }
`;
const BLUEPRINT = blueprintOf(FILE);
/** Of what was there before, each part differs once more. */
const CHANGED = blueprintOf(
  FILE.replace('ec2:*', 'ecs:*')
    .replace('sqs:*', 'sns:*')
    .replace('PowerUserAccess', 'SecurityAudit')
    .replace('session: 2h', 'session: 3h')
    .replace('[alice, bob]', '[alice]'),
);
const OLD = `arn:aws:iam::${PEOPLE}:role/old`;
const OPEN_TRUST = policy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${PEOPLE}:root` },
  Action: 'sts:AssumeRole',
});
const OWN_BEFORE = policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' });

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

let world: GuardrailsWorld;
beforeEach(async () => {
  world = await guardrailsWorld();
  const people = adminOf(PEOPLE);
  // What was there before: a user that the setup takes in, a role that it gates, and a role of nobody's business.
  await people.send(new CreateUserCommand({ UserName: 'bob' }));
  await people.send(new CreateAccessKeyCommand({ UserName: 'bob' }));
  for (const RoleName of ['old', 'other']) {
    await people.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: OPEN_TRUST, Description: 'was here' }),
    );
    await people.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'Own', PolicyDocument: OWN_BEFORE }));
    const PolicyArn = 'arn:aws:iam::aws:policy/SecurityAudit';
    await people.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
});
afterEach(() => world.close());

function adminOf(accountId: string) {
  return world.iam(world.sandbox.accounts.find((account) => account.accountId === accountId));
}

async function plan(restoreOpenTrusts: boolean, leftoversOf?: readonly string[]): Promise<readonly EntityRemoval[]> {
  const observed = await observeAll(BLUEPRINT, world.ports.observe);
  const entries = world.journal.map((entry) => ({ ...entry, at: '2026-01-01T00:00:00Z' }));
  const plans = BLUEPRINT.accounts.map(async ({ account }) => {
    const found = observed.get(account.accountId)!.observed.account;
    const belongings = new Map<string, Belongings>();
    for (const { name, tags } of found.users) {
      if (partsOfTags(tags)?.parts.has('made'))
        belongings.set(name, await readBelongings(adminOf(account.accountId), name));
    }
    const former = (arn: string) => formerParts(entries, 'stepup', arn);
    const isToGo = (arn: string) => leftoversOf === undefined || !leftoversOf.includes(arn);
    return planRemoval({ setup: 'stepup', account, found, belongings, former, restoreOpenTrusts, isToGo });
  });
  return (await Promise.all(plans)).flat();
}

async function remove(restoreOpenTrusts: boolean, others: Partial<RemovalPorts> = {}): Promise<void> {
  await carryOutRemoval(await plan(restoreOpenTrusts), {
    ...{ now: world.ports.now, pause: world.ports.pause, send: world.ports.send },
    onReleased: ({ account, target }) => {
      world.journal.push({ setup: 'stepup', accountId: account.accountId, arn: target, part: RELEASED, value: '' });
    },
    onProgress: () => undefined,
    ...others,
  });
}

/** Both accounts, without times. */
async function everything(): Promise<unknown> {
  const all: unknown[] = [];
  for (const accountId of [PEOPLE, PROD]) {
    const { UserDetailList, RoleDetailList } = await adminOf(accountId).send(
      new GetAccountAuthorizationDetailsCommand({ MaxItems: 1000 }),
    );
    const { Roles } = await adminOf(accountId).send(new ListRolesCommand({}));
    const users = await Promise.all(
      (UserDetailList ?? []).map(async (user) => [user, await readBelongings(adminOf(accountId), user.UserName ?? '')]),
    );
    all.push(users, RoleDetailList, Roles);
  }
  return JSON.parse(JSON.stringify(all), (key, value) => (/Date$|^RoleLastUsed$/.test(key) ? undefined : value));
}

describe('a removal', () => {
  it('takes away what the setup made, brings back what it replaced, and touches nothing else', async () => {
    const before = await everything();
    await world.apply(BLUEPRINT);
    await remove(true);
    expect(await everything()).toEqual(before);
    expect(await plan(true)).toEqual([]);
  });

  it('doesn’t bring back what the setup itself wrote there and changed later', async () => {
    const before = await everything();
    await world.apply(BLUEPRINT);
    await world.apply(CHANGED);
    await remove(true);
    expect(await everything()).toEqual(before);
  });

  it('brings back the same wherever the apply before it was stopped', async () => {
    const before = await everything();
    for (let stop = 1; ; stop += 1) {
      let calls = 0;
      const stopped = await world
        .apply(BLUEPRINT, {
          send: async (account, call) => {
            calls += 1;
            if (calls > stop) throw new Error('stopped');
            return world.ports.send(account, call);
          },
        })
        .then(
          () => false,
          () => true,
        );
      await world.apply(CHANGED);
      await remove(true);
      expect(await everything(), `stopped after call ${stop}`).toEqual(before);
      if (!stopped) {
        expect(stop).toBeGreaterThan(10);
        return;
      }
    }
  }, 120_000);

  it('knows the setup’s own policies of users also where an older journal has them as what was there', () => {
    const entry = (part: string, value: string) => ({
      ...{ at: '2026-01-01T00:00:00Z', setup: 'stepup', accountId: PEOPLE, arn: OLD, part, value },
    });
    const entries = [entry('inline:stepup-enter', OWN_BEFORE), entry('inline:Own', OWN_BEFORE), entry('boundary', '')];
    expect([...formerParts([...entries, entry('boundary', 'later')], 'stepup', OLD)]).toEqual([
      ['inline:Own', OWN_BEFORE],
    ]);
  });

  it('leaves an open door gated until somebody says that it may be open again', async () => {
    const before = await everything();
    await world.apply(BLUEPRINT);
    await remove(false);
    const { Roles } = await adminOf(PEOPLE).send(new ListRolesCommand({}));
    const trust = decodeURIComponent(Roles?.find(({ RoleName }) => RoleName === 'old')?.AssumeRolePolicyDocument ?? '');
    expect(hasGate(trust)).toBe(true);
    const [left, ...others] = await plan(false);
    expect(others).toEqual([]);
    expect(left).toMatchObject({ arn: OLD, openTrust: OPEN_TRUST, whole: false });
    await remove(true);
    expect(await everything()).toEqual(before);
  });

  it('ends in the same state wherever it was stopped', async () => {
    const before = await everything();
    for (let stop = 1; ; stop += 1) {
      await world.apply(BLUEPRINT);
      let calls = 0;
      const stopped = await remove(true, {
        send: async (account, call) => {
          calls += 1;
          const answer = await world.ports.send(account, call);
          if (calls >= stop) throw new Error('stopped');
          return answer;
        },
      }).then(
        () => false,
        () => true,
      );
      await remove(true);
      expect(await everything(), `stopped after call ${stop}`).toEqual(before);
      if (!stopped) {
        expect(stop).toBeGreaterThan(10);
        return;
      }
    }
  }, 120_000);

  it('takes only what the file no longer names, where that is asked for', async () => {
    await world.apply(BLUEPRINT);
    const stated = [`arn:aws:iam::${PEOPLE}:user/alice`, `arn:aws:iam::${PEOPLE}:user/bob`, OLD];
    expect((await plan(false, stated)).map(({ arn, whole }) => [arn, whole])).toEqual([
      [`arn:aws:iam::${PROD}:role/ops`, true],
    ]);
  });

  it('lets ended sessions count no more before the keys are gone that made them', async () => {
    await world.apply(BLUEPRINT);
    const people = adminOf(PEOPLE);
    await people.send(new CreateAccessKeyCommand({ UserName: 'alice' }));
    const { name: PolicyName, document: PolicyDocument } = endedSessionsPolicy(Date.now());
    await people.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName, PolicyDocument }));
    const { steps } = (await plan(false)).find(({ name }) => name === 'alice')!;
    const order = steps.map(({ call: { action, input } }) => ('PolicyName' in input ? input.PolicyName : action));
    expect(order.slice(-4)).toEqual(['stepup-self-service', 'DeleteAccessKey', PolicyName, 'DeleteUser']);
    await remove(false);
    expect((await plan(false)).filter(({ kind }) => kind === 'user')).toEqual([]);
  });

  it('knows the branch that the operator sits on', async () => {
    await world.apply(BLUEPRINT);
    const removals = await plan(false);
    const own = (arn: string) => ownWaysIn(removals, { arn }).map((entity) => entity.name);
    expect(own(`arn:aws:sts::${PROD}:assumed-role/ops/me`)).toEqual(['ops']);
    expect(own(`arn:aws:iam::${PEOPLE}:user/alice`)).toEqual(['alice']);
    expect(own(`arn:aws:iam::${PEOPLE}:root`)).toEqual([]);
  });
});

describe('hasGate', () => {
  const condition = (block: object) =>
    policy({ Effect: 'Allow', Principal: { AWS: PEOPLE }, Action: 'sts:AssumeRole', Condition: block });

  it.each([
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, true],
    [{ Bool: { 'AWS:multifactorauthpresent': true } }, true],
    [{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, false],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, false],
    [{ Null: { 'aws:MultiFactorAuthPresent': 'false' } }, false],
    [{ NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }, false],
  ])('%j: %s', (block, expected) => {
    expect(hasGate(condition(block))).toBe(expected);
  });

  it('counts what it can’t read as open', () => {
    expect(hasGate('{')).toBe(false);
    expect(hasGate(OPEN_TRUST)).toBe(false);
  });
});
