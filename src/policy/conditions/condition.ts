import type { RequestContext } from '../context.ts';
import type { Condition, PolicyVersion, Statement } from '../document.ts';
import { holdsNull, isEmptySet } from './null.ts';
import type { ValueTest } from './operator.ts';
import { conditionOperators, NULL_OPERATOR } from './operators.ts';

/** One operator on one key, compiled. */
export interface PreparedCondition {
  readonly source: Condition;
  /** In lower case, as the context wants it. */
  readonly key: string;
  readonly holds: (context: RequestContext) => boolean;
}

/**
 * Compiles a condition of a statement with this effect. Where AWS doesn't say what happens, the effect decides, so
 * that the doubt ends in a denial.
 */
export function compileCondition(
  source: Condition,
  version: PolicyVersion,
  effect: Statement['effect'],
): PreparedCondition {
  const key = source.key.toLowerCase();
  if (source.operator === NULL_OPERATOR) {
    return { source, key, holds: (context) => holdsNull(source.values, context.get(key)) };
  }
  const operator = conditionOperators.get(source.operator);
  // The parser lets no other operator through.
  if (operator === undefined) return { source, key, holds: () => effect === 'Deny' };

  const { negated } = operator;
  const onAbsentKey = holdsWithoutKey(source, negated);
  const satisfies = compileValues(source, version, effect, operator);
  const quantify = quantifier(source.qualifier, effect);
  return {
    source,
    key,
    holds(context) {
      const values = context.get(key);
      if (values === undefined || values.length === 0) return onAbsentKey;
      return quantify(values, satisfies, context);
    },
  };
}

/**
 * What a condition is worth without its key (IAM User Guide: …IfExists; set operators; negated matching): IfExists and
 * ForAllValues hold, ForAnyValue doesn't, and of the others the negated ones do.
 */
function holdsWithoutKey(source: Condition, negated: boolean): boolean {
  if (source.ifExists) return true;
  if (source.qualifier === 'none') return negated;
  return source.qualifier === 'ForAllValues';
}

/** True for a value of the request that matches one of the policy's; for a negated operator, none of them. */
function compileValues(
  source: Condition,
  version: PolicyVersion,
  effect: Statement['effect'],
  {
    negated,
    compile,
  }: { readonly negated: boolean; compile(value: string, variables: boolean): ValueTest | undefined },
): ValueTest {
  const variables = version === '2012-10-17';
  const tests: ValueTest[] = [];
  let malformed = false;
  for (const value of source.values) {
    const test = compile(value, variables);
    if (test === undefined) malformed = true;
    else tests.push(test);
  }
  // doubt: a policy value of the wrong type under a negated operator. "Not 300.0.0.1" would allow everybody.
  if (malformed && negated && effect === 'Allow') return () => false;
  const [only] = tests;
  const matches: ValueTest =
    tests.length === 1 && only !== undefined ? only : (value, context) => satisfiesAny(tests, value, context);
  return negated ? (value, context) => !matches(value, context) : matches;
}

function satisfiesAny(tests: readonly ValueTest[], value: string, context: RequestContext): boolean {
  for (const test of tests) {
    if (test(value, context)) return true;
  }
  return false;
}

type Quantifier = (values: readonly string[], satisfies: ValueTest, context: RequestContext) => boolean;

function quantifier(qualifier: Condition['qualifier'], effect: Statement['effect']): Quantifier {
  switch (qualifier) {
    case 'ForAllValues':
      return (values, satisfies, context) => isEmptySet(values) || every(values, satisfies, context);
    case 'ForAnyValue':
      return (values, satisfies, context) => !isEmptySet(values) && some(values, satisfies, context);
    case 'none':
      // doubt: a key with several values and no set operator ("should be used", says AWS, and no more).
      return effect === 'Allow' ? every : some;
  }
}

function every(values: readonly string[], satisfies: ValueTest, context: RequestContext): boolean {
  for (const value of values) {
    if (!satisfies(value, context)) return false;
  }
  return true;
}

function some(values: readonly string[], satisfies: ValueTest, context: RequestContext): boolean {
  for (const value of values) {
    if (satisfies(value, context)) return true;
  }
  return false;
}
