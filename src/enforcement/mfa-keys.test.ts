import { expect, test } from 'vitest';
import { aliceSession, deploySession } from '../../test/support/signed-drafts.ts';
import { ACCOUNT, ALICE, DEPLOY, NOW_MS, ROOT, testAuthority } from '../../test/support/test-authority.ts';
import type { RoleSessionMfa } from './authority.ts';
import type { Caller } from './caller.ts';
import { type ContextEntries, requestContext } from './context.ts';
import { MFA_BY_CODE } from './mfa-keys.ts';
import type { RoleEntry } from './session.ts';

const accessKeyId = 'ASIATESTTESTTESTTES2';
const longTerm: Caller = { type: 'long-term', accessKeyId: 'AKIATESTTESTTESTTES2', owner: ALICE };
const root: Caller = { ...longTerm, owner: ROOT };
const withoutCode: Caller = { ...aliceSession, accessKeyId, owner: ALICE };
const withCode: Caller = { ...withoutCode, authenticatedAtMs: NOW_MS - 90_500 };
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

function role(enteredBy: RoleEntry, authenticatedAtMs?: number): Caller {
  const proof = authenticatedAtMs === undefined ? {} : { authenticatedAtMs };
  return { ...deploySession, enteredBy, ...proof, accessKeyId, roleArn: DEPLOY.arn, roleName: DEPLOY.roleName };
}

const ABSENT = undefined;
const BOTH: readonly RoleSessionMfa[] = ['false', 'inherited'];

type Row = readonly [
  credentials: string,
  caller: Caller,
  settings: readonly RoleSessionMfa[],
  present: string | undefined,
  age: string | undefined,
  own?: ContextEntries,
];

/** Row by row the table "When the MFA keys are in the request context". */
const table: readonly Row[] = [
  ["a user's long-term key", longTerm, BOTH, ABSENT, ABSENT],
  ["root's long-term key", root, BOTH, ABSENT, ABSENT],
  ['GetSessionToken, no code', withoutCode, BOTH, 'false', ABSENT],
  ['GetSessionToken, with code', withCode, BOTH, 'true', '90'],
  ['AssumeRole with code, for the trust policy', longTerm, BOTH, 'true', '0', MFA_BY_CODE],
  ['AssumeRole with code by a session, for the trust policy', withoutCode, BOTH, 'true', '0', MFA_BY_CODE],
  ['a role session, entered by a long-term key', role('long-term'), BOTH, 'false', ABSENT],
  ['a role session, entered by a long-term key and a code', role('code'), BOTH, 'false', ABSENT],
  ['a role session, entered from a session without MFA', role('user-session'), BOTH, 'false', ABSENT],
  ['a role session, entered from an MFA session', role('user-session', NOW_MS - 5000), ['false'], 'false', ABSENT],
  ['a role session, entered from an MFA session', role('user-session', NOW_MS - 5000), ['inherited'], 'true', ABSENT],
  ['a role session, entered from a role session', role('role-session'), BOTH, 'false', ABSENT],
  ['GetFederationToken', federated, BOTH, ABSENT, ABSENT],
];

const rows = table.flatMap((row) => row[2].map((setting) => [row[0], setting, row] as const));

test.each(rows)('%s (role sessions: %s)', (_credentials, setting, [, caller, , present, age, own = []]) => {
  const context = contextOf(caller, setting, own);
  expect(context.get('aws:multifactorauthpresent')).toEqual(present === undefined ? undefined : [present]);
  expect(context.get('aws:multifactorauthage')).toEqual(age === undefined ? undefined : [age]);
});

test.each([
  [0, '0'],
  [999, '0'],
  [1000, '1'],
  [43_199_999, '43199'],
  [-5000, '0'],
])('a code of %i ms ago has the age %s', (agoMs, age) => {
  const caller: Caller = { ...withoutCode, authenticatedAtMs: NOW_MS - agoMs };
  expect(contextOf(caller, 'false').get('aws:multifactorauthage')).toEqual([age]);
});

function contextOf(caller: Caller, roleSessionMfa: RoleSessionMfa, own: ContextEntries = []) {
  const facts = { sourceIp: '127.0.0.1', secureTransport: false };
  const authority = testAuthority(roleSessionMfa);
  return requestContext(
    { caller, facts, region: 'us-east-1', nowMs: NOW_MS, resourceAccountId: ACCOUNT, authority },
    own,
  );
}
