/**
 * The words of AWS's access denied errors (IAM User Guide, "Troubleshoot access denied error messages"). The reason is
 * given to callers of the resource's own account only.
 */
import type { Decision, PolicyType } from '../policy/decision.ts';
import { Refusal } from './refusal.ts';

export interface DeniedAccess {
  readonly callerArn: string;
  readonly action: string;
  /** As the denial names it; empty where the action knows no resource, and then none is named. */
  readonly resource: string;
  readonly sameAccount: boolean;
}

const EXPLICITLY_IN: Readonly<Record<PolicyType, string>> = {
  'identity-based policy': 'an identity-based policy',
  'resource-based policy': 'a resource-based policy',
  'role trust policy': 'the role trust policy',
  'permissions boundary': 'a permissions boundary',
  'session policy': 'a session policy',
  'service control policy': 'a service control policy',
  'resource control policy': 'a resource control policy',
};

export function denial({ callerArn, action, resource, sameAccount }: DeniedAccess, decision: Decision): Refusal {
  const target = resource === '' ? '' : ` on resource: ${resource}`;
  const fact = `User: ${callerArn} is not authorized to perform: ${action}${target}`;
  const reason = sameAccount ? reasonOf(action, decision) : '';
  return new Refusal('AccessDenied', 403, fact + reason);
}

function reasonOf(action: string, { verdict, decidedBy }: Decision): string {
  if (decidedBy === undefined) return '';
  return verdict === 'explicitDeny'
    ? ` with an explicit deny in ${EXPLICITLY_IN[decidedBy]}`
    : ` because no ${decidedBy} allows the ${action} action`;
}
