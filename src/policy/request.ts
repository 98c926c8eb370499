import type { RequestContext } from './context.ts';
import type { PreparedPolicy } from './prepare.ts';
import type { Principal } from './principal.ts';

export type { RequestContext } from './context.ts';
export type { Principal } from './principal.ts';

export interface AccessRequest {
  readonly principal: Principal;
  /** `service:Action`, compared without regard to case. */
  readonly action: string;
  readonly resource: string;
  /** The account that owns the resource; needed where the ARN has none (S3). Default: the ARN's, else the principal's. */
  readonly resourceAccountId?: string | undefined;
  readonly context: RequestContext;
  /**
   * What the resource's own policy reads in place of `context`, where the two differ: a code on AssumeRole proves MFA
   * to the trust policy; that the caller's identity policies see it too isn't documented, so they don't.
   */
  readonly resourceContext?: RequestContext | undefined;
}

/** Every policy that has a say. An absent list is "none of this kind is attached", an empty session policy list likewise. */
export interface PolicySet {
  readonly identity: readonly PreparedPolicy[];
  /** The resource's own policy, or the trust policy when the action assumes a role. */
  readonly resource?: PreparedPolicy | undefined;
  readonly permissionsBoundary?: PreparedPolicy | undefined;
  readonly session?: readonly PreparedPolicy[] | undefined;
  /**
   * Of the principal's account: a list a level, from the organisation's root down to the account. Leave them out for
   * the organisation's management account, which they don't bind.
   */
  readonly serviceControl?: readonly (readonly PreparedPolicy[])[] | undefined;
  /** Of the resource's account, likewise; `RCPFullAWSAccess` stands beside each without being given. */
  readonly resourceControl?: readonly (readonly PreparedPolicy[])[] | undefined;
}
