import type { Decision, PolicyType } from './decision.ts';
import { allowsIn, deniesIn, resourcePolicyDenies, resourcePolicyNaming } from './policy-answers.ts';
import type { Naming } from './principal.ts';
import { openQuestion, type Question } from './question.ts';
import type { AccessRequest, PolicySet } from './request.ts';
import {
  chainNeedsBothSides,
  closedCall,
  entersRole,
  isServiceLinkedRole,
  mendsOwnBucketPolicy,
  needsNoPermission,
  retiresGrant,
  usesKmsKey,
} from './special-rules.ts';

const ALLOWED: Decision = { verdict: 'allowed' };

/**
 * Whether the policies let the request through, by the steps of AWS's enforcement code (IAM User Guide, Policy
 * evaluation logic). Never throws.
 */
export function decide(request: AccessRequest, policies: PolicySet): Decision {
  const question = openQuestion(request, policies);
  const closed = closedCall(question);
  if (closed !== undefined) return { verdict: 'implicitDeny', decidedBy: closed.decidedBy };
  if (needsNoPermission(question)) return ALLOWED;
  const denier = findDenier(question, policies);
  if (denier !== undefined) return { verdict: 'explicitDeny', decidedBy: denier };
  const silent = findMissingAllow(question, policies);
  return silent === undefined ? ALLOWED : { verdict: 'implicitDeny', decidedBy: silent };
}

/** Step 1, deny evaluation: the first type of policy that says no in so many words. */
function findDenier(question: Question, policies: PolicySet): PolicyType | undefined {
  const { resourceControl, serviceControl, resource, identity, permissionsBoundary, session } = policies;
  if (resourceControl !== undefined && isBoundByResourceControl(question)) {
    if (
      resourceControl.some((level) => level.some((policy) => resourcePolicyDenies(policy, question, question.context)))
    ) {
      return 'resource control policy';
    }
  }
  if (serviceControl !== undefined && isBoundByServiceControl(question)) {
    if (serviceControl.some((level) => deniesIn(level, question))) return 'service control policy';
  }
  if (resource !== undefined && !mendsOwnBucketPolicy(question)) {
    if (resourcePolicyDenies(resource, question, question.resourceContext))
      return typeOfResourcePolicy(question, policies);
  }
  if (question.principal.type !== 'root') {
    if (deniesIn(identity, question)) return 'identity-based policy';
    if (permissionsBoundary !== undefined && deniesIn([permissionsBoundary], question)) return 'permissions boundary';
  }
  if (session !== undefined && deniesIn(session, question)) return 'session policy';
  return undefined;
}

/**
 * The steps after that: the first type of policy that would have had to allow and doesn't. Resource control policies
 * can't be it, since `RCPFullAWSAccess` stands beside each of them.
 */
function findMissingAllow(question: Question, policies: PolicySet): PolicyType | undefined {
  const { principal } = question;
  if (policies.serviceControl !== undefined && isBoundByServiceControl(question)) {
    if (!policies.serviceControl.every((level) => allowsIn(level, question))) return 'service control policy';
  }
  const naming = policies.resource && resourcePolicyNaming(policies.resource, question);
  if (!('accountId' in principal)) return naming === undefined ? typeOfResourcePolicy(question, policies) : undefined;
  if (question.crossesAccounts || chainNeedsBothSides(question)) {
    return (
      findMissingOfIdentity(question, policies) ??
      (naming === undefined ? typeOfResourcePolicy(question, policies) : undefined)
    );
  }
  return findMissingWithinAccount(question, policies, naming);
}

/**
 * One account: identity policy or resource policy. How the resource's policy names the principal decides what still
 * limits the grant (IAM User Guide, evaluation for requests within a single account; Principal).
 */
function findMissingWithinAccount(
  question: Question,
  policies: PolicySet,
  naming: Naming | undefined,
): PolicyType | undefined {
  switch (naming) {
    case 'itself':
      return undefined;
    case 'entity':
      return findMissingOfLimits(question, policies);
    case 'account':
      return findMissingOfIdentity(question, policies);
    case undefined:
      return entersRole(question) || usesKmsKey(question) || policies.resource?.document.kind === 'trust'
        ? typeOfResourcePolicy(question, policies)
        : findMissingOfIdentity(question, policies);
  }
}

/** The principal's own side: identity policies, then what limits them. Root has no identity policies and no boundary. */
function findMissingOfIdentity(question: Question, policies: PolicySet): PolicyType | undefined {
  if (question.principal.type === 'root') return undefined;
  if (!allowsIn(policies.identity, question)) return 'identity-based policy';
  return findMissingOfLimits(question, policies);
}

/** A session policy limits a session only where it has one, but a federated user has nothing without. */
function findMissingOfLimits(question: Question, policies: PolicySet): PolicyType | undefined {
  const { permissionsBoundary, session = [] } = policies;
  if (permissionsBoundary !== undefined && !allowsIn([permissionsBoundary], question)) return 'permissions boundary';
  const isLimited = session.length > 0 || question.principal.type === 'federated-user';
  return isLimited && !allowsIn(session, question) ? 'session policy' : undefined;
}

/** SCPs bind the principals of an account, root included; services and strangers have none. */
function isBoundByServiceControl(question: Question): boolean {
  return 'accountId' in question.principal && !isServiceLinkedRole(question);
}

function isBoundByResourceControl(question: Question): boolean {
  return !isServiceLinkedRole(question) && !retiresGrant(question);
}

function typeOfResourcePolicy(question: Question, { resource }: PolicySet): PolicyType {
  const isTrust = resource === undefined ? entersRole(question) : resource.document.kind === 'trust';
  return isTrust ? 'role trust policy' : 'resource-based policy';
}
