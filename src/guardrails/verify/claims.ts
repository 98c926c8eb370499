/** What must hold of guardrails that stand: the rows of `stepup setup verify`. */

/**
 * `tried`: by real calls, with one's own key and one code. `proved`: by the policy evaluator, over the policies as they
 * were read back. `sandbox only`: by moving the authority's clock, which no real AWS lets anybody do.
 */
export type Method = 'tried' | 'proved' | 'sandbox only';

export type Claim =
  /** What is there is what the file says. */
  | 'as stated'
  /** Entrants get in with a code that is young enough. */
  | 'fresh code'
  /** Nobody gets into a gated role by the key alone, */
  | 'key alone'
  /** nor by a session that was made without a code, */
  | 'session without a code'
  /** nor by one whose code is as old as the gate allows or older, */
  | 'aged code'
  /** nor by a session of a role, */
  | 'role session'
  /** nor by a federated session of a user; */
  | 'federated session'
  /** nor does anybody who may not enter, whatever the code. */
  | 'not an entrant'
  /** Where the gate demands an external id: nobody without it. */
  | 'external id'
  /** Without a code a user's key does nothing but ask for its roles. */
  | 'key elsewhere';

/** One claim, held against all its cases. */
export interface Finding {
  readonly method: Method;
  readonly claim: Claim;
  /** How many cases were tried or decided. */
  readonly cases: number;
  /** Empty: it holds. */
  readonly failures: readonly Failure[];
}

/** A case in which a claim doesn't hold. */
export interface Failure {
  /** ARN. */
  readonly who?: string;
  /** The role's ARN, or what else was asked for. */
  readonly what: string;
  /** In the field's words: `allowed by inline policy x`, `AccessDenied`. */
  readonly because: string;
}

export function holds(findings: readonly Finding[]): boolean {
  return findings.every(({ failures }) => failures.length === 0);
}
