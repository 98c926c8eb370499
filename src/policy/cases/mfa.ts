import { ALICE, type Case, GATED, GATED_ELSEWHERE, HOME, OTHER, policy, ROLE, SESSION, trust } from './case.ts';

const PRESENT = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';

const GUIDE = 'IAM User Guide, MFA-protected API access';
const ABSENT = 'IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent';
const SELF_SERVICE = 'IAM User Guide, tutorial: users manage their own credentials and MFA';

/** What a request shows of MFA, by its credentials. */
const LONG_TERM_KEY = {};
const SESSION_WITHOUT_CODE = { [PRESENT]: 'false' };
const SESSION_WITH_CODE = { [PRESENT]: 'true', [AGE]: '1200' };
const OLD_SESSION = { [PRESENT]: 'true', [AGE]: '3600' };

const assume = { action: 'sts:AssumeRole', resource: GATED };
const gate = { Bool: { [PRESENT]: 'true' }, NumericLessThan: { [AGE]: '3600' } };

/** Everything that a gate of this shape answers to each kind of credentials. */
function gateCases(
  name: string,
  rule: string,
  condition: Readonly<Record<string, unknown>>,
  answers: { readonly key: boolean; readonly noCode: boolean; readonly code: boolean; readonly old: boolean },
): readonly Case[] {
  const rows = [
    ['a long-term key', LONG_TERM_KEY, answers.key],
    ['a session without a code', SESSION_WITHOUT_CODE, answers.noCode],
    ['a session with a code', SESSION_WITH_CODE, answers.code],
    ['a session with a code an hour ago', OLD_SESSION, answers.old],
  ] as const;
  return rows.map(([who, context, isLetIn]) => ({
    name: `${name}: ${who} ${isLetIn ? 'gets in' : 'stays out'}`,
    rule,
    resourcePolicy: policy(trust(ALICE, { Condition: condition })),
    request: { ...assume, context },
    ...(isLetIn ? { answer: 'allowed' } : { answer: 'implicitDeny', by: 'role trust policy' }),
  }));
}

const guardrail = {
  Effect: 'Deny',
  NotAction: [
    'iam:CreateVirtualMFADevice',
    'iam:EnableMFADevice',
    'iam:GetUser',
    'iam:ListMFADevices',
    'iam:ResyncMFADevice',
    'sts:GetSessionToken',
  ],
  Resource: '*',
};
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const denyUnlessMfa = policy(everything, { ...guardrail, Condition: { BoolIfExists: { [PRESENT]: 'false' } } });
const denyIfFalse = policy(everything, { ...guardrail, Condition: { Bool: { [PRESENT]: 'false' } } });

const enrolment = policy(
  {
    Effect: 'Allow',
    Action: ['iam:CreateVirtualMFADevice'],
    Resource: `arn:aws:iam::${HOME}:mfa/\${aws:username}`,
  },
  {
    Effect: 'Allow',
    Action: ['iam:EnableMFADevice', 'iam:ListMFADevices'],
    Resource: `arn:aws:iam::${HOME}:user/\${aws:username}`,
  },
  {
    Effect: 'Allow',
    Action: ['iam:DeactivateMFADevice'],
    Resource: `arn:aws:iam::${HOME}:user/\${aws:username}`,
    Condition: { Bool: { [PRESENT]: 'true' } },
  },
);

export const mfaCases: readonly Case[] = [
  ...gateCases(
    'Bool true in an Allow',
    GUIDE,
    { Bool: { [PRESENT]: 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases('Bool true with an age', GUIDE, gate, { key: false, noCode: false, code: true, old: false }),
  ...gateCases(
    'BoolIfExists true in an Allow, the classic hole',
    ABSENT,
    { BoolIfExists: { [PRESENT]: 'true' } },
    { key: true, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'Null false on the key, which a session without a code has',
    ABSENT,
    { Null: { [PRESENT]: 'false' } },
    { key: false, noCode: true, code: true, old: true },
  ),
  ...gateCases(
    'Null false on the age',
    GUIDE,
    { Null: { [AGE]: 'false' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'NumericLessThan on an absent age',
    GUIDE,
    { NumericLessThan: { [AGE]: '3600' } },
    { key: false, noCode: false, code: true, old: false },
  ),
  ...gateCases(
    'NumericLessThanEquals at the very second',
    GUIDE,
    { NumericLessThanEquals: { [AGE]: '3600' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'NumericLessThanIfExists in an Allow, another hole',
    'IAM User Guide, condition operators: …IfExists',
    { NumericLessThanIfExists: { [AGE]: '3600' } },
    { key: true, noCode: true, code: true, old: false },
  ),
  ...gateCases(
    'StringEquals works on the Boolean as text',
    'IAM User Guide, condition operators: String',
    { StringEquals: { [PRESENT]: 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'StringNotEquals false lets the absent key in',
    'IAM User Guide, condition operators: negated matching',
    { StringNotEquals: { [PRESENT]: 'false' } },
    { key: true, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'ForAnyValue:Bool true',
    'IAM User Guide, set operators',
    { 'ForAnyValue:Bool': { [PRESENT]: 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'ForAllValues:Bool true is true without the key',
    'IAM User Guide, set operators',
    { 'ForAllValues:Bool': { [PRESENT]: 'true' } },
    { key: true, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'a JSON Boolean is as good as its text',
    'IAM User Guide, Grammar',
    { Bool: { [PRESENT]: true } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'a JSON number is as good as its text',
    'IAM User Guide, Grammar',
    { NumericLessThan: { [AGE]: 3600 } },
    { key: false, noCode: false, code: true, old: false },
  ),
  ...gateCases(
    'the key in another case',
    'IAM User Guide, Condition: keys are not case-sensitive',
    { Bool: { 'AWS:multifactorauthPRESENT': 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'both values in the list',
    'IAM User Guide, Condition: values of one key OR',
    { Bool: { [PRESENT]: ['true', 'false'] } },
    { key: false, noCode: true, code: true, old: true },
  ),

  {
    name: 'Deny unless MFA, BoolIfExists: the long-term key is denied',
    rule: SELF_SERVICE,
    identityPolicies: [denyUnlessMfa],
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'Deny unless MFA, BoolIfExists: a session without a code is denied',
    rule: SELF_SERVICE,
    identityPolicies: [denyUnlessMfa],
    request: { context: SESSION_WITHOUT_CODE },
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'Deny unless MFA, BoolIfExists: a session with a code is not',
    rule: SELF_SERVICE,
    identityPolicies: [denyUnlessMfa],
    request: { context: SESSION_WITH_CODE },
    answer: 'allowed',
  },
  {
    name: 'Deny unless MFA with NotAction leaves enrolment open to the long-term key',
    rule: SELF_SERVICE,
    identityPolicies: [denyUnlessMfa],
    request: { action: 'iam:EnableMFADevice', resource: ALICE },
    answer: 'allowed',
  },
  {
    name: 'Deny unless MFA with NotAction closes what it does not list, deactivation among it',
    rule: SELF_SERVICE,
    identityPolicies: [denyUnlessMfa],
    request: { action: 'iam:DeactivateMFADevice', resource: ALICE },
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'Deny with Bool false misses the long-term key',
    rule: ABSENT,
    identityPolicies: [denyIfFalse],
    answer: 'allowed',
  },
  {
    name: 'Deny with Bool false hits a session without a code',
    rule: ABSENT,
    identityPolicies: [denyIfFalse],
    request: { context: SESSION_WITHOUT_CODE },
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'Deny with NumericGreaterThan misses the absent age',
    rule: GUIDE,
    identityPolicies: [policy(everything, { ...guardrail, Condition: { NumericGreaterThan: { [AGE]: '3600' } } })],
    answer: 'allowed',
  },
  {
    name: 'Deny with NumericGreaterThanIfExists catches it',
    rule: 'IAM User Guide, condition operators: …IfExists',
    identityPolicies: [
      policy(everything, { ...guardrail, Condition: { NumericGreaterThanIfExists: { [AGE]: '3600' } } }),
    ],
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'Deny with Null true on the key hits the long-term key alone',
    rule: ABSENT,
    identityPolicies: [policy(everything, { ...guardrail, Condition: { Null: { [PRESENT]: 'true' } } })],
    request: { context: SESSION_WITHOUT_CODE },
    answer: 'allowed',
  },
  {
    name: 'Deny unless MFA hits what a service does with the credentials of a user, code or not',
    rule: ABSENT,
    identityPolicies: [denyUnlessMfa],
    request: { context: { [PRESENT]: 'false', 'aws:ViaAWSService': 'true' } },
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'aws:ViaAWSService false beside it spares that',
    rule: ABSENT,
    identityPolicies: [
      policy(everything, {
        ...guardrail,
        Condition: { BoolIfExists: { [PRESENT]: 'false', 'aws:ViaAWSService': 'false' } },
      }),
    ],
    request: { context: { [PRESENT]: 'false', 'aws:ViaAWSService': 'true' } },
    answer: 'allowed',
  },
  {
    name: 'GetSessionToken needs no permission at all',
    rule: 'STS API Reference, GetSessionToken: Permissions',
    request: { action: 'sts:GetSessionToken', resource: '*' },
    answer: 'allowed',
  },
  {
    name: 'a Deny on GetSessionToken has no effect',
    rule: 'IAM User Guide, permissions for GetSessionToken',
    identityPolicies: [policy({ Effect: 'Deny', Action: 'sts:*', Resource: '*' })],
    request: { action: 'sts:GetSessionToken', resource: '*' },
    answer: 'allowed',
  },
  {
    name: 'GetSessionToken is not for sessions, whatever their policies say',
    rule: 'STS API Reference, GetSessionToken: long-term credentials only',
    identityPolicies: [policy(everything)],
    request: { principal: SESSION, action: 'sts:GetSessionToken', resource: '*' },
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'self-service: a new device of one’s own name',
    rule: SELF_SERVICE,
    identityPolicies: [enrolment],
    request: {
      action: 'iam:CreateVirtualMFADevice',
      resource: `arn:aws:iam::${HOME}:mfa/alice`,
      context: { 'aws:username': 'alice' },
    },
    answer: 'allowed',
  },
  {
    name: 'self-service: not a device of another name',
    rule: SELF_SERVICE,
    identityPolicies: [enrolment],
    request: {
      action: 'iam:CreateVirtualMFADevice',
      resource: `arn:aws:iam::${HOME}:mfa/bob`,
      context: { 'aws:username': 'alice' },
    },
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'self-service: a stolen key does not take the device away',
    rule: SELF_SERVICE,
    identityPolicies: [enrolment],
    request: { action: 'iam:DeactivateMFADevice', resource: ALICE, context: { 'aws:username': 'alice' } },
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'self-service: a session with a code does',
    rule: SELF_SERVICE,
    identityPolicies: [enrolment],
    request: {
      action: 'iam:DeactivateMFADevice',
      resource: ALICE,
      context: { 'aws:username': 'alice', ...SESSION_WITH_CODE },
    },
    answer: 'allowed',
  },
  {
    name: 'a gate for the account only delegates: an identity policy must allow as well',
    rule: 'IAM User Guide, Principal: AWS account principals',
    resourcePolicy: policy(trust(HOME, { Condition: gate })),
    request: { ...assume, context: SESSION_WITH_CODE },
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'a gate for the account, with an identity policy',
    rule: 'IAM User Guide, Principal: AWS account principals',
    identityPolicies: [policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: GATED })],
    resourcePolicy: policy(trust(`arn:aws:iam::${HOME}:root`, { Condition: gate })),
    request: { ...assume, context: SESSION_WITH_CODE },
    answer: 'allowed',
  },
  {
    name: 'an identity policy alone never opens a role',
    rule: 'IAM User Guide, evaluation logic: trust policies are the exception',
    identityPolicies: [policy(everything)],
    resourcePolicy: policy(trust(`arn:aws:iam::${HOME}:user/bob`)),
    request: { ...assume, context: SESSION_WITH_CODE },
    answer: 'implicitDeny',
    by: 'role trust policy',
  },
  {
    name: 'a gate in the identity policy is a gate too',
    rule: GUIDE,
    identityPolicies: [
      policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*', Condition: { Bool: { [PRESENT]: 'true' } } }),
    ],
    resourcePolicy: policy(trust(HOME)),
    request: assume,
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'but a trust policy that names the user goes round it',
    rule: 'IAM User Guide, evaluation for requests within a single account',
    identityPolicies: [
      policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*', Condition: { Bool: { [PRESENT]: 'true' } } }),
    ],
    resourcePolicy: policy(trust(ALICE)),
    request: assume,
    answer: 'allowed',
  },
  {
    name: 'two statements for one user: the open one lets in',
    rule: 'IAM User Guide, evaluation logic: any Allow',
    resourcePolicy: policy(trust(ALICE, { Condition: gate }), trust([ALICE, `arn:aws:iam::${HOME}:user/bob`])),
    request: assume,
    answer: 'allowed',
  },
  {
    name: 'across accounts both must allow: the gate alone is not enough',
    rule: 'IAM User Guide, cross-account policy evaluation',
    resourcePolicy: policy(trust(ALICE, { Condition: gate })),
    request: { action: 'sts:AssumeRole', resource: GATED_ELSEWHERE, context: SESSION_WITH_CODE },
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'across accounts with both',
    rule: 'IAM User Guide, cross-account policy evaluation',
    identityPolicies: [policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: GATED_ELSEWHERE })],
    resourcePolicy: policy(trust(HOME, { Condition: gate })),
    request: { action: 'sts:AssumeRole', resource: GATED_ELSEWHERE, context: SESSION_WITH_CODE },
    answer: 'allowed',
  },
  {
    name: 'across accounts with both, by a long-term key',
    rule: 'IAM User Guide, cross-account policy evaluation',
    identityPolicies: [policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: GATED_ELSEWHERE })],
    resourcePolicy: policy(trust(HOME, { Condition: gate })),
    request: { action: 'sts:AssumeRole', resource: GATED_ELSEWHERE },
    answer: 'implicitDeny',
    by: 'role trust policy',
  },
  {
    name: 'a trust that names the wrong account lets nobody of this one in',
    rule: 'IAM User Guide, Principal: AWS account principals',
    identityPolicies: [policy(everything)],
    resourcePolicy: policy(trust(OTHER)),
    request: assume,
    answer: 'implicitDeny',
    by: 'role trust policy',
  },
  {
    name: 'a chained role: its session shows no MFA, so a gate on true stays shut',
    rule: 'IAM User Guide, MFA-protected API access: not for role chaining',
    resourcePolicy: policy(trust(ROLE, { Condition: { Bool: { [PRESENT]: 'true' } } })),
    request: { ...assume, principal: SESSION, context: { [PRESENT]: 'false' } },
    answer: 'implicitDeny',
    by: 'role trust policy',
  },
  {
    name: 'a chained role without a gate',
    rule: 'IAM User Guide, Principal: IAM role principals',
    resourcePolicy: policy(trust(ROLE)),
    request: { ...assume, principal: SESSION },
    answer: 'allowed',
  },
  {
    name: 'a role does not assume itself unless its trust says so',
    rule: 'IAM User Guide, role trust policy update behaviour (2022)',
    identityPolicies: [policy(everything)],
    resourcePolicy: policy(trust(`arn:aws:iam::${HOME}:user/alice`)),
    request: { action: 'sts:AssumeRole', resource: ROLE, principal: SESSION },
    answer: 'implicitDeny',
    by: 'role trust policy',
  },
  {
    name: 'root cannot assume a role, though the trust names its account',
    rule: 'STS API Reference, AssumeRole: not by root',
    resourcePolicy: policy(trust(HOME)),
    request: { ...assume, principal: `arn:aws:iam::${HOME}:root` },
    answer: 'implicitDeny',
    by: 'role trust policy',
  },
  {
    name: 'an explicit deny in the trust policy wins over the identity policy',
    rule: 'IAM User Guide, evaluation logic: explicit deny',
    identityPolicies: [policy(everything)],
    resourcePolicy: policy(trust(ALICE), {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Condition: { BoolIfExists: { [PRESENT]: 'false' } },
    }),
    request: assume,
    answer: 'explicitDeny',
    by: 'role trust policy',
  },
];
