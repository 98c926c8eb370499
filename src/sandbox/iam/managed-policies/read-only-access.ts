import { awsPolicy } from './aws-policy.ts';

/** A subset: AWS's document is too long to hold whole. Held are its actions of iam, s3, signin, sso and sts. */
export const readOnlyAccess = awsPolicy({
  name: 'ReadOnlyAccess',
  id: 'ANPAILL3HVNFSB6DCOWYQ',
  description: 'Provides read-only access to AWS services and resources.',
  createdAt: '2015-02-06T18:39:48Z',
  updatedAt: '2026-02-12T18:01:33Z',
  version: 'v178',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadOnlyActionsGroup1',
        Effect: 'Allow',
        Action: ['iam:Generate*', 'iam:Get*', 'iam:List*', 'iam:Simulate*'],
        Resource: '*',
      },
      {
        Sid: 'ReadOnlyActionsGroup2',
        Effect: 'Allow',
        Action: [
          's3:DescribeJob',
          's3:Get*',
          's3:List*',
          'signin:ListTrustedIdentityPropagationApplicationsForConsole',
          'sso:Describe*',
          'sso:Get*',
          'sso:List*',
          'sts:GetAccessKeyInfo',
          'sts:GetCallerIdentity',
          'sts:GetSessionToken',
        ],
        Resource: '*',
      },
    ],
  },
});
