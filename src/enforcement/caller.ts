import type { KeyOwner } from './ports.ts';
import type { FederatedSession, RoleSession, UserSession } from './session.ts';

/** Who signed a request, and with what proof: the outcome of authentication. */
export type Caller = LongTermCaller | UserSessionCaller | RoleSessionCaller | FederatedCaller;

/** A long-term key. */
export interface LongTermCaller {
  readonly type: 'long-term';
  readonly accessKeyId: string;
  readonly owner: KeyOwner;
}

/** GetSessionToken's credentials, and whose they are now. */
export interface UserSessionCaller extends UserSession {
  readonly accessKeyId: string;
  readonly owner: KeyOwner;
}

/** AssumeRole's credentials, and the role as it is now. */
export interface RoleSessionCaller extends RoleSession {
  readonly accessKeyId: string;
  readonly roleArn: string;
  readonly roleName: string;
}

/** GetFederationToken's credentials, and who made them. */
export interface FederatedCaller extends FederatedSession {
  readonly accessKeyId: string;
  readonly owner: KeyOwner;
}
