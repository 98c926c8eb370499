import { ALICE, allow, type Case, deny, HOME, policy, ROLE, ROOT, SESSION } from './case.ts';

const NOT_PRINCIPAL = 'IAM User Guide, JSON policy elements: NotPrincipal';
const asSession = { principal: SESSION };
function denyingAllBut(...AWS: readonly string[]) {
  return policy(deny({ NotPrincipal: { AWS } }));
}

export const notPrincipalCases: readonly Case[] = [
  {
    name: 'NotPrincipal: user and account listed',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(ALICE, ROOT),
    answer: 'allowed',
  },
  {
    name: 'NotPrincipal: the account as twelve digits',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(ALICE, HOME),
    answer: 'allowed',
  },
  {
    name: 'NotPrincipal: the account forgotten',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(ALICE),
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'NotPrincipal: the account alone',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(ROOT),
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'NotPrincipal: everybody',
    rule: 'doubt: read as it stands, so that it denies nobody',
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut('*'),
    answer: 'allowed',
  },
  {
    name: 'NotPrincipal: everybody, and who asks has a boundary',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut('*'),
    permissionsBoundary: policy(allow()),
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'NotPrincipal: another user',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(`arn:aws:iam::${HOME}:user/bob`, ROOT),
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'NotPrincipal: always denies who has a boundary',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(ALICE, ROOT),
    permissionsBoundary: policy(allow()),
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'NotPrincipal: session, role and account listed',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(SESSION, ROLE, ROOT),
    request: asSession,
    answer: 'allowed',
  },
  {
    name: 'NotPrincipal: the role forgotten',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(SESSION, ROOT),
    request: asSession,
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'NotPrincipal: the session forgotten',
    rule: NOT_PRINCIPAL,
    identityPolicies: [policy(allow())],
    resourcePolicy: denyingAllBut(ROLE, ROOT),
    request: asSession,
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'NotPrincipal: root, its account listed',
    rule: NOT_PRINCIPAL,
    resourcePolicy: denyingAllBut(ROOT),
    request: { principal: ROOT },
    answer: 'allowed',
  },
  {
    name: 'NotPrincipal: a service listed',
    rule: NOT_PRINCIPAL,
    resourcePolicy: policy(allow({ Principal: '*' }), deny({ NotPrincipal: { Service: 'cloudtrail.amazonaws.com' } })),
    request: { principal: 'cloudtrail.amazonaws.com' },
    answer: 'allowed',
  },
  {
    name: 'NotPrincipal: an anonymous request is never listed',
    rule: NOT_PRINCIPAL,
    resourcePolicy: policy(allow({ Principal: '*' }), deny({ NotPrincipal: { AWS: HOME } })),
    request: { principal: '*' },
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
];
