import type { Verdict } from './decision.ts';
import type { Explanation } from './explain.ts';

/** The machine form of a question: raw documents, and a request whose context holds just the keys given. */
export interface EvaluationInput {
  readonly identityPolicies: readonly unknown[];
  /** The resource's own policy; for sts:AssumeRole, the role's trust policy. */
  readonly resourcePolicy?: unknown;
  readonly permissionsBoundary?: unknown;
  readonly sessionPolicies?: readonly unknown[];
  /** A list a level, from the organisation's root down to the account. */
  readonly serviceControlPolicies?: readonly (readonly unknown[])[];
  /** The same; `RCPFullAWSAccess` stands beside each without being given. */
  readonly resourceControlPolicies?: readonly (readonly unknown[])[];
  readonly request: {
    /** An ARN, a service principal (`lambda.amazonaws.com`), or `*` for nobody in particular. */
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount?: string;
    readonly context: Readonly<Record<string, string | readonly string[]>>;
  };
}

export interface Evaluation extends Omit<Explanation, 'verdict'> {
  readonly decision: Verdict;
}

/** Throws StepupError `malformed-policy` for a document and `malformed-request` for a request that can't be read. */
export declare function evaluate(input: EvaluationInput): Evaluation;
