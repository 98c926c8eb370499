import { StepupError } from '../errors.ts';
import type { Location } from './document.ts';

/** What is wrong with a document: in AWS's words and in ours. */
export interface Flaw {
  /** AWS's message, without the name of its error. */
  readonly aws: string;
  readonly problem: string;
  readonly location: Location;
}

/** IAM's answer to most of what doesn't follow the grammar. */
export const SYNTAX_ERRORS = 'Syntax errors in policy.';
/** IAM's answer to what follows the grammar but makes no sense to an older parser behind it. */
export const LEGACY_PARSING = 'The policy failed legacy parsing';

export function malformed({ aws, problem, location }: Flaw, awsCode = 'MalformedPolicyDocument'): StepupError {
  return new StepupError('malformed-policy', { aws: `${awsCode}: ${aws}`, problem, ...location });
}
