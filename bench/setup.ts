/** A setup of a hundred users, twenty roles and ten accounts: how long it plans, and how many calls it takes. */
import { applyPlan, observeAll } from '../src/guardrails/apply/apply.ts';
import { planSetup } from '../src/guardrails/plan/plan.ts';
import { accountsAsBlueprint } from '../test/support/guardrails-states.ts';
import { blueprintOf, guardrailsWorld } from '../test/support/guardrails-world.ts';
import type { Row } from './measure/row.ts';

const ACCOUNTS = Array.from({ length: 10 }, (_, index) => String(111_111_111_110 + index));
const USERS = Array.from({ length: 100 }, (_, index) => `user-${index}`);

const setup = {
  ...{ version: 1, identity: 'account-0' },
  accounts: Object.fromEntries(ACCOUNTS.map((id, index) => [`account-${index}`, { id }])),
  users: Object.fromEntries(USERS.map((name) => [name, {}])),
  roles: Object.fromEntries(
    Array.from({ length: 20 }, (_, role) => [
      `role-${role}`,
      {
        account: `account-${role % 10}`,
        enter: USERS.filter((__, user) => user % 5 === role % 5),
        permissions: { managed: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
      },
    ]),
  ),
};

export async function bench(): Promise<readonly Row[]> {
  const blueprint = blueprintOf(JSON.stringify(setup));
  const there = new Map([...accountsAsBlueprint(blueprint)].map(([id, observed]) => [id, { observed }]));
  const startMs = performance.now();
  planSetup(blueprint, there, 0);
  const planMs = performance.now() - startMs;
  const world = await guardrailsWorld({ accounts: ACCOUNTS });
  try {
    const { calls, inFlight, ports } = world;
    const plan = planSetup(blueprint, await observeAll(blueprint, ports.observe), ports.now());
    const before = calls.length;
    await applyPlan(blueprint, plan, ports);
    const sent = calls.length - before;
    return [
      {
        ...{ what: 'setup: plan 100 users, 20 roles, 10 accounts', unit: 'ms', better: 'lower', ours: planMs },
        other: { name: 'limit', value: 2000 },
        aim: 1,
        // A user is made, and gets its roles and its first days; a role is made, and gets its one attachment.
        note: `the first apply: ${sent} calls, ${USERS.length * 3 + 20 * 2} at least; ${inFlight.most} at once`,
      },
    ];
  } finally {
    await world.close();
  }
}
