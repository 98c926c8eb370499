import { describe, expect, test } from 'vitest';
import type { ClientCredentials } from '../../../test/contract/harness/aws-client.ts';
import {
  ACCOUNT,
  type Device,
  OTHER_ACCOUNT,
  type Parameters,
  type Result,
  START_MS,
  type StsWorld,
  sessionOf,
  stsWorld,
} from '../../../test/support/sts-world.ts';

const anything = { Effect: 'Allow', Action: '*', Resource: '*' };
const mayAssume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
const gate = (maxAge: number) => ({
  Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, NumericLessThan: { 'aws:MultiFactorAuthAge': maxAge } },
});

function lets(principal: string | object, rest: object = {}): object {
  return { Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole', ...rest };
}

function assume(RoleArn: string, more: Parameters = {}): Parameters {
  return { RoleArn, RoleSessionName: 'monday', ...more };
}

function denied(caller: string, resource: string, reason = '', action = 'sts:AssumeRole') {
  const fact = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`;
  return { code: 'AccessDenied', status: 403, message: fact + reason };
}

const noTrust = ' because no role trust policy allows the sts:AssumeRole action';
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;

interface Setting {
  readonly aws: StsWorld;
  readonly alice: ClientCredentials;
  readonly device: Device;
  mfaSession(): ClientCredentials;
}

function setting(policy: object = mayAssume, roleSessionMfa?: 'false' | 'inherited'): Setting {
  const aws = stsWorld(roleSessionMfa);
  const alice = aws.user('alice', policy);
  const device = aws.device('alice');
  return {
    aws,
    alice,
    device,
    mfaSession() {
      const proof = { SerialNumber: device.SerialNumber, TokenCode: device.code() };
      const session = sessionOf(aws.ok(alice, 'GetSessionToken', proof));
      aws.passSeconds(30);
      return session;
    },
  };
}

test('answers credentials of the role', () => {
  const { aws, alice } = setting();
  const role = aws.role('deploy', lets(ALICE), { path: '/ops/' });
  const result = aws.ok(alice, 'AssumeRole', assume(role));
  const { RoleId } = aws.ok(aws.root, 'GetRole', { RoleName: 'deploy' }).Role;
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/monday`;
  expect(result.AssumedRoleUser).toEqual({ AssumedRoleId: `${RoleId}:monday`, Arn: arn });
  expect(result.PackedPolicySize).toBeUndefined();
  expect(Date.parse(result.Credentials.Expiration)).toBe(START_MS + 30_000 + 3_600_000);
  expect(aws.ok(sessionOf(result), 'GetCallerIdentity')).toEqual({
    Arn: arn,
    UserId: `${RoleId}:monday`,
    Account: ACCOUNT,
  });
});

describe('parameters', () => {
  const { aws, alice } = setting();
  const role = aws.role('deploy', lets(ALICE));
  const validation = (problem: string) => `1 validation error detected: ${problem}`;
  const rows: readonly (readonly [what: string, parameters: Parameters, code: string, message: string | RegExp])[] = [
    [
      'no role',
      { RoleSessionName: 'monday' },
      'ValidationError',
      validation("Value null at 'roleArn' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'no session name',
      { RoleArn: role },
      'ValidationError',
      validation("Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'a session name with a blank',
      assume(role, { RoleSessionName: 'a b' }),
      'ValidationError',
      validation(
        "Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
      ),
    ],
    [
      'a session name of one letter',
      assume(role, { RoleSessionName: 'a' }),
      'ValidationError',
      /at 'roleSessionName' .* greater than or equal to 2$/,
    ],
    [
      'a session name too long',
      assume(role, { RoleSessionName: 'a'.repeat(65) }),
      'ValidationError',
      /less than or equal to 64$/,
    ],
    ['what is no ARN', assume('x'.repeat(30)), 'ValidationError', 'ARN is invalid'],
    ['an ARN too short', assume('arn:aws:iam::1'), 'ValidationError', /at 'roleArn' .* greater than or equal to 20$/],
    ["a user's ARN", assume(ALICE), 'ValidationError', 'Request ARN is invalid'],
    ['899 seconds', assume(role, { DurationSeconds: 899 }), 'ValidationError', /greater than or equal to 900$/],
    ['43,201 seconds', assume(role, { DurationSeconds: 43_201 }), 'ValidationError', /less than or equal to 43200$/],
    ['an external id of one letter', assume(role, { ExternalId: 'a' }), 'ValidationError', /at 'externalId'/],
    [
      'an external id with a blank',
      assume(role, { ExternalId: 'a b' }),
      'ValidationError',
      /at 'externalId' .* \[\\w\+=,\.@:\\\/-\]\*$/,
    ],
    [
      'a source identity of one letter',
      assume(role, { SourceIdentity: 'a' }),
      'ValidationError',
      /at 'sourceIdentity'/,
    ],
    ['a policy that is no JSON', assume(role, { Policy: '{' }), 'MalformedPolicyDocument', /./],
    [
      'a policy with a principal',
      assume(role, { Policy: JSON.stringify({ Version: '2012-10-17', Statement: lets('*') }) }),
      'MalformedPolicyDocument',
      /./,
    ],
    [
      'a policy too long',
      assume(role, { Policy: ' '.repeat(2049) }),
      'ValidationError',
      /at 'policy' .* less than or equal to 2048$/,
    ],
    [
      'eleven managed policies',
      assume(
        role,
        listOf('PolicyArns', 11, (n) => ({ arn: `arn:aws:iam::aws:policy/p${n}` })),
      ),
      'ValidationError',
      /at 'policyArns' .* less than or equal to 10$/,
    ],
    [
      'a managed policy that is not there',
      assume(role, { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/NoSuchPolicy' }),
      'ValidationError',
      /does not exist/,
    ],
    [
      '51 tags',
      assume(
        role,
        listOf('Tags', 51, (n) => ({ Key: `k${n}`, Value: 'v' })),
      ),
      'ValidationError',
      /at 'tags' .* less than or equal to 50$/,
    ],
    [
      'tag keys equal but for case',
      assume(
        role,
        listOf('Tags', 2, (n) => ({ Key: n === 1 ? 'Team' : 'team', Value: 'v' })),
      ),
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a transitive key without its tag',
      assume(role, { 'TransitiveTagKeys.member.1': 'team' }),
      'InvalidParameterValue',
      'The specified transitive tag key must be included in the requested tags.',
    ],
    [
      'a context of Identity Center',
      assume(role, { 'ProvidedContexts.member.1.ProviderArn': 'arn:aws:iam::aws:contextProvider/IdentityCenter' }),
      'InvalidParameterValue',
      'ProvidedContexts is not implemented in this sandbox.',
    ],
    [
      'tags that take too much room',
      assume(
        role,
        listOf('Tags', 50, (n) => ({ Key: `${n}-${noise(n, 120)}`, Value: noise(n + 100, 250) })),
      ),
      'PackedPolicyTooLarge',
      /^Packed size of session tags consumes \d{3,}% of allotted space\.$/,
    ],
  ];

  test.each(rows)('refuses %s', (_what, parameters, code, message) => {
    expect(aws.refused(alice, 'AssumeRole', parameters)).toEqual({
      code,
      status: 400,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('shape goes before authorisation', () => {
    const bob = aws.user('bob');
    expect(aws.refused(bob, 'AssumeRole', assume(role, { DurationSeconds: 1 })).code).toBe('ValidationError');
  });

  test('authorisation goes before the duration of the role', () => {
    const carol = aws.user('carol');
    expect(aws.refused(carol, 'AssumeRole', assume(role, { DurationSeconds: 43_200 })).code).toBe('AccessDenied');
  });
});

describe('who gets in', () => {
  test('root does not', () => {
    const { aws } = setting();
    const role = aws.role('deploy', lets(ACCOUNT));
    const session = sessionOf(aws.ok(aws.root, 'GetSessionToken'));
    for (const who of [aws.root, aws.otherRoot, session]) {
      expect(aws.refused(who, 'AssumeRole', assume(role))).toEqual({
        code: 'AccessDenied',
        status: 403,
        message: 'Roles may not be assumed by root accounts.',
      });
    }
  });

  test('a federated user does not', () => {
    const { aws, alice } = setting(anything);
    const role = aws.role('deploy', lets('*'));
    const guest = sessionOf(aws.ok(alice, 'GetFederationToken', { Name: 'guest', Policy: text(anything) }));
    const arn = `arn:aws:sts::${ACCOUNT}:federated-user/guest`;
    expect(aws.refused(guest, 'AssumeRole', assume(role))).toEqual(denied(arn, role));
    expect(aws.ok(guest, 'GetCallerIdentity').UserId).toBe(`${ACCOUNT}:guest`);
  });

  test('a user named by the trust policy needs no policy of its own', () => {
    const { aws } = setting();
    const bob = aws.user('bob');
    const role = aws.role('deploy', lets(`arn:aws:iam::${ACCOUNT}:user/bob`));
    aws.ok(bob, 'AssumeRole', assume(role));
  });

  test('a user of an account that is trusted does', () => {
    const { aws, alice } = setting();
    const bob = aws.user('bob');
    for (const principal of [ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`]) {
      const role = aws.role(`role-${principal.length}`, lets(principal));
      aws.ok(alice, 'AssumeRole', assume(role));
      expect(aws.refused(bob, 'AssumeRole', assume(role)).message).toContain(
        'because no identity-based policy allows the sts:AssumeRole action',
      );
    }
  });

  test('across accounts both sides must allow, and no reason is given', () => {
    const { aws, alice } = setting();
    const bob = aws.user('bob');
    const trusting = aws.role('trusting', lets(ACCOUNT), { root: aws.otherRoot });
    const naming = aws.role('naming', lets([ALICE, `arn:aws:iam::${ACCOUNT}:user/bob`]), { root: aws.otherRoot });
    const closed = aws.role('closed', lets(OTHER_ACCOUNT), { root: aws.otherRoot });
    for (const role of [trusting, naming]) {
      const result = aws.ok(alice, 'AssumeRole', assume(role));
      expect(aws.ok(sessionOf(result), 'GetCallerIdentity').Account).toBe(OTHER_ACCOUNT);
      expect(aws.refused(bob, 'AssumeRole', assume(role))).toEqual(denied(`arn:aws:iam::${ACCOUNT}:user/bob`, role));
    }
    expect(aws.refused(alice, 'AssumeRole', assume(closed))).toEqual(denied(ALICE, closed));
  });

  test.each([
    ['the same account', ACCOUNT],
    ['another account', OTHER_ACCOUNT],
    ['an account that is not there', '999999999999'],
  ])("a role that isn't there, of %s, answers as one that doesn't trust", (_what, accountId) => {
    const { aws, alice } = setting();
    const bob = aws.user('bob');
    if (accountId !== '999999999999') {
      const root = accountId === ACCOUNT ? aws.root : aws.otherRoot;
      aws.role('closed', lets(accountId === ACCOUNT ? OTHER_ACCOUNT : accountId), { root });
    }
    for (const who of [alice, bob]) {
      const missing = aws.refused(who, 'AssumeRole', assume(`arn:aws:iam::${accountId}:role/missing`));
      const closed = aws.refused(who, 'AssumeRole', assume(`arn:aws:iam::${accountId}:role/closed`));
      expect({ ...closed, message: closed.message.replace('role/closed', 'role/missing') }).toEqual(missing);
      expect(missing).toMatchObject({ code: 'AccessDenied', status: 403 });
    }
  });

  test('whoever may assume nothing cannot tell roles that trust the account from none', () => {
    const { aws } = setting();
    const bob = aws.user('bob');
    const roles = [
      aws.role('trusting', lets(ACCOUNT)),
      aws.role('closed', lets(OTHER_ACCOUNT)),
      aws.role('gated', lets(ACCOUNT, gate(60))),
    ];
    for (const role of [...roles, `arn:aws:iam::${ACCOUNT}:role/missing`]) {
      expect(aws.refused(bob, 'AssumeRole', assume(role))).toEqual(
        denied(
          `arn:aws:iam::${ACCOUNT}:user/bob`,
          role,
          ' because no identity-based policy allows the sts:AssumeRole action',
        ),
      );
    }
  });

  test('a role by its exact ARN only: path and case count', () => {
    const { aws, alice } = setting();
    aws.role('deploy', lets(ALICE), { path: '/ops/' });
    for (const name of ['deploy', 'ops/Deploy', 'OPS/deploy', 'ops//deploy']) {
      const arn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
      expect(aws.refused(alice, 'AssumeRole', assume(arn))).toEqual(denied(ALICE, arn, noTrust));
    }
  });

  test('a user made again under the name is not the one who is trusted', () => {
    const { aws } = setting();
    const bob = aws.user('bob');
    const role = aws.role('deploy', lets(`arn:aws:iam::${ACCOUNT}:user/bob`));
    aws.ok(bob, 'AssumeRole', assume(role));
    aws.ok(aws.root, 'DeleteAccessKey', { UserName: 'bob', AccessKeyId: bob.accessKeyId });
    aws.ok(aws.root, 'DeleteUser', { UserName: 'bob' });
    const again = aws.user('bob', mayAssume);
    expect(aws.refused(again, 'AssumeRole', assume(role)).code).toBe('AccessDenied');
  });

  test('a detached policy bites at once', () => {
    const { aws, alice } = setting();
    const role = aws.role('deploy', lets(ACCOUNT), { allows: anything });
    const session = sessionOf(aws.ok(alice, 'AssumeRole', assume(role)));
    aws.ok(session, 'ListUsers');
    aws.ok(aws.root, 'DeleteRolePolicy', { RoleName: 'deploy', PolicyName: 'p' });
    expect(aws.refused(session, 'ListUsers').code).toBe('AccessDenied');
  });
});

describe('the gate', () => {
  test('opens to a session with a fresh code, closes at the age', () => {
    const { aws, alice, mfaSession } = setting();
    const role = aws.role('deploy', lets(ALICE, gate(3600)));
    expect(aws.refused(alice, 'AssumeRole', assume(role))).toEqual(denied(ALICE, role, noTrust));
    expect(aws.refused(sessionOf(aws.ok(alice, 'GetSessionToken')), 'AssumeRole', assume(role))).toEqual(
      denied(ALICE, role, noTrust),
    );
    const session = mfaSession();
    aws.ok(session, 'AssumeRole', assume(role));
    aws.passSeconds(3569);
    aws.ok(session, 'AssumeRole', assume(role));
    aws.passSeconds(1);
    expect(aws.refused(session, 'AssumeRole', assume(role))).toEqual(denied(ALICE, role, noTrust));
    aws.ok(session, 'GetCallerIdentity');
  });

  test('opens to a code on AssumeRole itself, once', () => {
    const { aws, alice, device } = setting();
    const role = aws.role('deploy', lets(ALICE, gate(60)), { maxSeconds: 43_200 });
    const proof = { SerialNumber: device.SerialNumber, TokenCode: device.code() };
    const result = aws.ok(alice, 'AssumeRole', assume(role, { ...proof, DurationSeconds: 43_200 }));
    expect(result.Credentials.AccessKeyId).toMatch(/^ASIA/);
    expect(aws.refused(alice, 'AssumeRole', assume(role, proof)).message).toBe(
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    );
  });

  test.each([
    ['a serial alone', { SerialNumber: 'GAHT12345678' }, /must provide both/],
    ['a code alone', { TokenCode: '123456' }, /must provide both/],
    [
      'the serial of somebody else',
      { SerialNumber: 'GAHT12345678', TokenCode: '123456' },
      /unable to validate MFA code/,
    ],
  ])('refuses %s', (_what, proof, message) => {
    const { aws, alice } = setting();
    const role = aws.role('deploy', lets(ALICE));
    expect(aws.refused(alice, 'AssumeRole', assume(role, proof))).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: expect.stringMatching(message),
    });
  });

  test('a role session has no device', () => {
    const { aws, alice, device } = setting();
    const role = aws.role('deploy', lets(ACCOUNT), { allows: mayAssume });
    const session = sessionOf(aws.ok(alice, 'AssumeRole', assume(role)));
    const proof = { SerialNumber: device.SerialNumber, TokenCode: device.code() };
    expect(aws.refused(session, 'AssumeRole', assume(role, proof)).message).toMatch(/unable to validate MFA code/);
  });

  test.each([
    ['false', false],
    ['inherited', true],
  ] as const)("a gate in a role's own policy (role sessions: %s)", (roleSessionMfa, opens) => {
    const { aws, alice, mfaSession, device } = setting(mayAssume, roleSessionMfa);
    const present = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
    const role = aws.role('deploy', lets(ALICE), { allows: { ...anything, ...present } });
    const allowed = (session: ClientCredentials): boolean => {
      try {
        aws.ok(session, 'ListUsers');
        return true;
      } catch {
        return false;
      }
    };
    expect(allowed(sessionOf(aws.ok(mfaSession(), 'AssumeRole', assume(role))))).toBe(opens);
    expect(allowed(sessionOf(aws.ok(alice, 'AssumeRole', assume(role))))).toBe(false);
    const proof = { SerialNumber: device.SerialNumber, TokenCode: device.code() };
    expect(allowed(sessionOf(aws.ok(alice, 'AssumeRole', assume(role, proof))))).toBe(false);
  });
});

describe('how long', () => {
  const overRole = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
  const overChain =
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';

  test.each([
    ['a long-term key, over the default of the role', 'key', 3601, undefined, overRole],
    ["a long-term key, over the role's maximum", 'key', 7201, 7200, overRole],
    ["a long-term key, the role's maximum", 'key', 7200, 7200, undefined],
    ['an MFA session, one hour', 'mfa', 3600, 43_200, undefined],
    ['an MFA session, more than an hour', 'mfa', 3601, 43_200, overChain],
    ['a session without a code, more than an hour', 'plain', 3601, 43_200, overChain],
    ['a role session, one hour', 'role', 3600, 43_200, undefined],
    ['a role session, more than an hour', 'role', 3601, 43_200, overChain],
  ] as const)('%s', (_what, who, DurationSeconds, maxSeconds, message) => {
    const { aws, alice, mfaSession } = setting();
    const first = aws.role('first', lets(ALICE), { allows: mayAssume });
    const role = aws.role('deploy', lets(ACCOUNT), maxSeconds === undefined ? {} : { maxSeconds });
    const callers = {
      key: () => alice,
      mfa: mfaSession,
      plain: () => sessionOf(aws.ok(alice, 'GetSessionToken')),
      role: () => sessionOf(aws.ok(alice, 'AssumeRole', assume(first))),
    };
    const caller = callers[who]();
    if (message === undefined) {
      const { Credentials } = aws.ok(caller, 'AssumeRole', assume(role, { DurationSeconds }));
      expect(Date.parse(Credentials.Expiration) - aws.clocks.authority()).toBe(DurationSeconds * 1000);
    } else {
      expect(aws.refused(caller, 'AssumeRole', assume(role, { DurationSeconds }))).toEqual({
        code: 'ValidationError',
        status: 400,
        message,
      });
    }
  });
});

describe('what the trust policy reads', () => {
  test.each([
    ['sts:ExternalId', { ExternalId: 'x-1' }, { ExternalId: 'x-2' }, 'x-1'],
    ['sts:ExternalId', { ExternalId: 'x-1' }, {}, 'x-1'],
    ['sts:RoleSessionName', { RoleSessionName: 'alice' }, {}, '${aws:username}'],
    ['aws:PrincipalArn', {}, undefined, ALICE],
  ])('%s', (key, good, bad, value) => {
    const { aws, alice } = setting();
    const role = aws.role('deploy', lets(ACCOUNT, { Condition: { StringEquals: { [key]: value } } }));
    aws.ok(alice, 'AssumeRole', assume(role, good));
    if (bad !== undefined) expect(aws.refused(alice, 'AssumeRole', assume(role, bad)).code).toBe('AccessDenied');
  });
});

describe('session policies', () => {
  const readUsers = { Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' };

  test('cut the role down', () => {
    const { aws, alice } = setting();
    const role = aws.role('deploy', lets(ALICE), { allows: anything });
    const result = aws.ok(alice, 'AssumeRole', assume(role, { Policy: text(readUsers) }));
    expect(Number(result.PackedPolicySize)).toBeGreaterThan(0);
    expect(Number(result.PackedPolicySize)).toBeLessThan(100);
    aws.ok(sessionOf(result), 'ListUsers');
    expect(aws.refused(sessionOf(result), 'ListRoles').message).toContain(
      'because no session policy allows the iam:ListRoles action',
    );
  });

  test('may be managed ones', () => {
    const { aws, alice } = setting();
    const role = aws.role('deploy', lets(ALICE), { allows: anything });
    const parameters = assume(role, { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' });
    const session = sessionOf(aws.ok(alice, 'AssumeRole', parameters));
    aws.ok(session, 'ListUsers');
    expect(aws.refused(session, 'CreateUser', { UserName: 'eve' }).code).toBe('AccessDenied');
  });
});

describe('tags and source identity', () => {
  const team = { 'Tags.member.1.Key': 'Team', 'Tags.member.1.Value': 'blue' };
  const mayAll = lets(ACCOUNT, { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] });

  test('need sts:TagSession and sts:SetSourceIdentity in the trust policy', () => {
    const { aws, alice } = setting(anything);
    const plain = aws.role('plain', lets(ALICE));
    expect(aws.refused(alice, 'AssumeRole', assume(plain, team))).toEqual(
      denied(ALICE, plain, ' because no role trust policy allows the sts:TagSession action', 'sts:TagSession'),
    );
    expect(aws.refused(alice, 'AssumeRole', assume(plain, { SourceIdentity: 'alice' }))).toEqual(
      denied(
        ALICE,
        plain,
        ' because no role trust policy allows the sts:SetSourceIdentity action',
        'sts:SetSourceIdentity',
      ),
    );
    const open = aws.role('open', mayAll);
    const result = aws.ok(alice, 'AssumeRole', assume(open, { ...team, SourceIdentity: 'alice' }));
    expect(result.SourceIdentity).toBe('alice');
    expect(Number(result.PackedPolicySize)).toBeGreaterThan(0);
  });

  test('become principal tags and the source identity of the session', () => {
    const { aws, alice } = setting(anything);
    const condition = { StringEquals: { 'aws:PrincipalTag/team': 'blue', 'aws:SourceIdentity': 'alice' } };
    const role = aws.role('deploy', mayAll, { allows: { ...anything, Condition: condition } });
    aws.ok(sessionOf(aws.ok(alice, 'AssumeRole', assume(role, { ...team, SourceIdentity: 'alice' }))), 'ListUsers');
    expect(aws.refused(sessionOf(aws.ok(alice, 'AssumeRole', assume(role))), 'ListUsers').code).toBe('AccessDenied');
  });

  test('are conditions of the trust policy', () => {
    const { aws, alice } = setting(anything);
    const condition = {
      StringEquals: { 'aws:RequestTag/team': 'blue', 'sts:SourceIdentity': 'alice' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team'], 'sts:TransitiveTagKeys': ['Team'] },
    };
    const role = aws.role('deploy', { ...mayAll, Condition: condition });
    aws.ok(
      alice,
      'AssumeRole',
      assume(role, { ...team, 'TransitiveTagKeys.member.1': 'Team', SourceIdentity: 'alice' }),
    );
    for (const more of [{ ...team, SourceIdentity: 'bob1' }, { SourceIdentity: 'alice' }, team]) {
      expect(aws.refused(alice, 'AssumeRole', assume(role, more)).code).toBe('AccessDenied');
    }
  });

  test('transitive tags and the source identity go through a chain, and cannot be changed there', () => {
    const { aws, alice } = setting(anything);
    const first = aws.role('first', mayAll, { allows: anything });
    const conditions = { StringEquals: { 'aws:PrincipalTag/Team': 'blue', 'aws:SourceIdentity': 'alice' } };
    const second = aws.role('second', mayAll, { allows: { ...anything, Condition: conditions } });
    const third = aws.role('third', lets(ACCOUNT), { allows: anything });
    const entered = (more: Parameters): Result => aws.ok(alice, 'AssumeRole', assume(first, { ...team, ...more }));
    const session = sessionOf(entered({ 'TransitiveTagKeys.member.1': 'Team', SourceIdentity: 'alice' }));
    aws.ok(sessionOf(aws.ok(session, 'AssumeRole', assume(second))), 'ListUsers');
    aws.ok(session, 'AssumeRole', assume(second, { SourceIdentity: 'alice' }));

    const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/first/monday`;
    expect(aws.refused(session, 'AssumeRole', assume(second, { SourceIdentity: 'mallory' }))).toEqual(
      denied(sessionArn, second, '', 'sts:SetSourceIdentity'),
    );
    expect(
      aws.refused(session, 'AssumeRole', assume(second, { 'Tags.member.1.Key': 'TEAM', 'Tags.member.1.Value': 'red' })),
    ).toEqual({
      code: 'InvalidParameterValue',
      status: 400,
      message:
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    });
    expect(aws.refused(session, 'AssumeRole', assume(third)).code).toBe('AccessDenied');

    const lost = sessionOf(entered({ SourceIdentity: 'alice' }));
    expect(aws.refused(sessionOf(aws.ok(lost, 'AssumeRole', assume(second))), 'ListUsers').code).toBe('AccessDenied');
  });
});

function text(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement });
}

function listOf(name: string, count: number, member: (n: number) => Parameters): Parameters {
  const entries = Array.from({ length: count }, (_, index) =>
    Object.entries(member(index + 1)).map(([field, value]) => [`${name}.member.${index + 1}.${field}`, value] as const),
  );
  return Object.fromEntries(entries.flat());
}

/** Letters that don't pack well, the same for each seed. */
function noise(seed: number, length: number): string {
  let state = seed * 2_654_435_761 + 1;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(97 + (Math.floor(state / 65_536) % 26));
  }).join('');
}
