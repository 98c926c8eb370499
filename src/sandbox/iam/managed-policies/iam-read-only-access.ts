import { awsPolicy } from './aws-policy.ts';

export const iamReadOnlyAccess = awsPolicy({
  name: 'IAMReadOnlyAccess',
  id: 'ANPAJKSO7NDY4T57MWDSQ',
  description: 'Provides read only access to IAM via the AWS Management Console.',
  createdAt: '2015-02-06T18:40:39Z',
  updatedAt: '2018-01-25T19:11:27Z',
  version: 'v4',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'iam:GenerateCredentialReport',
          'iam:GenerateServiceLastAccessedDetails',
          'iam:Get*',
          'iam:List*',
          'iam:SimulateCustomPolicy',
          'iam:SimulatePrincipalPolicy',
        ],
        Resource: '*',
      },
    ],
  },
});
