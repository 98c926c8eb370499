import { allow, type Case, deny, FEDERATED, granting, HOME, narrow, OTHER, policy, ROOT, SESSION } from './case.ts';

const SINGLE = 'IAM User Guide, policy evaluation for requests within a single account';
const CROSS = 'IAM User Guide, cross-account policy evaluation';
const elsewhere = { resourceAccount: OTHER };
const asSession = { principal: SESSION };

export const sessionAndRootCases: readonly Case[] = [
  {
    name: 'federated user: nothing without a session policy',
    rule: 'STS API Reference, GetFederationToken: Permissions',
    identityPolicies: [policy(allow())],
    request: { principal: FEDERATED },
    answer: 'implicitDeny',
    by: 'session policy',
  },
  {
    name: 'federated user: the intersection of identity and session policy',
    rule: 'STS API Reference, GetFederationToken: Permissions',
    identityPolicies: [policy(allow())],
    sessionPolicies: [policy(allow({ Action: 's3:Get*' }))],
    request: { principal: FEDERATED },
    answer: 'allowed',
  },
  {
    name: 'federated user: the session policy alone grants nothing',
    rule: 'IAM User Guide, session policies',
    sessionPolicies: [policy(allow())],
    request: { principal: FEDERATED },
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'federated user named in the resource policy: not cut',
    rule: SINGLE,
    resourcePolicy: granting({ AWS: FEDERATED }),
    permissionsBoundary: narrow,
    request: { principal: FEDERATED },
    answer: 'allowed',
  },
  {
    name: 'GetFederationToken is not for sessions',
    rule: 'STS API Reference, GetFederationToken',
    identityPolicies: [policy(allow({ Action: '*' }))],
    request: { ...asSession, action: 'sts:GetFederationToken', resource: FEDERATED },
    answer: 'implicitDeny',
    by: 'identity-based policy',
  },

  {
    name: 'root needs no policy',
    rule: 'IAM User Guide, AWS account root user',
    request: { principal: ROOT },
    answer: 'allowed',
  },
  {
    name: 'root is not limited by identity policies',
    rule: 'IAM User Guide, AWS account root user',
    identityPolicies: [policy(deny())],
    request: { principal: ROOT },
    answer: 'allowed',
  },
  {
    name: 'root is denied by a resource policy',
    rule: 'IAM User Guide, AWS account root user',
    resourcePolicy: policy(deny({ Principal: '*' })),
    request: { principal: ROOT },
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'but never from the bucket policy itself',
    rule: 'S3 User Guide, bucket policies: the root user of the owner',
    resourcePolicy: policy(deny({ Principal: '*' })),
    request: { principal: ROOT, action: 's3:DeleteBucketPolicy', resource: 'arn:aws:s3:::vault' },
    answer: 'allowed',
  },
  {
    name: 'which a user is',
    rule: 'S3 User Guide, bucket policies',
    identityPolicies: [policy(allow())],
    resourcePolicy: policy(deny({ Principal: '*' })),
    request: { action: 's3:DeleteBucketPolicy', resource: 'arn:aws:s3:::vault' },
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'and so is another account’s root',
    rule: 'S3 User Guide, bucket policies',
    resourcePolicy: policy(deny({ Principal: '*' })),
    request: { principal: ROOT, action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::vault', ...elsewhere },
    answer: 'explicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'root across accounts needs the other side',
    rule: CROSS,
    request: { principal: ROOT, ...elsewhere },
    answer: 'implicitDeny',
    by: 'resource-based policy',
  },
  {
    name: 'root across accounts, with the other side',
    rule: CROSS,
    resourcePolicy: granting({ AWS: HOME }),
    request: { principal: ROOT, ...elsewhere },
    answer: 'allowed',
  },
];
