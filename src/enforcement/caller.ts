import type { KeyOwner, Tag } from './ports.ts';

/**
 * Who signed a request, and with what proof: the outcome of authentication, and (all but the long-term kinds) what a
 * session token seals. Times are epoch milliseconds on the authority's clock.
 */
export type Caller = LongTermCaller | UserSessionCaller | RoleSessionCaller | FederatedCaller;

/** A long-term key: both MFA keys are absent from the context. */
export interface LongTermCaller {
  readonly type: 'long-term';
  readonly accessKeyId: string;
  readonly owner: KeyOwner;
}

/** GetSessionToken's credentials. `authenticatedAtMs` is there if a code was given. */
export interface UserSessionCaller {
  readonly type: 'user-session';
  readonly accessKeyId: string;
  readonly owner: KeyOwner;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly authenticatedAtMs?: number;
}

/** AssumeRole's credentials. */
export interface RoleSessionCaller {
  readonly type: 'role-session';
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly roleId: string;
  readonly roleArn: string;
  readonly roleName: string;
  readonly sessionName: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** How the role was entered; `code`: SerialNumber and TokenCode on AssumeRole itself. */
  readonly enteredBy: 'long-term' | 'code' | 'user-session' | 'role-session';
  /** When the MFA session behind it was authenticated: kept for `--role-session-mfa inherited`. */
  readonly authenticatedAtMs?: number;
  readonly sessionPolicies: SessionPolicies;
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
}

/** GetFederationToken's credentials: no permission without a session policy. */
export interface FederatedCaller {
  readonly type: 'federated';
  readonly accessKeyId: string;
  readonly owner: KeyOwner;
  readonly name: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly sessionPolicies: SessionPolicies;
  readonly tags: readonly Tag[];
}

export interface SessionPolicies {
  /** The inline document's text. */
  readonly inline?: string;
  /** ARNs of managed policies, read anew at each call. */
  readonly managed: readonly string[];
}
