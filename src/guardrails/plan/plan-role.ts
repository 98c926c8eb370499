/** What becomes of one role. */

import type { Role } from '../../account/account.ts';
import type { SetupRefusal } from '../../errors.ts';
import type { RoleBlueprint } from '../blueprint/blueprint.ts';
import { inlinePart, managedPart, type Part, partsOfTags } from '../blueprint/parts.ts';
import { isSessionOf, type Operator, principalsWithoutCodes } from '../lock-out/refusal.ts';
import { type EnteringRoles, enteringRoles, type Place } from '../lock-out/ways-in.ts';
import type { Change, EntityPlan, Extra } from './change.ts';
import { comparePolicies, compareTags, foreignEntity, NEW_ENTITY, type Standing, standingOf } from './compare.ts';
import type { ObservedAccount, RoleSettings } from './observed.ts';
import { diffPolicies } from './policy-diff.ts';

export interface RolePlan extends EntityPlan {
  readonly kind: 'role';
  readonly blueprint: RoleBlueprint;
}

export function planRole(
  setup: string,
  wanted: RoleBlueprint,
  { roleSettings }: ObservedAccount,
  operator: Operator | undefined,
  place: Place,
): { readonly plan: RolePlan; readonly refusals: readonly SetupRefusal[] } {
  const there = place.account.roles.find(({ name }) => name.toLowerCase() === wanted.name.toLowerCase());
  const identity = { kind: 'role', arn: wanted.arn, name: wanted.name, blueprint: wanted } as const;
  if (there === undefined) {
    const { parts } = compareTags(setup, wanted, [], NEW_ENTITY);
    const changes: readonly Change[] = [{ type: 'create' }, ...comparePolicies(wanted, NOTHING, NEW_ENTITY).changes];
    return {
      plan: { ...identity, state: 'new', changes, extras: [], partsBefore: [], partsAfter: parts },
      refusals: [],
    };
  }
  const standing = standingOf(there.tags);
  const policies = comparePolicies(wanted, there, standing);
  const boundary = compareBoundary(wanted, there, standing.parts);
  const parts = ownParts(wanted, [...policies.changes, ...boundary.changes], standing);
  const tags = compareTags(setup, { tags: wanted.tags, parts }, there.tags, standing);
  const changes = [
    trustChange(wanted, there),
    settingsChange(wanted, roleSettings.get(there.name)),
    ...boundary.changes,
    ...policies.changes,
    tags.change,
  ].filter((change) => change !== undefined);
  // A gate of ours that was changed by hand is mended, whoever got in by that.
  const isNewGate = changes.some(({ type }) => type === 'trust') && !standing.parts.has('trust');
  const entering = isNewGate ? enteringRoles(there, place) : NO_ROLES;
  const plan: RolePlan = {
    ...identity,
    state: 'there',
    changes,
    extras: [
      ...policies.extras,
      ...boundary.extras,
      ...(entering.any.length === 0 ? [] : [{ type: 'entering-roles', names: entering.any } as const]),
    ],
    partsBefore: [...standing.parts],
    partsAfter: tags.parts,
  };
  return { plan, refusals: refusalsOf(setup, wanted, there, plan, operator, entering.named) };
}

const NO_ROLES: EnteringRoles = { named: [], any: [] };
const NOTHING = { inlinePolicies: [], attachedPolicyArns: [] };

/** What was there already, just as the file has it, isn't the setup's, and no removal's to take; the gate always is. */
function ownParts({ parts }: RoleBlueprint, changes: readonly Change[], standing: Standing): readonly Part[] {
  const changed = new Set(changes.map(partOfChange));
  return parts.filter((part) => part === 'trust' || standing.made || standing.parts.has(part) || changed.has(part));
}

function partOfChange(change: Change): Part | undefined {
  switch (change.type) {
    case 'inline':
      return inlinePart(change.name);
    case 'attach':
      return managedPart(change.arn);
    case 'boundary':
      return 'boundary';
    default:
      return undefined;
  }
}

function trustChange(wanted: RoleBlueprint, there: Role): Change | undefined {
  const diff = diffPolicies('trust', there.trustPolicy, wanted.trustPolicy);
  return diff && { type: 'trust', before: there.trustPolicy, after: wanted.trustPolicy, diff };
}

/** A description that the file leaves out is nobody's business. */
function settingsChange(wanted: RoleBlueprint, there: RoleSettings | undefined): Change | undefined {
  const before = { maxSessionSeconds: there?.maxSessionSeconds ?? 3600, description: there?.description ?? '' };
  const after = { maxSessionSeconds: wanted.maxSessionSeconds, description: wanted.description ?? before.description };
  const same = before.maxSessionSeconds === after.maxSessionSeconds && before.description === after.description;
  return same ? undefined : { type: 'settings', before, after };
}

/** A boundary only limits: one that this setup didn't put there stays where the file names none. */
function compareBoundary(
  { permissionsBoundaryArn: after }: RoleBlueprint,
  { permissionsBoundaryArn: before }: Role,
  parts: ReadonlySet<string>,
): { readonly changes: readonly Change[]; readonly extras: readonly Extra[] } {
  if (before === after) return { changes: [], extras: [] };
  if (after === undefined && before !== undefined && !parts.has('boundary')) {
    return { changes: [], extras: [{ type: 'boundary', arn: before }] };
  }
  const change: Change = {
    type: 'boundary',
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
  return { changes: [change], extras: [] };
}

function refusalsOf(
  setup: string,
  wanted: RoleBlueprint,
  there: Role,
  plan: RolePlan,
  operator: Operator | undefined,
  entering: readonly string[],
): readonly SetupRefusal[] {
  const { arn } = there;
  if (there.path.startsWith('/aws-service-role/')) return [{ type: 'service-linked', arn }];
  const foreign = foreignEntity(there, { setup, arn: wanted.arn });
  if (foreign !== undefined) return [foreign];
  const refusals: SetupRefusal[] = [];
  // A trust policy that is ours already and was changed by hand is mended, whoever got into it.
  const strangers = partsOfTags(there.tags)?.parts.has('trust') ? [] : principalsWithoutCodes(there);
  if (strangers.length > 0) refusals.push({ type: 'role-in-use', arn, principals: strangers });
  if (entering.length > 0) refusals.push({ type: 'role-entered', arn, roles: entering });
  const takes = plan.changes.some(({ type }) => TAKING.has(type));
  if (takes && operator !== undefined && isSessionOf(operator, there)) {
    refusals.push({ type: 'own-role', arn, operator: operator.arn });
  }
  return refusals;
}

/** Changes after which the operator's session might not be what it is, or couldn't be had again. */
const TAKING: ReadonlySet<Change['type']> = new Set(['trust', 'inline', 'detach', 'boundary']);
