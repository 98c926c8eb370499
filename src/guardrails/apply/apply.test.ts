import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterEach, describe, expect, it } from 'vitest';
import {
  blueprintOf,
  type GuardrailsWorld,
  guardrailsWorld,
  PEOPLE,
  PROD,
  type WorldOptions,
} from '../../../test/support/guardrails-world.ts';
import { isEmpty } from '../plan/plan.ts';

const SETUP = `version: 1
identity: people
accounts:
  people: { id: "${PEOPLE}" }
  prod: { id: "${PROD}" }
users:
  alice: { self_service: [device, keys], tags: { team: a } }
  bob: {}
roles:
  ops:
    account: prod
    enter: [alice, bob]
    permissions:
      managed: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      inline:
        S3: { Version: 2012-10-17, Statement: [ { Effect: Allow, Action: "s3:*", Resource: "*" } ] }
  read: { enter: [alice], session: 2h, description: reads }
`;

let world: GuardrailsWorld;
const open = async (options: WorldOptions = {}) => {
  world = await guardrailsWorld(options);
  return world;
};
afterEach(() => world.close());

const admin = (accountId: string) =>
  world.iam(world.sandbox.accounts.find((account) => account.accountId === accountId));

const summary = async (yaml = SETUP) => {
  const plan = await world.plan(blueprintOf(yaml));
  return plan.accounts.flatMap(({ users, roles }) =>
    [...users, ...roles].map(({ name, changes }) => [name, changes.map((change) => change.type)]),
  );
};

describe('apply', () => {
  it('makes all of it, and has nothing to do the second time but for the bootstrap', async () => {
    await open();
    const blueprint = blueprintOf(SETUP);
    const report = await world.apply(blueprint);
    expect(report.left).toEqual([]);
    expect(world.calls.filter((name) => !['Observe'].includes(name))).toEqual([
      'CreateUser',
      'CreateUser',
      'PutUserPolicy',
      'PutUserPolicy',
      'PutUserPolicy',
      'PutUserPolicy',
      'PutUserPolicy',
      'CreateRole',
      'CreateRole',
      'PutRolePolicy',
      'AttachRolePolicy',
    ]);
    const plan = await world.plan(blueprint);
    expect(plan.refusals).toEqual([]);
    expect(isEmpty(plan)).toBe(true);
    expect(world.journal).toEqual([]);
    expect(world.inFlight.most).toBeLessThanOrEqual(6);
  });

  it('finds what was changed by hand, and mends it', async () => {
    await open();
    await world.apply(blueprintOf(SETUP));
    const [prod, people] = [admin(PROD), admin(PEOPLE)];
    const openDoor = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: PROD, Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    });
    const everything = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
    });
    await prod.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'ops', PolicyDocument: openDoor }));
    await prod.send(new PutRolePolicyCommand({ RoleName: 'ops', PolicyName: 'more', PolicyDocument: everything }));
    await people.send(
      new AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    );
    await people.send(new DeleteUserPolicyCommand({ UserName: 'alice', PolicyName: 'stepup-enter' }));
    expect(await summary()).toEqual([
      ['alice', ['inline']],
      ['bob', ['detach']],
      ['read', []],
      ['ops', ['trust', 'inline']],
    ]);
    await world.apply(blueprintOf(SETUP));
    expect(isEmpty(await world.plan(blueprintOf(SETUP)))).toBe(true);
    expect(world.journal.map(({ arn, part }) => `${arn.split('/')[1]} ${part}`).sort()).toEqual([
      'bob managed',
      'ops inline:more',
      'ops trust',
    ]);
  });

  it('gates a role that is there, keeps what it had, and lets the users in only with a code meanwhile', async () => {
    await open();
    const prod = admin(PROD);
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: PROD }, Action: 'sts:AssumeRole' },
    });
    await prod.send(new CreateRoleCommand({ RoleName: 'ops', AssumeRolePolicyDocument }));
    await prod.send(
      new AttachRolePolicyCommand({ RoleName: 'ops', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    );
    await admin(PEOPLE).send(new CreateUserCommand({ UserName: 'bob' }));
    const plan = await world.plan(blueprintOf(SETUP));
    expect(plan.accounts[1]!.roles[0]).toMatchObject({
      state: 'there',
      extras: [{ type: 'attached', arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    });
    const sent: string[] = [];
    await world.apply(blueprintOf(SETUP), {
      send: (account, call) => {
        sent.push(`${call.action} ${JSON.stringify(call.input)}`);
        return world.ports.send(account, call);
      },
    });
    const enter = sent.filter(
      (line) => line.startsWith('PutUserPolicy') && line.includes('stepup-enter') && line.includes('"bob"'),
    );
    expect(enter).toHaveLength(2);
    expect(enter[0]).toContain('MultiFactorAuthPresent');
    expect(enter[1]).not.toContain('MultiFactorAuthPresent');
    const gate = sent.findIndex((line) => line.startsWith('UpdateAssumeRolePolicy'));
    expect(sent.indexOf(enter[0]!)).toBeLessThan(gate);
    expect(sent.indexOf(enter[1]!)).toBeGreaterThan(gate);
    expect(isEmpty(await world.plan(blueprintOf(SETUP)))).toBe(true);
  });

  it('waits until what it made is known everywhere', async () => {
    await open({ visibleAfterMs: 700 });
    await world.apply(blueprintOf(SETUP));
    await expect.poll(async () => isEmpty(await world.plan(blueprintOf(SETUP))), { timeout: 20_000 }).toBe(true);
  });
});
