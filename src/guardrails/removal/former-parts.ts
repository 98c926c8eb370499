/** What a setup found before it made a part its own, from the journal: what removing the part brings back. */
import type { DatedEntry } from '../apply/journal.ts';
import { NOTHING_THERE } from '../apply/steps.ts';
import { inlinePart } from '../blueprint/parts.ts';
import { STEPUP_POLICIES } from '../blueprint/user-policies.ts';

/** Written when an entity is no longer the setup's: what stands before it is of no concern to a later setup. */
export const RELEASED = 'released';

/** Policies of these names are a setup's whatever the journal says: also one that it wrote itself and changed later. */
const NEVER_BACK: ReadonlySet<string> = new Set([...STEPUP_POLICIES].map(inlinePart));

/**
 * The oldest value of each part since the entity was last released: what was there before the setup. Without the parts
 * of which nothing was there.
 */
export function formerParts(entries: readonly DatedEntry[], setup: string, arn: string): ReadonlyMap<string, string> {
  const former = new Map<string, string>();
  for (const entry of entries) {
    if (entry.arn !== arn || entry.setup !== setup) continue;
    if (entry.part === RELEASED) former.clear();
    else if (!former.has(entry.part)) former.set(entry.part, entry.value);
  }
  return new Map([...former].filter(([part, value]) => value !== NOTHING_THERE && !NEVER_BACK.has(part)));
}
