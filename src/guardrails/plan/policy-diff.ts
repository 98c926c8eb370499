/** Two policy documents compared by what their statements mean: order, lists of one, capitals of actions and Sids don't count. */
import { isStepupError } from '../../errors.ts';
import { type Condition, operatorName, type PolicyKind, type Statement } from '../../policy/document.ts';
import { parsePolicy } from '../../policy/parse.ts';

export interface PolicyDiff {
  /** Statements as JSON text. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** How many stay. */
  readonly kept: number;
}

/** What becomes of the statements; undefined: both documents mean the same. An absent document has none. */
export function diffPolicies(
  kind: PolicyKind,
  before: string | undefined,
  after: string | undefined,
): PolicyDiff | undefined {
  const old = statementsOf(kind, before);
  const now = statementsOf(kind, after);
  const left = [...old];
  const added = now.filter((statement) => {
    const index = left.findIndex(({ meaning }) => meaning === statement.meaning);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  if (added.length === 0 && left.length === 0 && (before === undefined) === (after === undefined)) return undefined;
  return {
    added: added.map(({ text }) => text),
    removed: left.map(({ text }) => text),
    kept: now.length - added.length,
  };
}

interface ComparedStatement {
  readonly text: string;
  readonly meaning: string;
}

/** What can't be parsed is one statement that equals nothing else. */
function statementsOf(kind: PolicyKind, document: string | undefined): readonly ComparedStatement[] {
  if (document === undefined) return [];
  let parsed: ReturnType<typeof parsePolicy>;
  try {
    parsed = parsePolicy(document, kind);
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    return [{ text: document, meaning: document }];
  }
  const raw: unknown = JSON.parse(document);
  const written = typeof raw === 'object' && raw !== null && 'Statement' in raw ? raw.Statement : [];
  const texts: readonly unknown[] = Array.isArray(written) ? written : [written];
  return parsed.statements.map((statement) => ({
    text: JSON.stringify(texts[statement.index]),
    // The version decides on variables, so the same words of another version are another statement.
    meaning: `${parsed.version} ${meaningOf(statement)}`,
  }));
}

function meaningOf({ effect, principal, action, resource, conditions }: Statement): string {
  return JSON.stringify([
    effect,
    principal && [principal.negated, sorted(principal.values.map(({ type, value }) => `${type} ${value}`))],
    [action.negated, sorted(action.values.map((value) => value.toLowerCase()))],
    resource && [resource.negated, sorted(resource.values)],
    sorted(conditions.map(conditionMeaning)),
  ]);
}

function conditionMeaning(condition: Condition): string {
  return JSON.stringify([operatorName(condition), condition.key.toLowerCase(), sorted(condition.values)]);
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
