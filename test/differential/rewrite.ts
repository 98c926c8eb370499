/** A question said in other words: its documents rewritten, statement by statement or condition by condition. */
import type { EvaluationInput } from '../../src/policy/evaluate.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where a statement stands. */
export interface StatementSite {
  readonly effect: 'Allow' | 'Deny';
  readonly version: string;
  readonly member: keyof EvaluationInput;
  readonly request: EvaluationInput['request'];
}

/** One operator on one key, taken apart, and what the request has for the key. */
export interface ConditionSite extends StatementSite {
  readonly qualifier: '' | 'ForAllValues' | 'ForAnyValue';
  readonly operator: string;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
  /** Undefined: absent. */
  readonly requestValues: readonly string[] | undefined;
}

/** What a condition comes to, or the values it should have, or undefined: leave it. */
export type Reading = boolean | { readonly values: readonly string[] } | undefined;

/** Rewrites each statement of each document. */
export function rewriteStatements(
  input: EvaluationInput,
  rewrite: (statement: Json, site: StatementSite) => Json,
): EvaluationInput {
  const { request } = input;
  const document =
    (member: keyof EvaluationInput) =>
    (written: unknown): unknown => {
      const policy = written as Json;
      const version = String(policy['Version'] ?? '2008-10-17');
      const each = (statement: Json) =>
        rewrite(statement, { effect: statement['Effect'] as 'Allow', version, member, request });
      const statements = policy['Statement'] as Json | readonly Json[];
      return { ...policy, Statement: Array.isArray(statements) ? statements.map(each) : each(statements as Json) };
    };
  return Object.fromEntries(
    Object.entries(input).map(([member, value]) => [
      member,
      member === 'request' ? value : deeply(value, document(member as keyof EvaluationInput)),
    ]),
  ) as unknown as EvaluationInput;
}

/** Applies to a document, or to each in lists of lists of them. */
function deeply(value: unknown, rewrite: (document: unknown) => unknown): unknown {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map((each) => deeply(each, rewrite)) : rewrite(value);
}

/** Rewrites each condition that has a reading: a plain yes or no becomes a `Null` on a key that no request here has. */
export function rewriteConditions(input: EvaluationInput, read: (site: ConditionSite) => Reading): EvaluationInput {
  return rewriteStatements(input, (statement, site) => {
    const block = statement['Condition'] as Readonly<Record<string, Json>> | undefined;
    if (block === undefined) return statement;
    const rewritten: Record<string, Record<string, unknown>> = {};
    let never = false;
    for (const [name, tests] of Object.entries(block)) {
      for (const [key, value] of Object.entries(tests)) {
        const values = ([value] as unknown[]).flat() as string[];
        const reading = read({ ...site, ...takeApart(name), key, values, requestValues: valuesOf(site.request, key) });
        if (reading === false) never = true;
        if (reading === true || reading === false) continue;
        rewritten[name] = { ...rewritten[name], [key]: reading === undefined ? value : reading.values };
      }
    }
    if (never) rewritten['Null'] = { ...rewritten['Null'], [NEVER_THERE]: 'false' };
    return { ...statement, Condition: rewritten };
  });
}

const NEVER_THERE = 'aws:SourceVpce';

function takeApart(name: string): Pick<ConditionSite, 'qualifier' | 'operator' | 'ifExists'> {
  const [, qualifier = '', operator = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  return { qualifier: qualifier as ConditionSite['qualifier'], operator, ifExists: ifExists !== undefined };
}

/** What the request has for a key; undefined: it is absent. */
export function valuesOf(request: EvaluationInput['request'], key: string): readonly string[] | undefined {
  const entry = Object.entries(request.context ?? {}).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return entry === undefined ? undefined : [entry[1]].flat();
}
