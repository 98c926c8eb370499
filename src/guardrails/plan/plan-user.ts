/** What becomes of one user. */

import type { User } from '../../account/account.ts';
import type { SetupRefusal } from '../../errors.ts';
import type { UserBlueprint } from '../blueprint/blueprint.ts';
import { KEY_PENDING } from '../blueprint/parts.ts';
import type { Operator } from '../lock-out/refusal.ts';
import type { Change, EntityPlan, Extra } from './change.ts';
import { comparePolicies, compareTags, foreignEntity, NEW_ENTITY, type Standing, standingOf } from './compare.ts';
import type { ObservedAccount } from './observed.ts';
import { PASSING_POLICIES, planPassing, policiesBeside } from './passing-policies.ts';

export interface UserPlan extends EntityPlan {
  readonly kind: 'user';
  readonly blueprint: UserBlueprint;
}

export function planUser(
  setup: string,
  wanted: UserBlueprint,
  { account, devices }: ObservedAccount,
  operator: Operator | undefined,
  nowMs: number,
): { readonly plan: UserPlan; readonly refusals: readonly SetupRefusal[] } {
  const there = account.users.find(({ name }) => name.toLowerCase() === wanted.name.toLowerCase());
  const standing = there === undefined ? NEW_ENTITY : standingOf(there.tags);
  const passing = planPassing({ wanted, there, standing, devices, nowMs });
  const key = planKey(wanted, standing);
  const parts = [...wanted.parts, ...passing.parts, ...key.parts];
  const tags = compareTags(setup, { tags: wanted.tags, parts }, there?.tags ?? [], standing);
  const wantedPolicies = { inlinePolicies: policiesBeside(wanted, passing.parts), attachedPolicyArns: [] };
  const policies = comparePolicies(wantedPolicies, there ?? NOTHING, standing, PASSING_POLICIES);
  const groups = there?.groupNames ?? [];
  const changes: Change[] = [
    ...(there === undefined ? [{ type: 'create' } as const] : []),
    ...policies.changes,
    // Roles that go make room for a window.
    ...passing.changes,
    ...(standing.made ? groups.map((group): Change => ({ type: 'leave-group', group })) : []),
    ...key.changes,
    // A new user is created with its tags.
    ...(there === undefined || tags.change === undefined ? [] : [tags.change]),
  ];
  const extras: Extra[] = [
    ...policies.extras,
    ...passing.extras,
    ...(standing.made ? [] : groups.map((name): Extra => ({ type: 'group', name }))),
  ];
  const plan: UserPlan = {
    ...{ kind: 'user', arn: wanted.userArn, name: wanted.name, blueprint: wanted },
    state: there === undefined ? 'new' : 'there',
    changes,
    extras,
    partsBefore: [...standing.parts],
    partsAfter: tags.parts,
  };
  return { plan, refusals: there === undefined ? [] : refusalsOf(setup, wanted, there, plan, operator) };
}

const NOTHING = { inlinePolicies: [], attachedPolicyArns: [] };

/** A key is made once for a person who named a recipient; `key:pending` stands in the tags until it is handed over. */
function planKey(
  { ageRecipient }: UserBlueprint,
  { parts }: Standing,
): { readonly changes: readonly Change[]; readonly parts: readonly string[] } {
  const keys = [...parts].filter((part) => part.startsWith('key:'));
  const begun = keys.includes(KEY_PENDING);
  if (ageRecipient === undefined || (keys.length > 0 && !begun)) return { changes: [], parts: [] };
  return { changes: [{ type: 'access-key', recipient: ageRecipient }], parts: [KEY_PENDING] };
}

function refusalsOf(
  setup: string,
  wanted: UserBlueprint,
  there: User,
  { changes }: UserPlan,
  operator: Operator | undefined,
): readonly SetupRefusal[] {
  const { arn } = there;
  const foreign = foreignEntity(there, { setup, arn: wanted.userArn });
  if (foreign !== undefined) return [foreign];
  const takes = changes.some(
    (change) =>
      change.type === 'detach' ||
      change.type === 'leave-group' ||
      (change.type === 'inline' && change.diff.removed.length > 0),
  );
  return takes && operator?.arn === arn ? [{ type: 'own-user', arn, operator: operator.arn }] : [];
}
