import { compileArnPattern, matchesArnCodes, matchesArnPattern } from '../arn.ts';
import { parseTemplate, patternCodes, resolveTemplate } from '../variables.ts';
import type { ConditionOperator, ValueTest } from './operator.ts';

/** IAM User Guide, condition operators: ARN. ArnEquals behaves as ArnLike, ArnNotEquals as ArnNotLike. */
export const arnOperators: readonly ConditionOperator[] = [
  { name: 'ArnEquals', negated: false, compile },
  { name: 'ArnLike', negated: false, compile },
  { name: 'ArnNotEquals', negated: true, compile },
  { name: 'ArnNotLike', negated: true, compile },
];

function compile(wanted: string, variables: boolean): ValueTest | undefined {
  const template = variables ? parseTemplate(wanted) : undefined;
  if (template !== undefined) {
    return (value, context) => {
      const parts = resolveTemplate(template, context);
      return parts !== undefined && matchesArnCodes(patternCodes(parts, 'text'), value);
    };
  }
  const pattern = compileArnPattern(wanted);
  return pattern && ((value) => matchesArnPattern(pattern, value));
}
