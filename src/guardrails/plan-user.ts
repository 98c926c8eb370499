/** What becomes of one user. */

import type { User } from '../account/account.ts';
import type { SetupRefusal } from '../errors.ts';
import type { UserBlueprint } from './blueprint.ts';
import type { Change, EntityPlan, Extra } from './change.ts';
import { comparePolicies, compareTags, NEW_ENTITY, type Standing, standingOf } from './compare.ts';
import type { ObservedAccount } from './observed.ts';
import { inlinePart, KEY_PENDING, partsOfTags } from './parts.ts';
import type { Operator } from './refusal.ts';
import { BOOTSTRAP_POLICY, bootstrapEnd } from './user-policies.ts';

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
  const bootstrap = planBootstrap(wanted, there, standing, devices, nowMs);
  const key = planKey(wanted, standing);
  const parts = [...wanted.parts, ...(bootstrap.open ? [inlinePart(BOOTSTRAP_POLICY)] : []), ...key.parts];
  const tags = compareTags(setup, { tags: wanted.tags, parts }, there?.tags ?? [], standing);
  const wantedPolicies = { inlinePolicies: wanted.inlinePolicies, attachedPolicyArns: [] };
  const policies = comparePolicies(wantedPolicies, there ?? NOTHING, standing, BOOTSTRAP_POLICY);
  const groups = there?.groupNames ?? [];
  const changes: Change[] = [
    ...(there === undefined ? [{ type: 'create' } as const] : []),
    ...policies.changes,
    ...(standing.made ? groups.map((group): Change => ({ type: 'leave-group', group })) : []),
    ...bootstrap.changes,
    ...key.changes,
    // A new user is created with its tags.
    ...(there === undefined || tags.change === undefined ? [] : [tags.change]),
  ];
  const extras: Extra[] = [
    ...policies.extras,
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

interface BootstrapPlan {
  readonly changes: readonly Change[];
  /** Whether the statement is there when all is done. */
  readonly open: boolean;
}

/**
 * A user without a device gets the statement once: when it is new, or when a setup first meets it. It goes when the
 * device is there or its time is over, and at once if it isn't what was written.
 */
function planBootstrap(
  wanted: UserBlueprint,
  there: User | undefined,
  { parts }: Standing,
  devices: ReadonlyMap<string, number>,
  nowMs: number,
): BootstrapPlan {
  const opened: BootstrapPlan = { changes: [{ type: 'open-bootstrap', seconds: wanted.bootstrapSeconds }], open: true };
  if (there === undefined) return opened;
  const held = there.inlinePolicies.find(({ name }) => name === BOOTSTRAP_POLICY)?.document;
  const hasDevice = devices.get(there.name) !== 0;
  if (held === undefined) {
    // Named and not there: whoever began this didn't come to the end.
    const due = partsOfTags(there.tags) === undefined || parts.has(inlinePart(BOOTSTRAP_POLICY));
    return due && !hasDevice ? opened : { changes: [], open: false };
  }
  const endMs = bootstrapEnd(wanted, held);
  const tooLong = endMs !== undefined && endMs > nowMs + wanted.bootstrapSeconds * 1000;
  const because = hasDevice
    ? 'enrolled'
    : endMs === undefined || tooLong
      ? 'altered'
      : endMs <= nowMs
        ? 'over'
        : undefined;
  if (because === undefined) return { changes: [], open: true };
  return { changes: [{ type: 'close-bootstrap', before: held, because }], open: false };
}

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
  const own = partsOfTags(there.tags);
  if (own !== undefined && own.setup !== setup) return [{ type: 'other-setup', arn, setup: own.setup }];
  if (arn !== wanted.userArn) return [{ type: 'arn-differs', arn: wanted.userArn, there: arn }];
  const takes = changes.some(
    (change) =>
      change.type === 'detach' ||
      change.type === 'leave-group' ||
      (change.type === 'inline' && change.diff.removed.length > 0),
  );
  return takes && operator?.arn === arn ? [{ type: 'own-user', arn, operator: operator.arn }] : [];
}
