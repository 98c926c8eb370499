/**
 * Which parts of a user or a role are a setup's, in its tags: AWS keeps no tags on inline policies, attachments and
 * keys, so the entity names them. What isn't named was there before or came by hand.
 */
import type { Tag } from '../../account/account.ts';

/**
 * `made`: the entity itself. `trust`, `boundary`: a role's. `inline:NAME`, `managed:OWNER:policy/PATH/NAME` (the end of
 * the ARN), `tag:KEY`, `key:AKIA…`.
 */
export type Part = 'made' | 'trust' | 'boundary' | `${'inline' | 'managed' | 'tag' | 'key'}:${string}`;

export interface OwnParts {
  readonly setup: string;
  readonly parts: ReadonlySet<string>;
}

export const SETUP_KEY = 'stepup:setup';
const PARTS_KEY = 'stepup:parts';
/** A tag's value holds 256 characters (IAM API Reference, Tag): what is longer goes on in `stepup:parts:2` and so on. */
const VALUE_LENGTH = 256;

export function inlinePart(name: string): Part {
  return `inline:${name}`;
}

export function managedPart(arn: string): Part {
  return `managed:${arn.split(':').slice(4).join(':')}`;
}

export function tagPart(key: string): Part {
  return `tag:${key}`;
}

export function keyPart(accessKeyId: string): Part {
  return `key:${accessKeyId}`;
}

/** A key that is being made and not yet handed over. */
export const KEY_PENDING: Part = 'key:pending';

/** The tags that name these parts. */
export function tagsOfParts(setup: string, parts: Iterable<string>): readonly Tag[] {
  const values: string[] = [];
  for (const part of [...new Set(parts)].sort()) {
    const last = values.at(-1);
    const longer = last === undefined ? part : `${last} ${part}`;
    if (last === undefined || longer.length > VALUE_LENGTH) values.push(part);
    else values[values.length - 1] = longer;
  }
  return [
    { key: SETUP_KEY, value: setup },
    ...values.map((value, index) => ({ key: index === 0 ? PARTS_KEY : `${PARTS_KEY}:${index + 1}`, value })),
  ];
}

/** What an entity's tags say; undefined: no setup has touched it. */
export function partsOfTags(tags: readonly Tag[]): OwnParts | undefined {
  const setup = tags.find(({ key }) => key === SETUP_KEY)?.value;
  if (setup === undefined) return undefined;
  const values = tags.filter(({ key }) => isPartsKey(key)).map(({ value }) => value);
  return { setup, parts: new Set(values.flatMap((value) => value.split(' ')).filter((part) => part !== '')) };
}

function isPartsKey(key: string): boolean {
  return key === PARTS_KEY || key.startsWith(`${PARTS_KEY}:`);
}
