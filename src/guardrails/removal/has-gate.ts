import { isStepupError } from '../../errors.ts';
import { parsePolicy } from '../../policy/parse.ts';

/**
 * Whether a trust policy demands MFA of everybody it lets in: each statement that allows has `Bool
 * aws:MultiFactorAuthPresent true`, without IfExists. What can't be read, or asks in another way, counts as open.
 */
export function hasGate(trustPolicy: string): boolean {
  try {
    return parsePolicy(trustPolicy, 'trust')
      .statements.filter(({ effect }) => effect === 'Allow')
      .every(({ conditions }) =>
        conditions.some(
          ({ operator, ifExists, qualifier, key, values }) =>
            operator === 'Bool' &&
            !ifExists &&
            qualifier === 'none' &&
            key.toLowerCase() === 'aws:multifactorauthpresent' &&
            values.every((value) => value.toLowerCase() === 'true'),
        ),
      );
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    return false;
  }
}
