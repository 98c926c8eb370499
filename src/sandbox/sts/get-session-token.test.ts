import { expect, test } from 'vitest';
import { ACCOUNT, START_MS, sessionOf, stsWorld } from '../../../test/support/sts-world.ts';

const anything = { Effect: 'Allow', Action: '*', Resource: '*' };
const wrongDevice =
  'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.';
const bothOrNone = 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.';

function lifetimeSeconds({ Credentials }: { Credentials: { Expiration: string } }, nowMs = START_MS): number {
  return (Date.parse(Credentials.Expiration) - Math.floor(nowMs / 1000) * 1000) / 1000;
}

test('needs no permission, and no policy can deny it', () => {
  const aws = stsWorld();
  const nobody = aws.user('nobody');
  const denied = aws.user('denied', { Effect: 'Deny', Action: '*', Resource: '*' });
  for (const who of [nobody, denied]) {
    const session = sessionOf(aws.ok(who, 'GetSessionToken'));
    expect(session.accessKeyId).toMatch(/^ASIA/);
    expect(aws.ok(session, 'GetCallerIdentity').Arn).toMatch(/:user\/(nobody|denied)$/);
  }
});

test.each([
  ['a user by default', 'user', undefined, 43_200],
  ['a user, the shortest', 'user', 900, 900],
  ['a user, the longest', 'user', 129_600, 129_600],
  ['root by default', 'root', undefined, 3600],
  ['root, cut down', 'root', 43_200, 3600],
  ['root, less', 'root', 1200, 1200],
] as const)('%s', (_what, who, asked, given) => {
  const aws = stsWorld();
  const caller = who === 'root' ? aws.root : aws.user('alice');
  const result = aws.ok(caller, 'GetSessionToken', asked === undefined ? {} : { DurationSeconds: asked });
  expect(lifetimeSeconds(result)).toBe(given);
});

test.each([
  [
    899,
    "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  ],
  [
    129_601,
    "1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 129600",
  ],
])('refuses %i seconds', (DurationSeconds, message) => {
  const aws = stsWorld();
  const refusal = aws.refused(aws.user('alice'), 'GetSessionToken', { DurationSeconds });
  expect(refusal).toEqual({ code: 'ValidationError', status: 400, message });
});

test.each([
  ['five digits', '12345', 'Member must have length greater than or equal to 6'],
  ['seven digits', '1234567', 'Member must have length less than or equal to 6'],
  ['letters', 'abcdef', 'Member must satisfy regular expression pattern: [\\d]*'],
])('refuses a code of %s', (_what, TokenCode, constraint) => {
  const aws = stsWorld();
  const alice = aws.user('alice');
  const { SerialNumber } = aws.device('alice');
  expect(aws.refused(alice, 'GetSessionToken', { SerialNumber, TokenCode })).toEqual({
    code: 'ValidationError',
    status: 400,
    message: `1 validation error detected: Value '${TokenCode}' at 'tokenCode' failed to satisfy constraint: ${constraint}`,
  });
});

test('a code makes an MFA session; used, before it or wrong, it makes none', () => {
  const aws = stsWorld();
  const alice = aws.user('alice');
  const device = aws.device('alice');
  const { SerialNumber } = device;
  const refuse = (TokenCode: string) =>
    expect(aws.refused(alice, 'GetSessionToken', { SerialNumber, TokenCode })).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    });
  refuse(device.code(-2));
  refuse(device.code(2));
  aws.ok(alice, 'GetSessionToken', { SerialNumber, TokenCode: device.code() });
  refuse(device.code());
  refuse(device.code(-1));
  aws.ok(alice, 'GetSessionToken', { SerialNumber, TokenCode: device.code(1) });
});

test.each([
  ['a serial without a code', true, false],
  ['a code without a serial', false, true],
])('refuses %s', (_what, withSerial, withCode) => {
  const aws = stsWorld();
  const alice = aws.user('alice');
  const device = aws.device('alice');
  const parameters = {
    ...(withSerial ? { SerialNumber: device.SerialNumber } : {}),
    ...(withCode ? { TokenCode: device.code() } : {}),
  };
  expect(aws.refused(alice, 'GetSessionToken', parameters)).toEqual({
    code: 'AccessDenied',
    status: 403,
    message: bothOrNone,
  });
  aws.ok(alice, 'GetSessionToken', { SerialNumber: device.SerialNumber, TokenCode: device.code() });
});

test("refuses other people's devices, FIDO devices and what is no device, and uses no code up", () => {
  const aws = stsWorld();
  const alice = aws.user('alice');
  const bob = aws.user('bob');
  const device = aws.device('alice');
  const fido = aws.addDevice({ type: 'fido', accountId: ACCOUNT, userName: 'alice', name: 'key' });
  const cases = [
    [bob, device.SerialNumber],
    [aws.root, device.SerialNumber],
    [alice, fido],
    [alice, `arn:aws:iam::${ACCOUNT}:user/alice`],
    [alice, `arn:aws:iam::${ACCOUNT}:mfa/nobody`],
    [alice, device.SerialNumber.toUpperCase()],
  ] as const;
  for (const [who, SerialNumber] of cases) {
    expect(aws.refused(who, 'GetSessionToken', { SerialNumber, TokenCode: device.code() })).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: wrongDevice,
    });
  }
  aws.ok(alice, 'GetSessionToken', { SerialNumber: device.SerialNumber, TokenCode: device.code() });
});

test('a hardware token works by its plain serial number', () => {
  const aws = stsWorld();
  const alice = aws.user('alice');
  const seedBase32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const SerialNumber = aws.addDevice({
    type: 'hardware',
    accountId: ACCOUNT,
    userName: 'alice',
    serialNumber: 'GAHT12345678',
    seedBase32,
  });
  expect(aws.refused(alice, 'GetSessionToken', { SerialNumber, TokenCode: '000000' }).message).toContain(
    'invalid MFA one time',
  );
});

test.each(['GetSessionToken', 'GetFederationToken'])('temporary credentials cannot call %s', (action) => {
  const aws = stsWorld();
  const alice = aws.user('alice', anything);
  const role = aws.role(
    'deploy',
    { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' },
    { allows: anything },
  );
  const sessions = [
    sessionOf(aws.ok(alice, 'GetSessionToken')),
    sessionOf(aws.ok(aws.root, 'GetSessionToken')),
    sessionOf(aws.ok(alice, 'AssumeRole', { RoleArn: role, RoleSessionName: 'monday' })),
    sessionOf(aws.ok(alice, 'GetFederationToken', { Name: 'guest', Policy: policyText(anything) })),
  ];
  for (const session of sessions) {
    expect(aws.refused(session, action, { Name: 'guest' })).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: `Cannot call ${action} with session credentials`,
    });
  }
});

test('IAM takes a session with a code, and none without', () => {
  const aws = stsWorld();
  const alice = aws.user('alice', anything);
  const device = aws.device('alice');
  const without = sessionOf(aws.ok(alice, 'GetSessionToken'));
  expect(aws.refused(without, 'ListUsers')).toEqual({
    code: 'InvalidClientTokenId',
    status: 403,
    message: 'The security token included in the request is invalid.',
  });
  const proof = { SerialNumber: device.SerialNumber, TokenCode: device.code() };
  aws.ok(sessionOf(aws.ok(alice, 'GetSessionToken', proof)), 'ListUsers');
});

test("root's code proves nothing", () => {
  const aws = stsWorld();
  const session = sessionOf(aws.ok(aws.root, 'GetSessionToken'));
  expect(aws.refused(session, 'ListUsers').code).toBe('InvalidClientTokenId');
  expect(aws.ok(session, 'GetCallerIdentity')).toEqual({
    Arn: `arn:aws:iam::${ACCOUNT}:root`,
    UserId: ACCOUNT,
    Account: ACCOUNT,
  });
});

test('ends at its time, and with its user', () => {
  const aws = stsWorld();
  const alice = aws.user('alice');
  const session = sessionOf(aws.ok(alice, 'GetSessionToken', { DurationSeconds: 900 }));
  aws.passSeconds(899);
  aws.ok(session, 'GetCallerIdentity');
  aws.passSeconds(1);
  expect(aws.refused(session, 'GetCallerIdentity')).toEqual({
    code: 'ExpiredToken',
    status: 403,
    message: 'The security token included in the request is expired',
  });
  const another = sessionOf(aws.ok(alice, 'GetSessionToken'));
  aws.ok(aws.root, 'DeleteAccessKey', { UserName: 'alice', AccessKeyId: alice.accessKeyId });
  aws.ok(aws.root, 'DeleteUser', { UserName: 'alice' });
  expect(aws.refused(another, 'GetCallerIdentity').code).toBe('InvalidClientTokenId');
});

function policyText(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement });
}
