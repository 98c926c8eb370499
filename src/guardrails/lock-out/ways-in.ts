/** Who gets into a role of some accounts, by the evaluator: before a gate shuts them out, and whether anybody is left. */
import type { Account, Role } from '../../account/account.ts';
import { AccountPolicies } from '../../account/policies-of.ts';
import { isStepupError } from '../../errors.ts';
import { accountOfArn } from '../../policy/arn.ts';
import {
  type Asker,
  askingRole,
  askingUser,
  decideEntry,
  EXTERNAL_ID,
  type Keys,
  WITHOUT_CODE,
  withCode,
} from './asker.ts';
import { principalsWithoutCodes } from './refusal.ts';

export interface Place {
  readonly account: Account;
  readonly policies: AccountPolicies;
}

export function placeOf(account: Account): Place {
  return { account, policies: new AccountPolicies(account) };
}

export interface EnteringRoles {
  /** Names of roles whose own policies speak of this one: programs go this way. */
  readonly named: readonly string[];
  /** Of those that may enter any role. */
  readonly any: readonly string[];
}

/** The roles of the same account whose sessions get into this one, which bring no code. */
export function enteringRoles(role: Role, place: Place): EnteringRoles {
  const { account } = place;
  const own = account.roles.filter(({ arn }) => arn !== role.arn && !arn.includes(':role/aws-service-role/'));
  const entering = own.filter((other) => isLetIn(place, role, role.arn, () => roleAsker(place, other), WITHOUT_CODE));
  const noRole = `arn:${account.partition}:iam::${account.accountId}:role/stepup-asks-for-no-role`;
  const any = entering.filter((other) => isLetIn(place, role, noRole, () => roleAsker(place, other), WITHOUT_CODE));
  return {
    named: entering.filter((other) => !any.includes(other)).map(({ name }) => name),
    any: any.map(({ name }) => name),
  };
}

/**
 * Whether somebody gets into it: a user of the accounts with a fresh code or without one, what isn't in their data
 * (services, identity providers, other accounts), or a session of a role into which somebody gets.
 */
export function hasWayIn(roleArn: string, places: readonly Place[], seen: ReadonlySet<string> = new Set()): boolean {
  const place = places.find(({ account }) => account.accountId === accountOfArn(roleArn));
  const role = place?.account.roles.find(({ arn }) => arn === roleArn);
  if (place === undefined || role === undefined || seen.has(roleArn)) return false;
  const known = new Set(places.flatMap(({ account }) => account.roles.map(({ arn }) => arn)));
  const ids = places.map(({ account }) => account.accountId);
  const isKnown = (principal: string): boolean =>
    known.has(principal) || ids.some((id) => principal === id || principal.endsWith(`::${id}:root`));
  if (principalsWithoutCodes(role).some((principal) => !isKnown(principal))) return true;
  const near = places.filter((one) => one === place || isSpokenOf(role, one.account));
  const letIn = (asker: () => Asker, keys: Keys): boolean => isLetIn(place, role, roleArn, asker, keys);
  const byUser = near.some((one) =>
    one.account.users.some((user) =>
      [withCode(0), {}].some((keys) => letIn(() => askingUser(one.account, one.policies, user), keys)),
    ),
  );
  if (byUser) return true;
  const next = new Set([...seen, roleArn]);
  return near.some((one) =>
    one.account.roles.some(
      (other) =>
        !next.has(other.arn) && letIn(() => roleAsker(one, other), WITHOUT_CODE) && hasWayIn(other.arn, places, next),
    ),
  );
}

function isSpokenOf({ trustPolicy }: Role, { accountId }: Account): boolean {
  return trustPolicy.includes(accountId) || trustPolicy.includes('"*"');
}

function roleAsker({ account, policies }: Place, role: Role): Asker {
  return askingRole(account, policies, role);
}

/** Whoever asks knows the external ids that the role demands. What can't be read lets nobody in. */
function isLetIn({ account, policies }: Place, role: Role, arn: string, asker: () => Asker, keys: Keys): boolean {
  try {
    const asked = { arn, accountId: account.accountId, trust: policies.trustOf(role) };
    const ids = asked.trust.document.statements.flatMap(({ conditions }) =>
      conditions.flatMap(({ key, values }) => (key.toLowerCase() === EXTERNAL_ID ? values : [])),
    );
    const bringing: readonly Keys[] = [keys, ...ids.map((id) => ({ ...keys, [EXTERNAL_ID]: id }))];
    const who = asker();
    return bringing.some((brought) => decideEntry(who, asked, brought) === 'allowed');
  } catch (error) {
    if (isStepupError(error, 'malformed-policy') || isStepupError(error, 'account-policy-missing')) return false;
    throw error;
  }
}
