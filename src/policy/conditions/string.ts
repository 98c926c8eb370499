import { joinParts, parseTemplate, patternCodes, resolveTemplate } from '../variables.ts';
import { compilePattern, matchesCodes, matchesPattern } from '../wildcard.ts';
import type { ConditionOperator, ValueTest } from './operator.ts';

/** IAM User Guide, condition operators: String. Only the …Like forms know wildcards, only …IgnoreCase ignores case. */
export const stringOperators: readonly ConditionOperator[] = [
  { name: 'StringEquals', negated: false, compile: equals },
  { name: 'StringNotEquals', negated: true, compile: equals },
  { name: 'StringEqualsIgnoreCase', negated: false, compile: equalsIgnoringCase },
  { name: 'StringNotEqualsIgnoreCase', negated: true, compile: equalsIgnoringCase },
  { name: 'StringLike', negated: false, compile: like },
  { name: 'StringNotLike', negated: true, compile: like },
];

function equals(wanted: string, variables: boolean): ValueTest {
  const template = variables ? parseTemplate(wanted) : undefined;
  if (template === undefined) return (value) => value === wanted;
  return (value, context) => {
    const parts = resolveTemplate(template, context);
    return parts !== undefined && joinParts(parts) === value;
  };
}

function equalsIgnoringCase(wanted: string, variables: boolean): ValueTest {
  const template = variables ? parseTemplate(wanted) : undefined;
  const wantedInLowerCase = wanted.toLowerCase();
  if (template === undefined) return (value) => value.toLowerCase() === wantedInLowerCase;
  return (value, context) => {
    const parts = resolveTemplate(template, context);
    return parts !== undefined && joinParts(parts).toLowerCase() === value.toLowerCase();
  };
}

function like(wanted: string, variables: boolean): ValueTest {
  const template = variables ? parseTemplate(wanted) : undefined;
  if (template === undefined) {
    const pattern = compilePattern(wanted, 'text');
    return (value) => matchesPattern(pattern, value);
  }
  return (value, context) => {
    const parts = resolveTemplate(template, context);
    return parts !== undefined && matchesCodes(patternCodes(parts, 'text'), value);
  };
}
