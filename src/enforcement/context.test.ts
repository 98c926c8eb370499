import { expect, test } from 'vitest';
import { aliceSession, deploySession } from '../../test/support/signed-drafts.ts';
import {
  ACCOUNT,
  ALICE,
  DEPLOY,
  NOW_MS,
  OTHER_ACCOUNT,
  ROOT,
  testAuthority,
} from '../../test/support/test-authority.ts';
import type { Caller } from './caller.ts';
import { requestContext, type Situation } from './context.ts';
import { requestTagEntries } from './context-entries.ts';

const accessKeyId = 'ASIATESTTESTTESTTES2';
const user: Caller = { type: 'long-term', accessKeyId: 'AKIATESTTESTTESTTES2', owner: ALICE };
const root: Caller = { ...user, owner: ROOT };
const session: Caller = { ...aliceSession, accessKeyId, owner: ALICE };
const role: Caller = {
  ...deploySession,
  accessKeyId,
  roleArn: DEPLOY.arn,
  roleName: DEPLOY.roleName,
  sourceIdentity: 'alice-at-idp',
  tags: [{ key: 'Team', value: 'from the session' }],
};
const federated: Caller = {
  type: 'federated',
  accessKeyId,
  owner: ALICE,
  accountId: ACCOUNT,
  userId: ALICE.userId,
  name: 'guest',
  issuedAtMs: NOW_MS - 1000,
  expiresAtMs: NOW_MS + 1000,
  sessionPolicies: { managed: [] },
  tags: [{ key: 'team', value: 'from the token' }],
};

const FACTS = {
  sourceIp: '127.0.0.1',
  secureTransport: false,
  userAgent: 'aws-cli/2',
  referer: 'http://localhost/',
};

function contextOf(caller: Caller, changes: Partial<Situation> = {}) {
  const authority = testAuthority();
  authority.tags.set(ALICE.userId, [{ key: 'Team', value: 'blue' }]);
  authority.tags.set(DEPLOY.roleId, [
    { key: 'Team', value: 'red' },
    { key: 'Stage', value: 'prod' },
  ]);
  return requestContext({
    caller,
    facts: FACTS,
    region: 'eu-west-1',
    nowMs: NOW_MS,
    resourceAccountId: OTHER_ACCOUNT,
    authority,
    ...changes,
  });
}

/** undefined: the key isn't in the request. */
const table: Readonly<Record<string, readonly (string | undefined)[]>> = {
  //                        user, root, user session, role session, federated user
  'aws:PrincipalArn': [ALICE.arn, ROOT.arn, ALICE.arn, DEPLOY.arn, `arn:aws:sts::${ACCOUNT}:federated-user/guest`],
  'aws:PrincipalAccount': [ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT],
  'aws:PrincipalType': ['User', 'Account', 'User', 'AssumedRole', 'FederatedUser'],
  'aws:PrincipalIsAWSService': ['false', 'false', 'false', 'false', 'false'],
  'aws:ViaAWSService': ['false', 'false', 'false', 'false', 'false'],
  'aws:PrincipalOrgID': [undefined, undefined, undefined, undefined, undefined],
  'aws:CalledVia': [undefined, undefined, undefined, undefined, undefined],
  'aws:userid': [ALICE.userId, ACCOUNT, ALICE.userId, `${DEPLOY.roleId}:monday`, `${ACCOUNT}:guest`],
  'aws:username': ['alice', undefined, 'alice', undefined, undefined],
  'aws:PrincipalTag/team': ['blue', undefined, 'blue', 'from the session', 'from the token'],
  'aws:PrincipalTag/Stage': [undefined, undefined, undefined, 'prod', undefined],
  'aws:SourceIdentity': [undefined, undefined, undefined, 'alice-at-idp', undefined],
  'aws:TokenIssueTime': [undefined, undefined, '2026-01-02T03:03:05Z', '2026-01-02T03:04:05Z', '2026-01-02T03:04:04Z'],
};

const callers = [user, root, session, role, federated];

test.each(Object.entries(table))('%s is what AWS gives to each kind of caller', (key, expected) => {
  const values = callers.map((caller) => contextOf(caller).get(key.toLowerCase()));
  expect(values).toEqual(expected.map((value) => (value === undefined ? undefined : [value])));
});

test.each([
  ['aws:SourceIp', '127.0.0.1'],
  ['aws:SecureTransport', 'false'],
  ['aws:RequestedRegion', 'eu-west-1'],
  ['aws:ResourceAccount', OTHER_ACCOUNT],
  ['aws:UserAgent', 'aws-cli/2'],
  ['aws:Referer', 'http://localhost/'],
  ['aws:CurrentTime', '2026-01-02T03:04:05Z'],
  ['aws:EpochTime', '1767323045'],
])('%s is %s', (key, value) => {
  expect(contextOf(user).get(key.toLowerCase())).toEqual([value]);
});

test('what the client did not send is absent', () => {
  const facts = { sourceIp: '127.0.0.1', secureTransport: true };
  const context = contextOf(user, { facts });
  expect(context.get('aws:useragent')).toBeUndefined();
  expect(context.get('aws:referer')).toBeUndefined();
  expect(context.get('aws:securetransport')).toEqual(['true']);
});

test('tags that a request brings', () => {
  expect(requestTagEntries([])).toEqual([]);
  expect(
    requestTagEntries([
      { key: 'Team', value: 'Red' },
      { key: 'cost', value: '' },
    ]),
  ).toEqual([
    ['aws:requesttag/team', ['Red']],
    ['aws:requesttag/cost', ['']],
    ['aws:tagkeys', ['Team', 'cost']],
  ]);
});

test('entries of the service stand before the global keys, the earlier before the later', () => {
  const situation = {
    caller: user,
    facts: FACTS,
    region: 'eu-west-1',
    nowMs: NOW_MS,
    resourceAccountId: ACCOUNT,
    authority: testAuthority(),
  };
  const context = requestContext(
    situation,
    [['aws:userid', ['first']]],
    [
      ['aws:userid', ['second']],
      ['s3:prefix', ['a']],
    ],
  );
  expect(context.get('aws:userid')).toEqual(['first']);
  expect(context.get('s3:prefix')).toEqual(['a']);
  expect(context.get('aws:username')).toEqual(['alice']);
});
