import { ALICE, type Case, HOME, policy, SESSION } from './case.ts';

const PRESENT = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';
const GUIDE = 'IAM User Guide, MFA-protected API access';
const ABSENT = 'IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent';
const SELF_SERVICE = 'IAM User Guide, tutorial: users manage their own credentials and MFA';
const SESSION_WITHOUT_CODE = { [PRESENT]: 'false' };
const SESSION_WITH_CODE = { [PRESENT]: 'true', [AGE]: '1200' };
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

export const mfaGuardrailCases: readonly Case[] = [
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
];
