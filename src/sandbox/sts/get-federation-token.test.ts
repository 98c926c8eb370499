import { expect, test } from 'vitest';
import { ACCOUNT, START_MS, sessionOf, stsWorld } from '../../../test/support/sts-world.ts';

const anything = { Effect: 'Allow', Action: '*', Resource: '*' };
const GUEST = `arn:aws:sts::${ACCOUNT}:federated-user/guest`;
const Policy = JSON.stringify({ Version: '2012-10-17', Statement: anything });

test('answers the federated user', () => {
  const aws = stsWorld();
  const alice = aws.user('alice', { Effect: 'Allow', Action: 'sts:GetFederationToken', Resource: GUEST });
  const result = aws.ok(alice, 'GetFederationToken', { Name: 'guest', Policy });
  expect(result.FederatedUser).toEqual({ FederatedUserId: `${ACCOUNT}:guest`, Arn: GUEST });
  expect(Number(result.PackedPolicySize)).toBeGreaterThan(0);
  expect(Date.parse(result.Credentials.Expiration)).toBe(START_MS + 43_200_000);
  expect(aws.ok(sessionOf(result), 'GetCallerIdentity')).toEqual({
    Arn: GUEST,
    UserId: `${ACCOUNT}:guest`,
    Account: ACCOUNT,
  });
});

test('needs a permission, and another for tags', () => {
  const aws = stsWorld();
  const nobody = aws.user('nobody');
  expect(aws.refused(nobody, 'GetFederationToken', { Name: 'guest' })).toEqual({
    code: 'AccessDenied',
    status: 403,
    message: `User: arn:aws:iam::${ACCOUNT}:user/nobody is not authorized to perform: sts:GetFederationToken on resource: ${GUEST} because no identity-based policy allows the sts:GetFederationToken action`,
  });
  const alice = aws.user('alice', { Effect: 'Allow', Action: 'sts:GetFederationToken', Resource: '*' });
  const tags = { 'Tags.member.1.Key': 'Team', 'Tags.member.1.Value': 'blue' };
  aws.ok(alice, 'GetFederationToken', { Name: 'guest' });
  expect(aws.refused(alice, 'GetFederationToken', { Name: 'guest', ...tags }).message).toContain(
    `is not authorized to perform: sts:TagSession on resource: ${GUEST}`,
  );
});

test.each([
  ['root by default', undefined, 3600],
  ['root, cut down', 129_600, 3600],
  ['root, less', 900, 900],
])('%s', (_what, DurationSeconds, seconds) => {
  const aws = stsWorld();
  const parameters = { Name: 'guest', ...(DurationSeconds === undefined ? {} : { DurationSeconds }) };
  const { Credentials } = aws.ok(aws.root, 'GetFederationToken', parameters);
  expect(Date.parse(Credentials.Expiration)).toBe(START_MS + seconds * 1000);
});

test.each([
  ['no name', {}, 'ValidationError', /Value null at 'name'/],
  ['a name of one letter', { Name: 'a' }, 'ValidationError', /greater than or equal to 2$/],
  ['a name too long', { Name: 'a'.repeat(33) }, 'ValidationError', /less than or equal to 32$/],
  ['too short a time', { Name: 'guest', DurationSeconds: 899 }, 'ValidationError', /greater than or equal to 900$/],
  ['too long a time', { Name: 'guest', DurationSeconds: 129_601 }, 'ValidationError', /less than or equal to 129600$/],
  ['a policy that is none', { Name: 'guest', Policy: '[]' }, 'MalformedPolicyDocument', /./],
])('refuses %s', (_what, parameters, code, message) => {
  const aws = stsWorld();
  const refusal = aws.refused(aws.user('alice', anything), 'GetFederationToken', parameters);
  expect(refusal).toEqual({ code, status: 400, message: expect.stringMatching(message) });
});

test('IAM takes no credentials of a federated user', () => {
  const aws = stsWorld();
  const guest = sessionOf(aws.ok(aws.user('alice', anything), 'GetFederationToken', { Name: 'guest', Policy }));
  expect(aws.refused(guest, 'ListUsers').code).toBe('InvalidClientTokenId');
});
