import { expect, test } from 'vitest';
import { aliceSession, deploySession } from '../../test/support/signed-drafts.ts';
import {
  ACCOUNT,
  ALICE,
  DEPLOY,
  NOW_MS,
  OTHER_ACCOUNT,
  policy,
  ROOT,
  type TestAuthority,
  testAuthority,
} from '../../test/support/test-authority.ts';
import { type Access, authorise } from './authorise.ts';
import type { Caller } from './caller.ts';
import { MFA_BY_CODE } from './mfa-keys.ts';

const accessKeyId = 'ASIATESTTESTTESTTES2';
const user: Caller = { type: 'long-term', accessKeyId: 'AKIATESTTESTTESTTES2', owner: ALICE };
const root: Caller = { ...user, owner: ROOT };
const role: Caller = { ...deploySession, accessKeyId, roleArn: DEPLOY.arn, roleName: DEPLOY.roleName };
const federated: Caller = {
  type: 'federated',
  accessKeyId,
  owner: ALICE,
  accountId: ACCOUNT,
  userId: ALICE.userId,
  name: 'guest',
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 1000,
  sessionPolicies: { managed: [] },
  tags: [],
};

const LIST = 'iam:ListUsers';
const USERS = `arn:aws:iam::${ACCOUNT}:user/`;
const BUCKET = 'arn:aws:s3:::bucket';
const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
const deny = { Effect: 'Deny', Action: LIST, Resource: '*' };
const nothingUseful = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/monday`;

function attempt(access: Partial<Access>, authority: TestAuthority): string {
  const facts = { sourceIp: '127.0.0.1', secureTransport: false };
  const usual = { caller: user, facts, region: 'us-east-1', nowMs: NOW_MS, action: LIST, resource: USERS };
  try {
    authorise({ ...usual, ...access }, authority);
    return 'allowed';
  } catch (error) {
    expect(error).toMatchObject({ code: 'AccessDenied', status: 403 });
    return (error as Error).message;
  }
}

function given(attachments: Readonly<Record<string, object>>): TestAuthority {
  const authority = testAuthority();
  for (const [id, attached] of Object.entries(attachments)) {
    authority.attached.set(id, { identity: [], ...attached });
  }
  return authority;
}

const identityAllows = { identity: [policy('identity', allow)] };

test('nothing attached: no identity-based policy allows', () => {
  expect(attempt({}, testAuthority())).toBe(
    `User: ${ALICE.arn} is not authorized to perform: ${LIST} on resource: ${USERS} because no identity-based policy allows the ${LIST} action`,
  );
});

test('an identity policy allows', () => {
  expect(attempt({}, given({ [ALICE.userId]: identityAllows }))).toBe('allowed');
});

type Row = readonly [reason: string, access: Partial<Access>, authority: TestAuthority];

const trusting = (principal: object, condition: object = {}) =>
  policy('trust', { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...condition });
const withSessionPolicy = (statement: object): Caller => ({
  ...role,
  sessionPolicies: { inline: JSON.stringify({ Version: '2012-10-17', Statement: statement }), managed: [] },
});
const assume = { action: 'sts:AssumeRole', resource: DEPLOY.arn };

const reasons: readonly Row[] = [
  [
    'because no identity-based policy allows the iam:ListUsers action',
    {},
    given({ [ALICE.userId]: { identity: [policy('identity', nothingUseful)] } }),
  ],
  [
    'with an explicit deny in an identity-based policy',
    {},
    given({ [ALICE.userId]: { identity: [policy('identity', allow, deny)] } }),
  ],
  [
    'because no permissions boundary allows the iam:ListUsers action',
    {},
    given({ [ALICE.userId]: { ...identityAllows, permissionsBoundary: policy('boundary', nothingUseful) } }),
  ],
  [
    'with an explicit deny in a permissions boundary',
    {},
    given({ [ALICE.userId]: { ...identityAllows, permissionsBoundary: policy('boundary', allow, deny) } }),
  ],
  [
    'because no session policy allows the iam:ListUsers action',
    { caller: withSessionPolicy(nothingUseful) },
    given({ [DEPLOY.roleId]: identityAllows }),
  ],
  [
    'with an explicit deny in a session policy',
    { caller: withSessionPolicy([allow, deny] as never) },
    given({ [DEPLOY.roleId]: identityAllows }),
  ],
  [
    'with an explicit deny in a resource-based policy',
    {
      action: 's3:ListBucket',
      resource: BUCKET,
      resourceAccountId: ACCOUNT,
      resourcePolicy: policy('resource', { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: BUCKET }),
    },
    given({ [ALICE.userId]: identityAllows }),
  ],
  [
    'because no role trust policy allows the sts:AssumeRole action',
    { ...assume, resourcePolicy: trusting({ AWS: DEPLOY.arn }) },
    given({ [ALICE.userId]: identityAllows }),
  ],
  [
    'with an explicit deny in the role trust policy',
    {
      ...assume,
      resourcePolicy: policy(
        'trust',
        { Effect: 'Allow', Principal: { AWS: ALICE.arn }, Action: 'sts:AssumeRole' },
        { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' },
      ),
    },
    given({ [ALICE.userId]: identityAllows }),
  ],
];

test.each(reasons)('says why: %s', (reason, access, authority) => {
  const caller = access.caller?.type === 'role-session' ? sessionArn : ALICE.arn;
  const { action = LIST, resource = USERS } = access;
  expect(attempt(access, authority)).toBe(
    `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  );
});

test('a caller of another account learns no reason', () => {
  const elsewhere = {
    ...assume,
    resource: `arn:aws:iam::${OTHER_ACCOUNT}:role/deploy`,
    resourcePolicy: trusting({ AWS: OTHER_ACCOUNT }),
  };
  expect(attempt(elsewhere, given({ [ALICE.userId]: identityAllows }))).toBe(
    `User: ${ALICE.arn} is not authorized to perform: sts:AssumeRole on resource: ${elsewhere.resource}`,
  );
});

test('the denial may name the resource otherwise', () => {
  expect(attempt({ resourceInDenial: 'user alice' }, testAuthority())).toContain('on resource: user alice because');
});

test('root needs no policy', () => {
  expect(attempt({ caller: root }, testAuthority())).toBe('allowed');
});

test('the account of a resource without one in its ARN is told apart', () => {
  const access = { action: 's3:ListBucket', resource: BUCKET, resourceAccountId: OTHER_ACCOUNT };
  expect(attempt(access, given({ [ALICE.userId]: identityAllows }))).not.toBe('allowed');
  const resourcePolicy = policy('resource', {
    Effect: 'Allow',
    Principal: { AWS: ACCOUNT },
    Action: 's3:*',
    Resource: BUCKET,
  });
  expect(attempt({ ...access, resourcePolicy }, given({ [ALICE.userId]: identityAllows }))).toBe('allowed');
  expect(attempt({ ...access, resourcePolicy }, testAuthority())).not.toBe('allowed');
});

test("a role session has its role's policies, cut by its own", () => {
  const authority = given({ [DEPLOY.roleId]: identityAllows });
  expect(attempt({ caller: role }, authority)).toBe('allowed');
  expect(attempt({ caller: withSessionPolicy(allow) }, authority)).toBe('allowed');
  expect(attempt({ caller: withSessionPolicy(allow) }, testAuthority())).not.toBe('allowed');
});

test('a managed session policy is read anew, and one that is gone allows nothing', () => {
  const arn = `arn:aws:iam::${ACCOUNT}:policy/p`;
  const caller: Caller = { ...role, sessionPolicies: { managed: [arn] } };
  const authority = given({ [DEPLOY.roleId]: identityAllows });
  authority.managed.set(arn, policy('identity', allow));
  expect(attempt({ caller }, authority)).toBe('allowed');
  authority.managed.delete(arn);
  expect(attempt({ caller }, authority)).toContain('because no session policy allows');
});

test('what denies the user denies the federated user without a session policy too', () => {
  const open = policy('resource', { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: BUCKET });
  const access = { caller: federated, action: 's3:ListBucket', resource: BUCKET, resourcePolicy: open };
  const denies = policy('identity', { Effect: 'Deny', Action: 's3:*', Resource: '*' });
  expect(attempt(access, testAuthority())).toBe('allowed');
  expect(attempt(access, given({ [ALICE.userId]: { identity: [denies] } }))).toMatch(
    / with an explicit deny in an identity-based policy$/,
  );
  const permissionsBoundary = policy('boundary', { Effect: 'Deny', Action: 's3:*', Resource: '*' });
  expect(attempt(access, given({ [ALICE.userId]: { permissionsBoundary } }))).toMatch(
    / with an explicit deny in a permissions boundary$/,
  );
});

test('a federated user has nothing without a session policy, and no more than the user', () => {
  const limited = {
    ...federated,
    sessionPolicies: { inline: JSON.stringify({ Version: '2012-10-17', Statement: allow }), managed: [] },
  };
  expect(attempt({ caller: federated }, given({ [ALICE.userId]: identityAllows }))).not.toBe('allowed');
  expect(attempt({ caller: limited }, given({ [ALICE.userId]: identityAllows }))).toBe('allowed');
  expect(attempt({ caller: limited }, testAuthority())).not.toBe('allowed');
  expect(attempt({ caller: { ...limited, owner: ROOT } }, testAuthority())).toBe('allowed');
  expect(attempt({ caller: { ...federated, owner: ROOT } }, testAuthority())).not.toBe('allowed');
});

const gate = (maxAge: number) => ({
  Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, NumericLessThan: { 'aws:MultiFactorAuthAge': maxAge } },
});
const withCode: Caller = { ...aliceSession, accessKeyId, owner: ALICE, authenticatedAtMs: NOW_MS - 60_000 };

test.each([
  ['a long-term key', user, 3600, undefined, false],
  ['a long-term key with a code', user, 3600, MFA_BY_CODE, true],
  ['a session without a code', { ...aliceSession, accessKeyId, owner: ALICE } satisfies Caller, 3600, undefined, false],
  ['an MFA session', withCode, 3600, undefined, true],
  ['an MFA session of just the age', withCode, 60, undefined, false],
  ['an MFA session a second too old', withCode, 59, undefined, false],
] as const)('a gated role and %s', (_who, caller, maxAge, resourceContext, opens) => {
  const access = { ...assume, caller, resourcePolicy: trusting({ AWS: ALICE.arn }, gate(maxAge)), resourceContext };
  expect(attempt(access, testAuthority()) === 'allowed').toBe(opens);
});

test("a code on AssumeRole is for the trust policy's eyes alone", () => {
  const unlessMfa = policy('identity', allow, {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  });
  const access = { ...assume, resourcePolicy: trusting({ AWS: ALICE.arn }, gate(3600)), resourceContext: MFA_BY_CODE };
  expect(attempt(access, given({ [ALICE.userId]: { identity: [unlessMfa] } }))).toContain(
    'with an explicit deny in an identity-based policy',
  );
});
