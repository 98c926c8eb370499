/** What `explain` answers: plain data, fit for JSON. */
import type { PolicyType, Verdict } from './decision.ts';
import type { Location } from './document.ts';
import type { ConditionMismatch, Mismatch } from './mismatch.ts';
import type { Naming } from './principal.ts';
import type { SpecialRule } from './special-rules.ts';

/** Why `decide` answers as it does; `verdict` and `decidedBy` are decide's own. */
export interface Explanation {
  readonly verdict: Verdict;
  readonly decidedBy?: PolicyType;
  /** Rules of AWS that hold for this request whatever the policies say. */
  readonly rules: readonly SpecialRule[];
  /** Every policy that was given, in the order of the evaluation. */
  readonly policies: readonly PolicyExplanation[];
  /** What would have to change for the request to be allowed, all of it; empty when it is. */
  readonly changes: readonly Change[];
}

export interface PolicyExplanation {
  readonly type: PolicyType;
  /** For policies of an organisation: its level, from the root down. */
  readonly level?: number;
  /** Place in its list of the policy set, or of its level. */
  readonly index: number;
  /** False: this policy has no say in the request (see `rules`; identity policies have none over root). */
  readonly hasSay: boolean;
  readonly says: 'deny' | 'allow' | 'nothing';
  /** The index of the statement that says it: the first that denies, else the one that allows most directly. */
  readonly decidingStatement?: number;
  /** How the allowing statement names the principal, in a policy that names any. */
  readonly naming?: Naming;
  readonly statements: readonly StatementExplanation[];
}

export interface StatementExplanation {
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly location: Location;
  readonly matched: boolean;
  /** Empty where it matched. */
  readonly mismatches: readonly Mismatch[];
  /** The conditions that held where it matched; absent where it has none. */
  readonly met?: readonly ConditionMismatch[];
}

/** Where a statement stands among the policies of an explanation. */
export interface StatementPlace extends Pick<PolicyExplanation, 'type' | 'level' | 'index'> {
  readonly statement: number;
}

export type Change =
  /** The statement denies: it would have to go, or not to match. */
  | { readonly change: 'lift-deny'; readonly place: StatementPlace }
  /**
   * This type of policy would have to allow: by a statement that is there and falls short (`nearest`, those that fail
   * on the fewest elements), or by a new one.
   */
  | {
      readonly change: 'allow';
      readonly type: PolicyType;
      readonly level?: number;
      readonly nearest: readonly (StatementPlace & { readonly mismatches: readonly Mismatch[] })[];
    }
  /** No policy can change it: see `rules`. */
  | { readonly change: 'none-possible'; readonly rule: SpecialRule };
