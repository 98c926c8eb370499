/** Who gets into a role of some accounts, by the evaluator: before a gate shuts them out, and whether anybody is left. */
import type { Account, Role } from '../../account/account.ts';
import { AccountPolicies } from '../../account/policies-of.ts';
import { isStepupError } from '../../errors.ts';
import { accountOfArn } from '../../policy/arn.ts';
import type { PreparedPolicy } from '../../policy/prepare.ts';
import {
  type Asker,
  askingRole,
  askingUser,
  decideEntry,
  EXTERNAL_ID,
  type Keys,
  settled,
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

/** How a policy is read. */
type Reading = (policy: PreparedPolicy) => PreparedPolicy;

const asItIs: Reading = (policy) => policy;

/** Whether somebody gets into it, whatever the request shows beside. */
export function hasWayIn(roleArn: string, places: readonly Place[]): boolean {
  return entrantsOf(roleArn, places, (policy) => settled(policy, 'Deny')).next().done !== true;
}

/** Who gets into it, or might by what the request shows beside. */
export function perhapsEntering(roleArn: string, places: readonly Place[]): ReadonlySet<string> {
  return new Set(entrantsOf(roleArn, places, (policy) => settled(policy, 'Allow')));
}

/**
 * Users of the accounts who get into it with a fresh code or without one, and principals that aren't in the accounts'
 * data (services, identity providers, other accounts): by themselves, or by sessions of other roles.
 */
function* entrantsOf(roleArn: string, places: readonly Place[], reading: Reading): Generator<string> {
  const known = new Set(places.flatMap(({ account }) => account.roles.map(({ arn }) => arn)));
  const ids = places.map(({ account }) => account.accountId);
  const isKnown = (principal: string): boolean =>
    known.has(principal) || ids.some((id) => principal === id || principal.endsWith(`::${id}:root`));
  const ways = new Set([roleArn]);
  // It grows while it is gone through.
  for (const arn of ways) {
    const place = places.find(({ account }) => account.accountId === accountOfArn(arn));
    const role = place?.account.roles.find((one) => one.arn === arn);
    if (place === undefined || role === undefined) continue;
    yield* principalsWithoutCodes(role).filter((principal) => !isKnown(principal));
    const near = places.filter((one) => one === place || isSpokenOf(role, one.account));
    const letIn = (asker: () => Asker, keys: Keys): boolean => isLetIn(place, role, arn, asker, keys, reading);
    for (const one of near) {
      for (const user of one.account.users) {
        const asker = (): Asker => askingUser(one.account, one.policies, user);
        if ([withCode(0), {}].some((keys) => letIn(asker, keys))) yield user.arn;
      }
    }
    for (const one of near) {
      for (const other of one.account.roles) {
        if (!ways.has(other.arn) && letIn(() => roleAsker(one, other), WITHOUT_CODE)) ways.add(other.arn);
      }
    }
  }
}

function isSpokenOf({ trustPolicy }: Role, { accountId }: Account): boolean {
  return trustPolicy.includes(accountId) || trustPolicy.includes('"*"');
}

function roleAsker({ account, policies }: Place, role: Role): Asker {
  return askingRole(account, policies, role);
}

/** Whoever asks knows the external ids that the role demands. What can't be read lets nobody in. */
function isLetIn(
  { account, policies }: Place,
  role: Role,
  arn: string,
  asker: () => Asker,
  keys: Keys,
  reading: Reading = asItIs,
): boolean {
  try {
    const asked = { arn, accountId: account.accountId, trust: reading(policies.trustOf(role)) };
    const ids = asked.trust.document.statements.flatMap(({ conditions }) =>
      conditions.flatMap(({ key, values }) => (key.toLowerCase() === EXTERNAL_ID ? values : [])),
    );
    const bringing: readonly Keys[] = [keys, ...ids.map((id) => ({ ...keys, [EXTERNAL_ID]: id }))];
    const who = readBy(reading, asker());
    return bringing.some((brought) => decideEntry(who, asked, brought) === 'allowed');
  } catch (error) {
    if (isStepupError(error, 'malformed-policy') || isStepupError(error, 'account-policy-missing')) return false;
    throw error;
  }
}

function readBy(reading: Reading, asker: Asker): Asker {
  const { identity, permissionsBoundary } = asker.held;
  return {
    ...asker,
    held: {
      identity: identity.map(reading),
      ...(permissionsBoundary !== undefined && { permissionsBoundary: reading(permissionsBoundary) }),
    },
  };
}
