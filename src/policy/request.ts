import type { PreparedPolicy } from './prepare.ts';

/**
 * The values of one condition key, by the key's name in lower case; undefined: the key isn't in the request.
 * A `Map<string, readonly string[]>` is one; so is anything lazy.
 */
export interface RequestContext {
  get(keyInLowerCase: string): readonly string[] | undefined;
}

/**
 * Who asks, as the evaluator must know it. Nothing here reaches a condition key: `aws:PrincipalArn` and its siblings
 * are in the context or they are absent.
 */
export type Principal =
  | { readonly type: 'root'; readonly arn: string; readonly accountId: string }
  | { readonly type: 'user'; readonly arn: string; readonly accountId: string; readonly uniqueId?: string }
  /** `arn` is the session's (`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`), `roleArn` the role's own, path included. */
  | {
      readonly type: 'role-session';
      readonly arn: string;
      readonly accountId: string;
      readonly roleArn: string;
      readonly roleUniqueId?: string;
    }
  /** GetFederationToken's: `arn:aws:sts::ACCOUNT:federated-user/NAME`, made by `userArn`. */
  | { readonly type: 'federated-user'; readonly arn: string; readonly accountId: string; readonly userArn?: string }
  | { readonly type: 'service'; readonly service: string }
  | { readonly type: 'web-identity'; readonly provider: string }
  | { readonly type: 'anonymous' };

export interface AccessRequest {
  readonly principal: Principal;
  /** `service:Action`, compared without regard to case. */
  readonly action: string;
  readonly resource: string;
  /** The account that owns the resource; needed where the ARN has none (S3). Default: the ARN's, else the principal's. */
  readonly resourceAccountId?: string;
  readonly context: RequestContext;
  /**
   * What the resource's own policy reads in place of `context`, where the two differ: a code on AssumeRole proves MFA
   * to the trust policy; that the caller's identity policies see it too isn't documented, so they don't.
   */
  readonly resourceContext?: RequestContext;
}

/** Every policy that has a say. An absent list is "none of this kind is attached", an empty session policy list likewise. */
export interface PolicySet {
  readonly identity: readonly PreparedPolicy[];
  /** The resource's own policy, or the trust policy when the action assumes a role. */
  readonly resource?: PreparedPolicy;
  readonly permissionsBoundary?: PreparedPolicy;
  readonly session?: readonly PreparedPolicy[];
  /** A list a level, from the organisation's root down to the account. */
  readonly serviceControl?: readonly (readonly PreparedPolicy[])[];
  readonly resourceControl?: readonly (readonly PreparedPolicy[])[];
}
