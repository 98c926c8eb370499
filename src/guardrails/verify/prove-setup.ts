/** All that can be proved of a setup from the accounts as they were read back. */
import type { Blueprint } from '../blueprint/blueprint.ts';
import { type PlannedAccount, planSetup } from '../plan/plan.ts';
import type { Finding } from './claims.ts';
import { type ForATime, forATime } from './for-a-time.ts';
import { proveGates } from './prove-gates.ts';
import { proveKeys } from './prove-keys.ts';
import { proveStated } from './prove-stated.ts';

export interface SetupProof extends ForATime {
  readonly findings: readonly Finding[];
}

/**
 * `observed` holds each account of the blueprint by its id. Throws StepupError `malformed-policy` and
 * `account-policy-missing` for an account whose policies can't be read whole: what isn't read can't be proved.
 */
export function proveSetup(
  blueprint: Blueprint,
  observed: ReadonlyMap<string, PlannedAccount>,
  nowMs: number,
): SetupProof {
  const accounts = [...observed.values()].map(({ observed: { account } }) => account);
  const roles = blueprint.accounts.flatMap((account) => account.roles);
  const people = blueprint.accounts.flatMap(({ account: { accountId }, users }) => {
    const account = accounts.find((one) => one.accountId === accountId);
    return account === undefined || users.length === 0 ? [] : [{ users, account }];
  });
  const passing = people.map(({ users, account }) => forATime(users, account, nowMs));
  return {
    findings: [
      proveStated(planSetup(blueprint, observed, nowMs)),
      ...proveGates(roles, accounts),
      ...people.map(({ users, account }) => proveKeys(users, account)),
    ],
    openBootstraps: passing.flatMap(({ openBootstraps }) => openBootstraps),
    endedSessions: passing.flatMap(({ endedSessions }) => endedSessions),
  };
}
