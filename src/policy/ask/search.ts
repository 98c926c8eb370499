/**
 * A search for values of condition keys under which something holds: keys are given values one by one, the next always
 * one that can settle an open statement, and a branch ends as soon as it is settled.
 *
 * A dead branch names the keys that killed it. A key that isn't among them needs no other value tried there
 * (conflict-directed backjumping), so unrelated conditions add up instead of multiplying. What remains exponential is
 * the number of keys that really hang together; {@link MAX_STEPS} bounds it.
 */
import type { Candidates, KeyValue } from './key-candidates.ts';

/** Some value that no candidate stands for: what reads the key can come out either way. */
export type Assigned = KeyValue | 'unknown';

export type Assignment = ReadonlyMap<string, Assigned>;

/** What is known with the values given so far. */
export type Standing =
  | { readonly state: 'reached' }
  /** Can't be reached from here; the values of `because` alone suffice for that. */
  | { readonly state: 'dead'; readonly because: Iterable<string> }
  /** Undecided; `next` is a key that isn't assigned. Undefined: only unknown values leave it open. */
  | { readonly state: 'open'; readonly next: string | undefined };

export type SearchOutcome =
  | { readonly outcome: 'found'; readonly assignment: Assignment }
  /** There is none; `because`: the keys whose values were at odds. */
  | { readonly outcome: 'none'; readonly because: ReadonlySet<string> }
  | {
      readonly outcome: 'undecided';
      readonly why: 'too many combinations' | 'values unknown';
      readonly keys: ReadonlySet<string>;
    };

const MAX_STEPS = 20_000;

/**
 * Searches for an assignment that reaches. `candidates` is asked for each key that `look` names; `fixed` is there from
 * the start.
 */
export function search(
  candidates: (key: string) => Candidates,
  fixed: ReadonlyMap<string, KeyValue>,
  look: (assignment: Assignment) => Standing,
  maxSteps: number = MAX_STEPS,
): SearchOutcome {
  const assignment = new Map<string, Assigned>(fixed);
  const unknown = new Set<string>();
  let steps = 0;

  /** The keys to blame if this branch is dead; undefined if it reached (the assignment stays) or ran out of steps. */
  function branch(): ReadonlySet<string> | undefined {
    steps += 1;
    if (steps > maxSteps) return undefined;
    const standing = look(assignment);
    if (standing.state === 'reached') return undefined;
    if (standing.state === 'dead') return new Set([...standing.because].filter((key) => !fixed.has(key)));
    const { next } = standing;
    if (next === undefined) {
      for (const [key, value] of assignment) if (value === 'unknown') unknown.add(key);
      // Not proved dead, so every choice above may be tried anew.
      return new Set(assignment.keys());
    }
    const { values, complete } = candidates(next);
    const blame = new Set<string>();
    for (const value of complete ? values : [...values, 'unknown' as const]) {
      assignment.set(next, value);
      const because = branch();
      if (because === undefined) return undefined;
      assignment.delete(next);
      if (!because.has(next)) return because;
      for (const key of because) if (key !== next) blame.add(key);
      blamed.add(next);
    }
    return blame;
  }

  const blamed = new Set<string>();
  const because = branch();
  if (steps > maxSteps) return { outcome: 'undecided', why: 'too many combinations', keys: blamed };
  if (because === undefined) return { outcome: 'found', assignment };
  if (unknown.size > 0) return { outcome: 'undecided', why: 'values unknown', keys: unknown };
  return { outcome: 'none', because: blamed };
}
