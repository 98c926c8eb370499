import type { Tag } from './ports.ts';

/** Condition keys in lower case with their values, beside those that every request has. */
export type ContextEntries = readonly (readonly [key: string, values: readonly string[]])[];

/** `aws:RequestTag/KEY` and `aws:TagKeys` of tags that a request brings; no keys at all if it brings none. */
export function requestTagEntries(tags: readonly Tag[]): ContextEntries {
  if (tags.length === 0) return [];
  return [
    ...tags.map(({ key, value }) => [`aws:requesttag/${key.toLowerCase()}`, [value]] as const),
    ['aws:tagkeys', tags.map(({ key }) => key)],
  ];
}
