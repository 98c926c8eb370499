import { ALICE, type Case, GATED, GATED_ELSEWHERE, HOME, OTHER, policy, ROLE, SESSION, trust } from './case.ts';

const PRESENT = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';
const GUIDE = 'IAM User Guide, MFA-protected API access';
const SESSION_WITH_CODE = { [PRESENT]: 'true', [AGE]: '1200' };
const assume = { action: 'sts:AssumeRole', resource: GATED };
const gate = { Bool: { [PRESENT]: 'true' }, NumericLessThan: { [AGE]: '3600' } };
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };

export const mfaRoleCases: readonly Case[] = [
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
    name: 'a role whose trust policy is not given lets nobody in',
    rule: 'IAM User Guide, evaluation logic: trust policies are the exception',
    identityPolicies: [policy({ Effect: 'Allow', Action: '*', Resource: '*' })],
    request: { ...assume, context: SESSION_WITH_CODE },
    answer: 'implicitDeny',
    by: 'role trust policy',
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
