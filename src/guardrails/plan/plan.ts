/**
 * From what is there to what must be: what is created, changed, left, and what is there that shouldn't be. Pure; the
 * same blueprint against what apply made is an empty plan.
 */
import type { SetupRefusal } from '../../errors.ts';
import { stepsOf } from '../apply/steps.ts';
import type { AccountBlueprint, Blueprint } from '../blueprint/blueprint.ts';
import { partsOfTags } from '../blueprint/parts.ts';
import type { DesiredAccount } from '../desired-state/desired-state.ts';
import { lostWaysIn } from '../lock-out/last-way-in.ts';
import type { Operator } from '../lock-out/refusal.ts';
import { placeOf } from '../lock-out/ways-in.ts';
import type { ObservedAccount } from './observed.ts';
import { planRole, type RolePlan } from './plan-role.ts';
import { planUser, type UserPlan } from './plan-user.ts';

export interface AccountPlan {
  readonly account: DesiredAccount;
  readonly users: readonly UserPlan[];
  readonly roles: readonly RolePlan[];
  readonly leftovers: readonly Leftover[];
}

/** What this setup made or had a part in, and the file no longer names. */
export interface Leftover {
  readonly kind: 'user' | 'role';
  readonly arn: string;
  readonly name: string;
  readonly made: boolean;
}

export interface Plan {
  readonly setup: string;
  readonly accounts: readonly AccountPlan[];
  /** If there is one, nothing of the plan is done. */
  readonly refusals: readonly SetupRefusal[];
}

/** An account of the blueprint with what is there, and with who one is in it. */
export interface PlannedAccount {
  readonly observed: ObservedAccount;
  readonly operator?: Operator;
}

/** `accounts` holds each account of the blueprint, by its id. */
export function planSetup(
  { setup, accounts: wanted }: Blueprint,
  accounts: ReadonlyMap<string, PlannedAccount>,
  nowMs: number,
): Plan {
  const refusals: SetupRefusal[] = [];
  const plans = wanted.map((blueprint): AccountPlan => {
    const found = accounts.get(blueprint.account.accountId);
    if (found === undefined) throw new TypeError(`account ${blueprint.account.accountId} was not read`);
    const { observed, operator } = found;
    const users = blueprint.users.map((user) => planUser(setup, user, observed, operator, nowMs));
    const place = placeOf(observed.account);
    const roles = blueprint.roles.map((role) => planRole(setup, role, observed, operator, place));
    refusals.push(...[...users, ...roles].flatMap((one) => one.refusals));
    return {
      account: blueprint.account,
      users: users.map(({ plan }) => plan),
      roles: roles.map(({ plan }) => plan),
      leftovers: leftoversOf(setup, blueprint, observed),
    };
  });
  const lost = lostWaysIn(
    [...accounts.values()].map(({ observed: { account }, operator }) => ({ account, operator })),
    () => stepsOf({ setup, accounts: plans }, nowMs).filter((step) => step.type === 'call'),
  ).filter(({ arn }) => !refusals.some((refusal) => refusal.arn === arn));
  refusals.push(...lost.map((one) => ({ type: 'last-way-in', ...one }) as const));
  return { setup, accounts: plans, refusals };
}

export function isEmpty({ accounts }: Plan): boolean {
  return accounts.every(({ users, roles }) => [...users, ...roles].every(({ changes }) => changes.length === 0));
}

function leftoversOf(
  setup: string,
  { users, roles }: AccountBlueprint,
  { account }: ObservedAccount,
): readonly Leftover[] {
  const wanted = new Set(
    [...users.map(({ userArn }) => userArn), ...roles.map(({ arn }) => arn)].map((arn) => arn.toLowerCase()),
  );
  const tagged = [
    ...account.users.map((user) => ({ kind: 'user' as const, entity: user })),
    ...account.roles.map((role) => ({ kind: 'role' as const, entity: role })),
  ];
  return tagged.flatMap(({ kind, entity: { arn, name, tags } }) => {
    const own = partsOfTags(tags);
    if (own?.setup !== setup || wanted.has(arn.toLowerCase())) return [];
    return [{ kind, arn, name, made: own.parts.has('made') }];
  });
}
