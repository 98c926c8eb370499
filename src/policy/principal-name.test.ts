import { expect, test } from 'vitest';
import { principalNamed } from './principal-name.ts';

const HOME = '111111111111';
const context = (entries: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries(entries).map(([key, value]) => [key, [value]]));

test.each([
  [`arn:aws:iam::${HOME}:root`, { type: 'root', accountId: HOME }],
  [`arn:aws:iam::${HOME}:user/alice`, { type: 'user', accountId: HOME }],
  [`arn:aws:iam::${HOME}:user/a/path/alice`, { type: 'user', accountId: HOME }],
  [`arn:aws-us-gov:iam::${HOME}:user/alice`, { type: 'user', accountId: HOME }],
  [`arn:aws:iam::${HOME}:role/path/worker`, { type: 'role-session', roleArn: `arn:aws:iam::${HOME}:role/path/worker` }],
  [`arn:aws:sts::${HOME}:federated-user/visitor`, { type: 'federated-user', accountId: HOME }],
  [`arn:aws:iam::${HOME}:oidc-provider/idp.example.com/x`, { type: 'web-identity' }],
  [`arn:aws:iam::${HOME}:saml-provider/corp`, { type: 'web-identity' }],
  ['cognito-identity.amazonaws.com', { type: 'web-identity', provider: 'cognito-identity.amazonaws.com' }],
  ['lambda.amazonaws.com', { type: 'service', service: 'lambda.amazonaws.com' }],
  ['states.eu-west-1.amazonaws.com', { type: 'service' }],
  ['ec2.amazonaws.com.cn', { type: 'service' }],
  ['*', { type: 'anonymous' }],
])('%s is somebody', (name, principal) => {
  expect(principalNamed(name, context())).toMatchObject(principal);
});

test.each([
  '',
  'alice',
  HOME,
  'arn:aws:iam::1:user/alice',
  `arn:aws:iam::${HOME}:user/`,
  `arn:aws:iam::${HOME}:group/staff`,
  `arn:aws:sts::${HOME}:assumed-role/worker`,
  `arn:aws:sts::${HOME}:assumed-role/worker/a/b`,
  `arn:aws:sts::${HOME}:user/alice`,
  `arn:aws:iam::${HOME}:rooted`,
  'arn:aws:s3:::vault',
  `x:aws:iam::${HOME}:root`,
  'evil.com',
  'AIDAEXAMPLE',
])('%s is nobody', (name) => {
  expect(principalNamed(name, context())).toBeUndefined();
});

const session = `arn:aws:sts::${HOME}:assumed-role/worker/job`;

test('a session’s role comes from aws:PrincipalArn, if that is its role', () => {
  const role = `arn:aws:iam::${HOME}:role/batch/worker`;
  expect(principalNamed(session, context({ 'aws:principalarn': role }))).toMatchObject({ roleArn: role });
});

test.each([
  ['another role', `arn:aws:iam::${HOME}:role/admin`],
  ['a role whose path ends like it', `arn:aws:iam::${HOME}:role/worker/admin`],
  ['a role of another account', 'arn:aws:iam::222222222222:role/worker'],
  ['a user', `arn:aws:iam::${HOME}:user/worker`],
  ['no ARN', 'worker'],
])('a session’s role is left open by %s', (_what, arn) => {
  expect(principalNamed(session, context({ 'aws:principalarn': arn }))).toMatchObject({ roleArn: undefined });
});

test('unique ids come from aws:userid, each for its kind', () => {
  expect(principalNamed(session, context({ 'aws:userid': 'AROAEXAMPLE:job' }))).toMatchObject({
    roleUniqueId: 'AROAEXAMPLE',
  });
  expect(principalNamed(session, context({ 'aws:userid': 'AIDAEXAMPLE' }))).toMatchObject({ roleUniqueId: undefined });
  const alice = `arn:aws:iam::${HOME}:user/alice`;
  expect(principalNamed(alice, context({ 'aws:userid': 'AIDAEXAMPLE' }))).toMatchObject({ uniqueId: 'AIDAEXAMPLE' });
  expect(principalNamed(alice, context({ 'aws:userid': HOME }))).toMatchObject({ uniqueId: undefined });
});
