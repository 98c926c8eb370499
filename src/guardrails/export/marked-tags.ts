import type { Tag } from '../../account/account.ts';
import { compareTags, NEW_ENTITY } from '../plan/compare.ts';

/** An entity's tags with the marks of a setup that made it whole: those that `apply` gives to what is new. */
export function markedTags(
  setup: string,
  wanted: { readonly tags: readonly Tag[]; readonly parts: readonly string[] },
): readonly Tag[] {
  return compareTags(setup, wanted, [], NEW_ENTITY).change?.set ?? [];
}
