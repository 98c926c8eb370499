import { awsPolicy } from './aws-policy.ts';

/** A subset: AWS's document is too long to hold whole. Held are its actions of iam, kms, organizations and s3. */
export const viewOnlyAccess = awsPolicy({
  name: 'ViewOnlyAccess',
  path: '/job-function/',
  id: 'ANPAID22R6XPJATWOFDK6',
  description: 'This policy grants permissions to view resources and basic metadata across all AWS services.',
  createdAt: '2016-11-10T17:20:15Z',
  updatedAt: '2026-09-30T20:27:08Z',
  version: 'v46',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'GeneralViewOnlyAccessStatement',
        Effect: 'Allow',
        Action: [
          'iam:GetAccountSummary',
          'iam:GetLoginProfile',
          'iam:List*',
          'kms:ListKeys',
          'kms:ListResourceTags',
          'organizations:List*',
          's3:ListAllMyBuckets',
          's3:ListBucket',
          's3:ListMultiRegionAccessPoints',
        ],
        Resource: '*',
      },
    ],
  },
});
