/** Whether calls would shut the operator out: a session of a role lasts for an hour or so, and then wants to get in again. */
import type { Account } from '../../account/account.ts';
import { accountAfter, type TargetedCall } from '../apply/after-calls.ts';
import { isSessionOf, type Operator } from './refusal.ts';
import { hasWayIn, perhapsEntering, placeOf } from './ways-in.ts';

export interface UsedAccount {
  readonly account: Account;
  readonly operator?: Operator | undefined;
}

export interface LostWay {
  readonly arn: string;
  readonly operator: string;
  /** Who may still get in, under conditions that only a request shows. */
  readonly perhaps: readonly string[];
}

/**
 * The roles that operators are sessions of and into which nobody would get any more. Where conditions that only a request
 * shows leave a doubt, a role counts as lost once anybody loses the way who may have had one. `callsOf` answers the calls
 * in their order.
 */
export function lostWaysIn(
  accounts: readonly UsedAccount[],
  callsOf: () => readonly (TargetedCall & { readonly account: { readonly accountId: string } })[],
): readonly LostWay[] {
  const used = accounts.flatMap(({ account, operator }) => {
    const role = operator && account.roles.find((one) => isSessionOf(operator, one));
    return operator === undefined || role === undefined ? [] : [{ arn: role.arn, operator: operator.arn }];
  });
  if (used.length === 0) return [];
  const calls = callsOf();
  const now = accounts.map(({ account }) => placeOf(account));
  const then = accounts.map(({ account }) => {
    const own = calls.filter((call) => call.account.accountId === account.accountId);
    return placeOf(accountAfter(account, own));
  });
  return used.flatMap(({ arn, operator }) => {
    if (hasWayIn(arn, then)) return [];
    const left = perhapsEntering(arn, then);
    const isLost = hasWayIn(arn, now) || [...perhapsEntering(arn, now)].some((one) => !left.has(one));
    return isLost ? [{ arn, operator, perhaps: [...left] }] : [];
  });
}
