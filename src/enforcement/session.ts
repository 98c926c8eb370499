/**
 * Temporary credentials as a session token seals them: ids, not names, so that the rest is as it is when they are
 * used. Times are epoch milliseconds on the authority's clock.
 */
import type { Tag } from './ports.ts';

export type Session = UserSession | RoleSession | FederatedSession;

interface Lifetime {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** GetSessionToken's. */
export interface UserSession extends Lifetime {
  readonly type: 'user-session';
  readonly accountId: string;
  /** Root's id is the account's. */
  readonly userId: string;
  /** There if a code was given. */
  readonly authenticatedAtMs?: number | undefined;
}

/** How a role was entered; `code`: by a long-term key with SerialNumber and TokenCode on AssumeRole itself. */
export type RoleEntry = 'long-term' | 'code' | 'user-session' | 'role-session';

/** AssumeRole's. */
export interface RoleSession extends Lifetime {
  readonly type: 'role-session';
  readonly accountId: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly enteredBy: RoleEntry;
  /** When the MFA session that entered the role was authenticated: kept for `--role-session-mfa inherited`. */
  readonly authenticatedAtMs?: number | undefined;
  readonly sessionPolicies: SessionPolicies;
  /** Session tags, those inherited from the session before it among them. */
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string | undefined;
}

/** GetFederationToken's: no permission without a session policy. */
export interface FederatedSession extends Lifetime {
  readonly type: 'federated';
  readonly accountId: string;
  readonly userId: string;
  readonly name: string;
  readonly sessionPolicies: SessionPolicies;
  readonly tags: readonly Tag[];
}

export interface SessionPolicies {
  /** The inline document's text. */
  readonly inline?: string | undefined;
  /** ARNs of managed policies, read anew at each call. */
  readonly managed: readonly string[];
}
