import { awsPolicy } from './aws-policy.ts';

/** The id is made up: AWS's wasn't found. */
export const signInLocalDevelopmentAccess = awsPolicy({
  name: 'SignInLocalDevelopmentAccess',
  id: 'ANPASIGNINLOCALDEVELO',
  description:
    'Provides permissions for programmatic access to AWS through the AWS Sign-in service, including OAuth2 token creation for developer tools and applications.',
  createdAt: '2025-11-19T18:34:00Z',
  updatedAt: '2026-02-12T17:59:00Z',
  version: 'v3',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['signin:AuthorizeOAuth2Access', 'signin:CreateOAuth2Token'],
        Resource: 'arn:aws:signin:*:*:oauth2/public-client/*',
      },
    ],
  },
});
