/**
 * When the MFA condition keys are in a request's context, and what they say (IAM User Guide, "Secure API access with
 * MFA" and `aws:MultiFactorAuthPresent`).
 *
 * | credentials | Present | Age |
 * | --- | --- | --- |
 * | long-term key | absent | absent |
 * | GetSessionToken without a code | false | absent |
 * | GetSessionToken with a code | true | seconds since the code |
 * | AssumeRole by a long-term key, with a code or without | false | absent |
 * | AssumeRole by an MFA session | false by the guide, true by reports: {@link RoleSessionMfa} | absent |
 * | AssumeRole by a session without a code, or by a role session | false | absent |
 * | GetFederationToken | absent | absent |
 */
import type { RoleSessionMfa } from './authority.ts';
import type { Caller } from './caller.ts';
import type { ContextEntries } from './context-entries.ts';
import type { RoleSession } from './session.ts';

/** The value of `aws:MultiFactorAuthPresent`; undefined: the key isn't there. */
export function mfaPresent(caller: Caller, roleSessionMfa: RoleSessionMfa): boolean | undefined {
  switch (caller.type) {
    case 'long-term':
    case 'federated':
      return undefined;
    case 'user-session':
      return caller.authenticatedAtMs !== undefined;
    case 'role-session':
      return roleSessionMfa === 'inherited' && enteredWithMfa(caller);
  }
}

/** The value of `aws:MultiFactorAuthAge` in whole seconds; undefined: the key isn't there. */
export function mfaAgeSeconds(caller: Caller, nowMs: number): number | undefined {
  if (caller.type !== 'user-session' || caller.authenticatedAtMs === undefined) return undefined;
  // The authority's clock may have been moved back: nothing is younger than new.
  return Math.max(0, Math.floor((nowMs - caller.authenticatedAtMs) / 1000));
}

/**
 * What a trust policy sees when a code came with AssumeRole itself. doubt: that its age is 0 isn't documented, but a
 * code can't be older than the call that proves it.
 */
export const MFA_BY_CODE: ContextEntries = [
  ['aws:multifactorauthpresent', ['true']],
  ['aws:multifactorauthage', ['0']],
];

/** doubt: nobody reported what a chain of roles carries on; what isn't known to be true is false. */
function enteredWithMfa(session: RoleSession): boolean {
  return session.enteredBy === 'user-session' && session.authenticatedAtMs !== undefined;
}
