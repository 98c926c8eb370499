/** What is known of a verdict while only some condition keys have a value: each statement is true, false or open. */
import { decide } from '../decide.ts';
import type { Decision } from '../decision.ts';
import type { AccessRequest, RequestContext } from '../request.ts';
import { keysOf, variableKeys } from './key-candidates.ts';
import { matchKey, type ReducedPolicies, type RelevantStatement } from './relevant-statements.ts';
import type { Assignment, Standing } from './search.ts';

type Request = Omit<AccessRequest, 'context' | 'resourceContext'>;

/** The values given so far; what has none yet, or an unknown one, is absent. */
export function contextOf(assignment: Assignment): ReadonlyMap<string, readonly string[]> {
  return new Map([...assignment].flatMap(([key, value]) => (typeof value === 'string' ? [] : [[key, value] as const])));
}

/**
 * What `decide` says with every open statement taken at its best (an Allow matches, a Deny doesn't) or at its worst.
 * More Allows never turn an allowance into a denial and more Denies never the other way round, so these two bound all.
 */
export function verdictAt(
  end: 'best' | 'worst',
  request: Request,
  reduced: ReducedPolicies,
  assignment: Assignment,
): Decision {
  const matching = new Map<string, readonly string[]>();
  for (const [index, statement] of reduced.statements.entries()) {
    const whenOpen = (statement.place.effect === 'Allow') === (end === 'best');
    if (truthOf(statement, assignment, request.resource) ?? whenOpen) matching.set(matchKey(index), ['true']);
  }
  return decide({ ...request, context: matching }, reduced.policies);
}

/** Where a search stands with these values. */
export function standingOf(request: Request, reduced: ReducedPolicies, assignment: Assignment): Standing {
  const atBest = verdictAt('best', request, reduced, assignment);
  if (atBest.verdict !== 'allowed') {
    return { state: 'dead', because: blameFor(atBest, reduced.statements, assignment, request.resource) };
  }
  if (verdictAt('worst', request, reduced, assignment).verdict === 'allowed') return { state: 'reached' };
  return { state: 'open', next: nextKey(reduced.statements, assignment, request.resource) };
}

/** True or false once the values given settle it. */
export function truthOf(statement: RelevantStatement, assignment: Assignment, resource: string): boolean | undefined {
  const outcomes = outcomesOf(statement, assignment, resource);
  if (outcomes.some(({ holds }) => holds === false)) return false;
  return outcomes.every(({ holds }) => holds === true) ? true : undefined;
}

/** A part of a statement whose outcome hangs on the context, and the keys that it reads. */
interface Outcome {
  readonly holds: boolean | undefined;
  readonly keys: readonly string[];
}

function outcomesOf(statement: RelevantStatement, assignment: Assignment, resource: string): readonly Outcome[] {
  const context: RequestContext = {
    get(key) {
      const value = assignment.get(key);
      return typeof value === 'string' ? undefined : value;
    },
  };
  const isKnown = (key: string): boolean => (assignment.get(key) ?? 'unknown') !== 'unknown';
  const outcomes = statement.conditions.map((each): Outcome => {
    const keys = keysOf(each);
    const { condition } = each;
    // Without its key a condition looks at nothing else.
    if (assignment.get(condition.key) === 'absent') return { holds: condition.holds(context), keys: [condition.key] };
    return { holds: keys.every(isKnown) ? condition.holds(context) : undefined, keys };
  });
  if (statement.resourceTemplates.length === 0) return outcomes;
  const keys = statement.resourceTemplates.flatMap(variableKeys);
  const holds = keys.every(isKnown) ? statement.prepared.coversResource(resource, context) : undefined;
  return [...outcomes, { holds, keys }];
}

/** Keys whose values alone make the best verdict what it is. */
function blameFor(
  { verdict }: Decision,
  statements: readonly RelevantStatement[],
  assignment: Assignment,
  resource: string,
): ReadonlySet<string> {
  const blamed = new Set<string>();
  for (const statement of statements) {
    const isDeny = statement.place.effect === 'Deny';
    // An explicit denial comes of the Denies that match, any other of the Allows that don't.
    if (isDeny !== (verdict === 'explicitDeny')) continue;
    const outcomes = outcomesOf(statement, assignment, resource);
    const failed = outcomes.find(({ holds }) => holds === false);
    if (isDeny && outcomes.every(({ holds }) => holds === true)) {
      for (const key of outcomes.flatMap(({ keys }) => keys)) blamed.add(key);
    } else if (!isDeny && failed !== undefined) for (const key of failed.keys) blamed.add(key);
  }
  return blamed;
}

/** A key without a value in a statement that is still open: Denies first, since any that matches ends it all. */
function nextKey(
  statements: readonly RelevantStatement[],
  assignment: Assignment,
  resource: string,
): string | undefined {
  const open = statements.flatMap((statement) => {
    const outcomes = outcomesOf(statement, assignment, resource);
    if (outcomes.some(({ holds }) => holds === false)) return [];
    const keys = outcomes.filter(({ holds }) => holds === undefined).flatMap((outcome) => outcome.keys);
    const next = keys.find((key) => !assignment.has(key));
    return next === undefined ? [] : [{ effect: statement.place.effect, next }];
  });
  return (open.find(({ effect }) => effect === 'Deny') ?? open[0])?.next;
}
