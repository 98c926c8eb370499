import { accountOfArn } from './arn.ts';
import type { RequestContext } from './context.ts';
import type { Principal } from './principal.ts';
import type { AccessRequest, PolicySet } from './request.ts';

/** A request with what the steps of the evaluation need of it, worked out once. */
export interface Question {
  readonly principal: Principal;
  /** The principal's account; services, web identities and anonymous callers have none. */
  readonly accountId: string | undefined;
  readonly action: string;
  readonly actionInLowerCase: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** What the resource's own policy reads. */
  readonly resourceContext: RequestContext;
  readonly hasBoundary: boolean;
  /** The principal's account isn't the resource's. */
  readonly crossesAccounts: boolean;
}

export function openQuestion(request: AccessRequest, policies: PolicySet): Question {
  const { principal, action, resource, context } = request;
  const accountId = 'accountId' in principal ? principal.accountId : undefined;
  return {
    principal,
    accountId,
    action,
    actionInLowerCase: action.toLowerCase(),
    resource,
    context,
    resourceContext: request.resourceContext ?? context,
    hasBoundary: policies.permissionsBoundary !== undefined,
    crossesAccounts: accountId !== undefined && accountId !== accountOfResource(request, accountId),
  };
}

/** An ARN without an account (S3's, or `*`) is taken for one of the caller's own account, unless the request says. */
function accountOfResource({ resourceAccountId, resource }: AccessRequest, callersAccountId: string): string {
  return resourceAccountId ?? accountOfArn(resource) ?? callersAccountId;
}
