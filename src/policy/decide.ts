import type { Decision } from './decision.ts';
import { namingBy } from './policy-answers.ts';
import type { Naming } from './principal.ts';
import { openQuestion, type Question } from './question.ts';
import type { AccessRequest, PolicySet } from './request.ts';
import { hasSay, SIDES, type Side, sideAllows, sideDenies, typeOfSide } from './sides.ts';
import {
  chainNeedsBothSides,
  entersRole,
  isClosedToRoot,
  isClosedToSessions,
  needsNoPermission,
  usesKmsKey,
} from './special-rules.ts';

const ALLOWED: Decision = { verdict: 'allowed' };

/**
 * Whether the policies let the request through, by the steps of AWS's enforcement code (IAM User Guide, Policy
 * evaluation logic). Never throws.
 */
export function decide(request: AccessRequest, policies: PolicySet): Decision {
  const question = openQuestion(request, policies);
  if (isClosedToRoot(question)) return { verdict: 'implicitDeny', decidedBy: 'role trust policy' };
  if (isClosedToSessions(question)) return { verdict: 'implicitDeny', decidedBy: 'identity-based policy' };
  if (needsNoPermission(question)) return ALLOWED;
  const denier = findDenier(question, policies);
  if (denier !== undefined) return { verdict: 'explicitDeny', decidedBy: typeOfSide(denier, question, policies) };
  const silent = findSilent(question, policies);
  if (silent !== undefined) return { verdict: 'implicitDeny', decidedBy: typeOfSide(silent, question, policies) };
  return ALLOWED;
}

/** Step 1, deny evaluation: an explicit deny on any side is the end of it. */
function findDenier(question: Question, policies: PolicySet): Side | undefined {
  for (const side of SIDES) {
    if (sideDenies(side, question, policies) && hasSay(side, question)) return side;
  }
  return undefined;
}

/** The steps after that: the first side that would have to allow and doesn't. */
function findSilent(question: Question, policies: PolicySet): Side | undefined {
  const naming = policies.resource && namingBy(policies.resource, question);
  for (const side of sidesThatMustAllow(question, policies, naming)) {
    if (hasSay(side, question) && !sideAllows(side, question, policies, naming)) return side;
  }
  return undefined;
}

/**
 * Which sides must allow, in AWS's order. Within an account an identity policy is enough, and so is the resource's own
 * policy: how that names the principal says what still limits its grant. Across accounts both must allow.
 * (IAM User Guide, policy evaluation for requests within a single account; cross-account; Principal.)
 */
export function sidesThatMustAllow(
  question: Question,
  policies: PolicySet,
  naming: Naming | undefined,
): readonly Side[] {
  if (question.accountId === undefined) return MUST_ALLOW.stranger;
  if (question.crossesAccounts || chainNeedsBothSides(question)) return MUST_ALLOW.bothSides;
  if (naming !== undefined) return MUST_ALLOW[naming];
  return mustBeAllowedByResource(question, policies) ? MUST_ALLOW.resourceFirst : MUST_ALLOW.account;
}

const MUST_ALLOW = {
  /** Nobody of any account: services, web identities, anonymous callers. */
  stranger: ['resourceControl', 'resource'],
  bothSides: ['resourceControl', 'serviceControl', 'identity', 'permissionsBoundary', 'session', 'resource'],
  itself: ['resourceControl', 'serviceControl'],
  entity: ['resourceControl', 'serviceControl', 'permissionsBoundary', 'session'],
  /** The same where the resource's policy doesn't allow at all: to name the account is to leave it to the account. */
  account: ['resourceControl', 'serviceControl', 'identity', 'permissionsBoundary', 'session'],
  resourceFirst: ['resourceControl', 'serviceControl', 'resource'],
} as const satisfies Readonly<Record<string, readonly Side[]>>;

/** A role's trust policy and a KMS key's policy must allow even within the account (IAM User Guide, evaluation logic). */
function mustBeAllowedByResource(question: Question, { resource }: PolicySet): boolean {
  return resource?.document.kind === 'trust' || entersRole(question) || usesKmsKey(question);
}
