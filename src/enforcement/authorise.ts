/** May they? AWS's way from a request to a yes or no (IAM User Guide, "Policy evaluation logic"). */
import { accountOfArn } from '../policy/arn.ts';
import { decide } from '../policy/decide.ts';
import type { Decision } from '../policy/decision.ts';
import { parsePolicy } from '../policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../policy/prepare.ts';
import type { AccessRequest, PolicySet } from '../policy/request.ts';
import type { Authority } from './authority.ts';
import type { Caller } from './caller.ts';
import { type RequestFacts, requestContext } from './context.ts';
import type { ContextEntries } from './context-entries.ts';
import { denial } from './denial.ts';
import type { KeyOwner } from './ports.ts';
import { accountOf, callerArn, principalOf } from './principal.ts';
import { preparedSessionPolicies } from './session-policies.ts';

/** May this caller do this to that? */
export interface Access {
  readonly caller: Caller;
  readonly facts: RequestFacts;
  /** Of the credential scope. */
  readonly region: string;
  /** The authority's clock at the start of the call. */
  readonly nowMs: number;
  /** `service:Action`. */
  readonly action: string;
  /** The ARN that a policy's Resource must match. */
  readonly resource: string;
  /** What the denial calls the resource where that isn't its ARN; empty: it names none. */
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
export function authorise(access: Access, authority: Authority): void {
  const { caller, action, resource, facts, region, nowMs, context = [], resourceContext, resourcePolicy } = access;
  const resourceAccountId = access.resourceAccountId ?? accountOfArn(resource) ?? accountOf(caller);
  const situation = { caller, facts, region, nowMs, resourceAccountId, authority };
  const request: AccessRequest = {
    principal: principalOf(caller),
    action,
    resource,
    resourceAccountId,
    context: requestContext(situation, context),
    resourceContext: resourceContext && requestContext(situation, resourceContext, context),
  };
  const { identity, permissionsBoundary, session } = callerPolicies(caller, authority);
  const policies: PolicySet = { identity, permissionsBoundary, session, resource: resourcePolicy };
  const decision = decide(request, policies);
  if (decision.verdict === 'allowed') return;
  const named = {
    callerArn: callerArn(caller),
    action,
    resource: access.resourceInDenial ?? resource,
    sameAccount: resourceAccountId === accountOf(caller),
  };
  throw denial(named, callersOwnLack(decision, request, policies) ?? decision);
}

/**
 * Where a trust policy doesn't allow and the caller's own policies don't either, the denial names the caller's own:
 * otherwise somebody without any permission would learn which roles are there, and which of them trust the account.
 */
function callersOwnLack(decision: Decision, request: AccessRequest, policies: PolicySet): Decision | undefined {
  if (decision.verdict !== 'implicitDeny' || decision.decidedBy !== 'role trust policy') return undefined;
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: request.resourceAccountId }, Action: 'sts:*' },
  };
  const withTrust = decide(request, {
    ...policies,
    resource: preparePolicy(parsePolicy(JSON.stringify(trust), 'trust')),
  });
  return withTrust.verdict === 'allowed' ? undefined : withTrust;
}

/** Identity policies, boundary and session policies of the caller, as they are now. */
function callerPolicies(caller: Caller, { directory }: Authority): PolicySet {
  switch (caller.type) {
    case 'long-term':
    case 'user-session':
      return ownerPolicies(caller.owner, directory);
    case 'role-session':
      return {
        ...directory.rolePolicies(caller.accountId, caller.roleId),
        session: preparedSessionPolicies(caller.sessionPolicies, caller.accountId, directory),
      };
    case 'federated': {
      // "If you don't pass a policy, the federated user has no permissions" (GetFederationToken), save what a
      // resource's own policy grants it: the evaluator knows. What denies the user denies the federated user still.
      const session = preparedSessionPolicies(caller.sessionPolicies, caller.accountId, directory);
      const owned =
        caller.owner.type === 'root' ? { identity: [everything()] } : ownerPolicies(caller.owner, directory);
      return { ...owned, session };
    }
  }
}

/** Root needs no policy: the evaluator lets it through by what it is. */
function ownerPolicies(owner: KeyOwner, directory: Authority['directory']): PolicySet {
  return owner.type === 'root' ? { identity: [] } : directory.userPolicies(owner.accountId, owner.userId);
}

/** What root hands on to a federated user, before the session policy cuts it down. */
function everything(): PreparedPolicy {
  return preparePolicy(
    parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', 'identity'),
  );
}
