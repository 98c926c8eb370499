import { awsPolicy } from './aws-policy.ts';

export const administratorAccess = awsPolicy({
  name: 'AdministratorAccess',
  id: 'ANPAIWMBCKSKIEE64ZLYK',
  description: 'Provides full access to AWS services and resources.',
  createdAt: '2015-02-06T18:39:46Z',
  updatedAt: '2015-02-06T18:39:46Z',
  version: 'v1',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
});
