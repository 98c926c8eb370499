import { awsPolicy } from './aws-policy.ts';

export const powerUserAccess = awsPolicy({
  name: 'PowerUserAccess',
  id: 'ANPAJYRXTHIB4FOVS3ZXS',
  description: 'Provides full access to AWS services and resources, but does not allow management of Users and groups.',
  createdAt: '2015-02-06T18:39:47Z',
  updatedAt: '2026-02-12T17:59:14Z',
  version: 'v12',
  document: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: [
          'account:GetAccountInformation',
          'account:GetGovCloudAccountInformation',
          'account:GetPrimaryEmail',
          'account:ListRegions',
          'iam:CreateServiceLinkedRole',
          'iam:DeleteServiceLinkedRole',
          'iam:ListRoles',
          'organizations:DescribeEffectivePolicy',
          'organizations:DescribeOrganization',
        ],
        Resource: '*',
      },
    ],
  },
});
