import type { PreparedPolicy } from '../policy/prepare.ts';
import type { Authority } from './authority.ts';
import type { Caller } from './caller.ts';
import type { ContextEntries, RequestFacts } from './context.ts';

/** May this caller do this to that? */
export interface Access {
  readonly caller: Caller;
  readonly facts: RequestFacts;
  /** The authority's clock at the start of the call. */
  readonly nowMs: number;
  /** `service:Action`. */
  readonly action: string;
  /** The ARN that a policy's Resource must match. */
  readonly resource: string;
  /** What the denial calls the resource where that isn't its ARN. */
  readonly resourceInDenial?: string | undefined;
  /** The account that owns the resource; needed where the ARN names none (S3). */
  readonly resourceAccountId?: string | undefined;
  /** The resource's own policy, or the trust policy of the role to be assumed. */
  readonly resourcePolicy?: PreparedPolicy | undefined;
  readonly context?: ContextEntries | undefined;
  /** Keys that only the resource's own policy sees, in place of the caller's own. */
  readonly resourceContext?: ContextEntries | undefined;
}

/** Returns if it may. Throws Refusal `AccessDenied` in AWS's present wording. */
export declare function authorise(access: Access, authority: Authority): void;
