/**
 * The gate: a role's trust policy that lets named users in with a code, young enough, and nobody else.
 *
 * Each user is named by its ARN, so the account as a whole is not trusted; across accounts the user's own policy must
 * allow as well (IAM User Guide, Cross-account policy evaluation). `Bool` and `NumericLessThan` without `IfExists`: a
 * long-term key brings neither key, and a session without a code says `false`, so both are outside.
 */
export interface Gate {
  /** ARNs of users; at least one. */
  readonly entrants: readonly string[];
  readonly maxAgeSeconds: number;
  readonly externalId?: string;
}

/** The trust policy as JSON text. */
export function trustPolicyOf({ entrants, maxAgeSeconds, externalId }: Gate): string {
  return policyText({
    Effect: 'Allow',
    Principal: { AWS: oneOrList(entrants) },
    Action: 'sts:AssumeRole',
    Condition: {
      ...freshCode(maxAgeSeconds),
      ...(externalId !== undefined && { StringEquals: { 'sts:ExternalId': externalId } }),
    },
  });
}

/** The condition that only a session with a code younger than this meets. */
export function freshCode(maxAgeSeconds: number): object {
  return {
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': String(maxAgeSeconds) },
  };
}

/** A policy of these statements, as JSON text without white space. */
export function policyText(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** As AWS's own policies have it: a list only where there are several. */
export function oneOrList(values: readonly string[]): string | readonly string[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}
