import type { ConditionOperator, ValueTest } from './operator.ts';

/** IAM User Guide, condition operators: Boolean. A Boolean may come as a string. */
export const boolOperators: readonly ConditionOperator[] = [{ name: 'Bool', negated: false, compile }];

function compile(wanted: string): ValueTest | undefined {
  const wantedBoolean = parseBoolean(wanted);
  return wantedBoolean === undefined ? undefined : (value) => parseBoolean(value) === wantedBoolean;
}

/** In any case: `True`, as templates in YAML tend to write it, is taken for `true`. */
export function parseBoolean(text: string): boolean | undefined {
  if (text === 'true') return true;
  if (text === 'false') return false;
  const inLowerCase = text.toLowerCase();
  return inLowerCase === 'true' ? true : inLowerCase === 'false' ? false : undefined;
}
