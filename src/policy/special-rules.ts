/**
 * What holds on AWS whatever the policies say. Each rule has a name, so that an explanation can give it.
 */
import type { Question } from './question.ts';

/** Policies, explicit denies included, have no say in these (STS API reference). */
const NO_PERMISSION_NEEDED = ['sts:getcalleridentity', 'sts:getsessiontoken'];
/** For long-term keys only: temporary credentials are refused (STS API reference, GetSessionToken, GetFederationToken). */
const LONG_TERM_KEYS_ONLY = ['sts:getsessiontoken', 'sts:getfederationtoken'];
/** IAM User Guide, tagging sessions and source identity: in a chain both the calling role and the trust must allow. */
const BOTH_SIDES_IN_A_CHAIN = ['sts:tagsession', 'sts:setsourceidentity'];
/** S3 User Guide, bucket policies: the owner's root user is never locked out of the policy itself. */
const BUCKET_POLICY_ACTIONS = ['s3:getbucketpolicy', 's3:putbucketpolicy', 's3:deletebucketpolicy'];
/** Actions that a role's trust policy answers for. */
const ASSUMING_ACTIONS = new Set([
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:setcontext',
  'sts:setsourceidentity',
  'sts:tagsession',
]);

const ROLE_ARN = /^arn:[^:]*:iam::[^:]*:role\//;
const KMS_KEY_ARN = /^arn:[^:]*:kms:[^:]*:[^:]*:key\//;
const SERVICE_LINKED_ROLE_ARN = /^arn:[^:]*:iam::\d{12}:role\/aws-service-role\//;

/** Each rule and the requests that it is about. */
const RULES = {
  'needs-no-permission': needsNoPermission,
  'closed-to-root': isClosedToRoot,
  'closed-to-sessions': isClosedToSessions,
  'root-is-not-limited': ({ principal }: Question) => principal.type === 'root',
  'root-mends-bucket-policy': mendsOwnBucketPolicy,
  'service-linked-role': isServiceLinkedRole,
  'retire-grant': retiresGrant,
  'chain-needs-both-sides': chainNeedsBothSides,
};

export type SpecialRule = keyof typeof RULES;

/** The rules that bear on a request. */
export function rulesFor(question: Question): readonly SpecialRule[] {
  return ruleNames.filter((name) => RULES[name](question));
}

const ruleNames = Object.keys(RULES) as readonly SpecialRule[];

/** GetCallerIdentity for everybody who signs, GetSessionToken for a user or root. */
export function needsNoPermission(question: Question): boolean {
  return (
    NO_PERMISSION_NEEDED.includes(question.actionInLowerCase) &&
    question.accountId !== undefined &&
    !isClosedToSessions(question)
  );
}

/** Root can't assume a role (STS API reference, AssumeRole). */
export function isClosedToRoot({ principal, actionInLowerCase }: Question): boolean {
  return principal.type === 'root' && actionInLowerCase === 'sts:assumerole';
}

export function isClosedToSessions({ principal, actionInLowerCase }: Question): boolean {
  return (
    (principal.type === 'role-session' || principal.type === 'federated-user') &&
    LONG_TERM_KEYS_ONLY.includes(actionInLowerCase)
  );
}

/** Neither SCPs nor RCPs bind a service-linked role (AWS Organizations User Guide, SCPs; RCPs). */
export function isServiceLinkedRole({ principal }: Question): boolean {
  return (
    principal.type === 'role-session' &&
    principal.roleArn !== undefined &&
    SERVICE_LINKED_ROLE_ARN.test(principal.roleArn)
  );
}

/** No RCP stops kms:RetireGrant (AWS KMS Developer Guide, RCPs in AWS KMS). */
export function retiresGrant({ actionInLowerCase }: Question): boolean {
  return actionInLowerCase === 'kms:retiregrant';
}

export function mendsOwnBucketPolicy({ principal, actionInLowerCase, crossesAccounts }: Question): boolean {
  return principal.type === 'root' && !crossesAccounts && BUCKET_POLICY_ACTIONS.includes(actionInLowerCase);
}

export function chainNeedsBothSides({ principal, actionInLowerCase }: Question): boolean {
  return principal.type === 'role-session' && BOTH_SIDES_IN_A_CHAIN.includes(actionInLowerCase);
}

/** Whether the request is about entering a role, so that the trust policy must allow it, within an account too. */
export function entersRole({ actionInLowerCase, resource }: Pick<Question, 'actionInLowerCase' | 'resource'>): boolean {
  return actionInLowerCase.startsWith('sts:') && ASSUMING_ACTIONS.has(actionInLowerCase) && ROLE_ARN.test(resource);
}

/** A KMS key's policy must allow what is done with the key, as a trust policy must (IAM User Guide, evaluation logic). */
export function usesKmsKey({ actionInLowerCase, resource }: Question): boolean {
  return actionInLowerCase.startsWith('kms:') && KMS_KEY_ARN.test(resource);
}
