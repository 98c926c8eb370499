import type { PolicyType, Verdict } from './decision.ts';
import type { Location } from './document.ts';
import type { AccessRequest, PolicySet } from './request.ts';

/** Why `decide` answers as it does; `verdict` and `decidedBy` are always decide's own. */
export interface Explanation {
  readonly verdict: Verdict;
  readonly decidedBy?: PolicyType;
  readonly policies: readonly PolicyExplanation[];
}

export interface PolicyExplanation {
  readonly type: PolicyType;
  /** Place in its list of the policy set. */
  readonly index: number;
  readonly statements: readonly StatementExplanation[];
}

export interface StatementExplanation {
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly location: Location;
  readonly matched: boolean;
}

export declare function explain(request: AccessRequest, policies: PolicySet): Explanation;
