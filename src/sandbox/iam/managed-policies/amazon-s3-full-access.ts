import { awsPolicy } from './aws-policy.ts';

export const amazonS3FullAccess = awsPolicy({
  name: 'AmazonS3FullAccess',
  id: 'ANPAIFIR6V6BVTRAHWINE',
  description: 'Provides full access to all buckets via the AWS Management Console.',
  createdAt: '2015-02-06T18:40:58Z',
  updatedAt: '2021-09-27T20:16:00Z',
  version: 'v2',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:*', 's3-object-lambda:*'], Resource: '*' }],
  },
});
