/** Kinds of policy in the words of AWS's denial messages. */
export type PolicyType =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'role trust policy'
  | 'permissions boundary'
  | 'session policy'
  | 'service control policy'
  | 'resource control policy';

export type Verdict = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** What `decide` answers: cheap, no explanation. `decidedBy` is what AWS's message would name; absent when allowed. */
export interface Decision {
  readonly verdict: Verdict;
  readonly decidedBy?: PolicyType;
}
