import type { RequestContext } from '../context.ts';

/** Compares one value of the request with one value of the policy, in the operator's positive sense. */
export type ValueTest = (value: string, context: RequestContext) => boolean;

/** A row of the table in operators.ts. */
export interface ConditionOperator {
  /** In AWS's own capitals. */
  readonly name: string;
  /** `StringNotEquals` and its like: true where the positive comparison is false for all of the policy's values. */
  readonly negated: boolean;
  /**
   * The test for one value of the policy; undefined where that value isn't of the operator's type. `variables`:
   * whether `${…}` in it has a meaning (Version 2012-10-17).
   */
  compile(value: string, variables: boolean): ValueTest | undefined;
}
