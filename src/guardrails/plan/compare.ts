/** An entity as it is against what it must be: policies, attachments, tags, and whose what is. */
import type { Group, InlinePolicy, Tag } from '../../account/account.ts';
import type { SetupRefusal } from '../../errors.ts';
import { inlinePart, managedPart, partsOfTags, tagPart, tagsOfParts } from '../blueprint/parts.ts';
import type { Change, Extra } from './change.ts';
import { diffPolicies } from './policy-diff.ts';

/** What a setup may take away: all that hangs on what it made, and of what was there before only what its tag names. */
export interface Standing {
  readonly made: boolean;
  readonly parts: ReadonlySet<string>;
}

export const NEW_ENTITY: Standing = { made: true, parts: new Set() };

export function standingOf(tags: readonly Tag[]): Standing {
  const parts = partsOfTags(tags)?.parts ?? new Set<string>();
  return { made: parts.has('made'), parts };
}

/** Why an entity is none that this setup may change: another setup's, or one of the same name at another place. */
export function foreignEntity(
  { arn, tags }: { readonly arn: string; readonly tags: readonly Tag[] },
  wanted: { readonly setup: string; readonly arn: string },
): SetupRefusal | undefined {
  const own = partsOfTags(tags);
  if (own !== undefined && own.setup !== wanted.setup) return { type: 'other-setup', arn, setup: own.setup };
  return arn === wanted.arn ? undefined : { type: 'arn-differs', arn: wanted.arn, there: arn };
}

export interface Compared {
  readonly changes: readonly Change[];
  readonly extras: readonly Extra[];
}

type Holder = Pick<Group, 'inlinePolicies' | 'attachedPolicyArns'>;

/** Policies by name and attachments by ARN. `apart` names inline policies that have rules of their own. */
export function comparePolicies(
  wanted: Holder,
  there: Holder,
  standing: Standing,
  apart: ReadonlySet<string> = new Set(),
): Compared {
  const inline = compareInline(
    wanted.inlinePolicies,
    there.inlinePolicies.filter(({ name }) => !apart.has(name)),
    standing,
  );
  const attached = compareAttached(wanted.attachedPolicyArns, there.attachedPolicyArns, standing);
  return { changes: [...inline.changes, ...attached.changes], extras: [...inline.extras, ...attached.extras] };
}

function compareInline(wanted: readonly InlinePolicy[], there: readonly InlinePolicy[], standing: Standing): Compared {
  const before = new Map(there.map(({ name, document }) => [name, document]));
  const after = new Map(wanted.map(({ name, document }) => [name, document]));
  const changes: Change[] = [];
  const extras: Extra[] = [];
  for (const name of new Set([...after.keys(), ...before.keys()])) {
    const [old, now] = [before.get(name), after.get(name)];
    if (now === undefined && !standing.made && !standing.parts.has(inlinePart(name))) {
      extras.push({ type: 'inline', name });
      continue;
    }
    const diff = diffPolicies('identity', old, now);
    if (diff === undefined) continue;
    changes.push({
      ...{ type: 'inline', name, diff },
      ...(old !== undefined && { before: old }),
      ...(now !== undefined && { after: now }),
    });
  }
  return { changes, extras };
}

function compareAttached(wanted: readonly string[], there: readonly string[], standing: Standing): Compared {
  const missing = wanted.filter((arn) => !there.includes(arn));
  const unwanted = there.filter((arn) => !wanted.includes(arn));
  const own = unwanted.filter((arn) => standing.made || standing.parts.has(managedPart(arn)));
  return {
    changes: [
      ...missing.map((arn): Change => ({ type: 'attach', arn })),
      ...own.map((arn): Change => ({ type: 'detach', arn })),
    ],
    extras: unwanted.filter((arn) => !own.includes(arn)).map((arn) => ({ type: 'attached', arn })),
  };
}

/** The parts that an entity has when all is done, and the change of its tags that says so. */
export function compareTags(
  setup: string,
  wanted: { readonly tags: readonly Tag[]; readonly parts: readonly string[] },
  there: readonly Tag[],
  standing: Standing,
): { readonly parts: readonly string[]; readonly change: Extract<Change, { readonly type: 'tags' }> | undefined } {
  const old = new Map(there.map(({ key, value }) => [key, value]));
  // A tag that was there already, with this value, was somebody else's to give.
  const isOwn = ({ key, value }: Tag): boolean =>
    standing.made || standing.parts.has(tagPart(key)) || old.get(key) !== value;
  const parts = [
    ...(standing.made ? ['made'] : []),
    ...wanted.parts,
    ...wanted.tags.filter(isOwn).map(({ key }) => tagPart(key)),
    // Keys are made once and rotate by themselves: they stay whose they are.
    ...[...standing.parts].filter((part) => part.startsWith('key:')),
  ];
  const after = [...wanted.tags, ...tagsOfParts(setup, parts)];
  const set = after.filter(({ key, value }) => old.get(key) !== value);
  const stay = new Set(after.map(({ key }) => key));
  const own = there.filter(({ key }) => key.startsWith('stepup:') || standing.parts.has(tagPart(key)));
  const unset = own.map(({ key }) => key).filter((key) => !stay.has(key));
  const change = set.length + unset.length === 0 ? undefined : ({ type: 'tags', set, unset } as const);
  return { parts: [...new Set(parts)].sort(), change };
}
