/** What a setup found before it made a part its own, from the journal: what removing the part brings back. */
import type { DatedEntry } from '../apply/journal.ts';

/** Written when an entity is no longer the setup's: what stands before it is of no concern to a later setup. */
export const RELEASED = 'released';

/** The oldest value of each part since the entity was last released: what was there before the setup. */
export function formerParts(entries: readonly DatedEntry[], setup: string, arn: string): ReadonlyMap<string, string> {
  const former = new Map<string, string>();
  for (const entry of entries) {
    if (entry.arn !== arn || entry.setup !== setup) continue;
    if (entry.part === RELEASED) former.clear();
    else if (!former.has(entry.part)) former.set(entry.part, entry.value);
  }
  return former;
}
