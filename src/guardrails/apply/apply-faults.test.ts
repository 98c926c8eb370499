/** An apply while AWS throttles, fails and drops connections at random: it comes to the same end each time. */
import {
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stateOf } from '../../../test/support/guardrails-verdicts.ts';
import {
  blueprintOf,
  type GuardrailsWorld,
  guardrailsWorld,
  PEOPLE,
  PROD,
} from '../../../test/support/guardrails-world.ts';
import type { Fault } from '../../sandbox/faults.ts';
import { isEmpty } from '../plan/plan.ts';

const before = blueprintOf(`version: 1
identity: people
accounts: { people: { id: "${PEOPLE}" }, prod: { id: "${PROD}" } }
users: { alice: {} }
roles: { ops: { account: prod, enter: [alice] } }
`);
const blueprint = blueprintOf(`version: 1
identity: people
accounts: { people: { id: "${PEOPLE}" }, prod: { id: "${PROD}" } }
users: { alice: { self_service: [device], tags: { team: a } }, bob: {} }
roles:
  ops: { account: prod, enter: [alice, bob], session: 2h, permissions: { managed: [arn:aws:iam::aws:policy/ReadOnlyAccess] } }
  read: { enter: [bob] }
`);

/** Some of it is made, some was there, some was changed by hand: there is something to create, change and take away. */
async function prepare(world: GuardrailsWorld): Promise<void> {
  await world.apply(before);
  const [people, prod] = [PEOPLE, PROD].map((id) =>
    world.iam(world.sandbox.accounts.find(({ accountId }) => accountId === id)),
  );
  const trust = (account: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' },
    });
  const all = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
  });
  await people!.send(new CreateUserCommand({ UserName: 'bob' }));
  await people!.send(new CreateRoleCommand({ RoleName: 'read', AssumeRolePolicyDocument: trust(PEOPLE) }));
  const PolicyArn = 'arn:aws:iam::aws:policy/SecurityAudit';
  await people!.send(new AttachUserPolicyCommand({ UserName: 'alice', PolicyArn }));
  await prod!.send(new PutRolePolicyCommand({ RoleName: 'ops', PolicyName: 'more', PolicyDocument: all }));
  await prod!.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'ops', PolicyDocument: trust(PROD) }));
}

let wanted: string;
const sent = new Set<string>();
let clean: GuardrailsWorld;
beforeAll(async () => {
  clean = await guardrailsWorld();
  await prepare(clean);
  const start = clean.calls.length;
  await clean.apply(blueprint);
  for (const name of clean.calls.slice(start)) if (name !== 'Observe') sent.add(name);
  wanted = await stateOf(clean);
});
afterAll(() => clean.close());

const READS = ['GetCallerIdentity', 'GetAccountAuthorizationDetails', 'ListMFADevices', 'ListRoles'];

const fault = (actions: readonly string[]): fc.Arbitrary<Fault> =>
  fc.record({
    action: fc.constantFrom(...actions),
    times: fc.integer({ min: 1, max: 3 }),
    answer: fc.constantFrom('throttle' as const, 'fail' as const, 'cut' as const),
    when: fc.constantFrom('before' as const, 'after' as const),
  });

it('comes to the same state, whatever is refused for the moment and whichever answers are lost', async () => {
  const actions = [...sent, ...READS, 'iam:*'];
  expect(sent.size).toBeGreaterThan(7);
  await fc.assert(
    fc.asyncProperty(fc.array(fault(actions), { minLength: 5, maxLength: 25 }), async (faults) => {
      const world = await guardrailsWorld();
      try {
        await prepare(world);
        for (const one of faults) world.sandbox.addFault(one);
        await world.apply(blueprint);
        expect(await stateOf(world)).toBe(wanted);
        expect(isEmpty(await world.plan(blueprint))).toBe(true);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
