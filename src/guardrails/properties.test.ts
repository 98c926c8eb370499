/** What holds of every setup: who gets in with what, and what a stolen key is worth. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountsAsBlueprint, setupOf } from '../../test/support/guardrails-states.ts';
import { mayEnter, type Proof, type ReadAccount, readAccounts } from '../../test/support/guardrails-verdicts.ts';
import { guardrailsWorld, PEOPLE, PROD } from '../../test/support/guardrails-world.ts';
import { contextOfUser } from '../account/context-of.ts';
import { AccountPolicies } from '../account/policies-of.ts';
import { allowsWithoutMfa } from '../policy/ask/without-mfa.ts';
import { parsePolicy } from '../policy/parse.ts';
import { preparePolicy } from '../policy/prepare.ts';
import { type Blueprint, compileBlueprint } from './blueprint/blueprint.ts';
import { bootstrapPolicy } from './blueprint/user-policies.ts';
import { resolveDesiredState } from './desired-state/resolve.ts';
import { isEmpty, planSetup } from './plan/plan.ts';

const setups = setupOf([PEOPLE, PROD]);
const compile = (file: Parameters<typeof resolveDesiredState>[0]) => compileBlueprint(resolveDesiredState(file));

const asIfApplied = (blueprint: Blueprint): ReadonlyMap<string, ReadAccount> =>
  new Map(
    [...accountsAsBlueprint(blueprint)].map(([id, { account }]) => [
      id,
      { account, policies: new AccountPolicies(account) },
    ]),
  );

/** For each user and role of the accounts, whatever the proof: let in exactly where the setup says so. */
function expectExactlyTheStatedRoles(blueprint: Blueprint, accounts: ReadonlyMap<string, ReadAccount>): void {
  const people = accounts.get(PEOPLE)!;
  for (const { account, roles } of blueprint.accounts) {
    const owner = accounts.get(account.accountId)!;
    for (const role of owner.account.roles) {
      const wanted = roles.find(({ arn }) => arn === role.arn)!;
      const { maxAgeSeconds, entrants, externalId } = wanted.gate;
      for (const user of people.account.users) {
        const stated = entrants.includes(user.arn);
        const proofs: readonly (readonly [Proof, boolean])[] = [
          ['key', false],
          ['no-code', false],
          [0, stated],
          [maxAgeSeconds - 1, stated],
          [maxAgeSeconds, false],
          [maxAgeSeconds + 1, false],
        ];
        for (const [proof, allowed] of proofs) {
          const what = [user.name, role.name, proof];
          expect([...what, mayEnter(user, role, proof, people, owner, externalId)]).toEqual([...what, allowed]);
          if (externalId !== undefined)
            expect([...what, mayEnter(user, role, proof, people, owner)]).toEqual([...what, false]);
        }
        expect(
          allowsWithoutMfa({
            principal: { type: 'user', arn: user.arn, accountId: PEOPLE, uniqueId: user.id },
            action: 'sts:AssumeRole',
            resource: role.arn,
            known: new Map(contextOfUser(user)),
            policies: { ...people.policies.ofUser(user), resource: owner.policies.trustOf(role) },
          }).answer,
        ).toBe('no');
      }
    }
  }
}

describe('any setup', () => {
  it('lets each user into exactly its roles, with a young code and with nothing else', () => {
    fc.assert(
      fc.property(setups, (file) => {
        const blueprint = compile(file);
        expectExactlyTheStatedRoles(blueprint, asIfApplied(blueprint));
      }),
      { numRuns: 60 },
    );
  });

  it('does so when it was applied and read back', async () => {
    await fc.assert(
      fc.asyncProperty(setups, async (file) => {
        const world = await guardrailsWorld();
        try {
          const blueprint = compile(file);
          await world.apply(blueprint);
          expect(isEmpty(await world.plan(blueprint))).toBe(true);
          expectExactlyTheStatedRoles(blueprint, await readAccounts(world));
        } finally {
          await world.close();
        }
      }),
      { numRuns: 5 },
    );
  });

  it('has nothing to do where all is as it says, and gives a stolen key no right but to list and to ask', () => {
    fc.assert(
      fc.property(setups, (file) => {
        const blueprint = compile(file);
        const observed = accountsAsBlueprint(blueprint);
        const planned = new Map([...observed].map(([id, account]) => [id, { observed: account }]));
        expect(isEmpty(planSetup(blueprint, planned, 0))).toBe(true);
        for (const user of blueprint.accounts[0]!.users) {
          const identity = user.inlinePolicies.map(({ document }) => preparePolicy(parsePolicy(document, 'identity')));
          for (const [action, resource] of [
            ['iam:CreateVirtualMFADevice', user.deviceArn],
            ['iam:EnableMFADevice', user.userArn],
            ['iam:DeactivateMFADevice', user.userArn],
            ['iam:CreateAccessKey', user.userArn],
            ['s3:GetObject', 'arn:aws:s3:::any/thing'],
          ] as const) {
            const principal = { type: 'user', arn: user.userArn, accountId: PEOPLE } as const;
            expect(allowsWithoutMfa({ principal, action, resource, policies: { identity } }).answer).toBe('no');
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the bootstrap statement', () => {
  const owner = { userArn: `arn:aws:iam::${PEOPLE}:user/ann`, deviceArn: `arn:aws:iam::${PEOPLE}:mfa/ann` };
  const untilMs = Date.UTC(2026, 0, 3);
  const policy = preparePolicy(parsePolicy(bootstrapPolicy(owner, untilMs).document, 'identity'));
  const answer = (action: string, resource: string, at: string) =>
    allowsWithoutMfa({
      principal: { type: 'user', arn: owner.userArn, accountId: PEOPLE },
      ...{ action, resource, policies: { identity: [policy] } },
      known: new Map([['aws:currenttime', [at]]]),
    }).answer;

  it('is for the device of one’s own name, until its end', () => {
    expect(answer('iam:CreateVirtualMFADevice', owner.deviceArn, '2026-01-02T23:59:59Z')).toBe('yes');
    expect(answer('iam:CreateVirtualMFADevice', owner.deviceArn, '2026-01-03T00:00:00Z')).toBe('no');
    expect(answer('iam:CreateVirtualMFADevice', `${owner.deviceArn}-2`, '2026-01-02T00:00:00Z')).toBe('no');
    expect(answer('iam:EnableMFADevice', owner.userArn.replace('ann', 'bob'), '2026-01-02T00:00:00Z')).toBe('no');
  });

  it.each([
    'iam:DeactivateMFADevice',
    'iam:ResyncMFADevice',
    'iam:CreateAccessKey',
    'iam:PutUserPolicy',
    'sts:AssumeRole',
  ])('gives no right to %s', (action) => {
    for (const resource of [owner.userArn, owner.deviceArn])
      expect(answer(action, resource, '2026-01-01T00:00:00Z')).toBe('no');
  });
});
