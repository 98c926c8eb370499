/** Requests to sign and tamper with, and the callers who sign them, for tests of enforcement. */
import { expect } from 'vitest';
import { authenticate } from '../../src/enforcement/authenticate.ts';
import type { RoleSession, Session, UserSession } from '../../src/enforcement/session.ts';
import { queryDialect } from '../../src/enforcement/sigv4/query-dialect.ts';
import { s3Dialect } from '../../src/enforcement/sigv4/s3-dialect.ts';
import type { SignedService } from '../../src/enforcement/sigv4/signed-service.ts';
import { type Draft, type Signing, signByHeader } from '../contract/harness/sigv4.ts';
import { received } from './received.ts';
import { ACCOUNT, ALICE, ALICE_KEY, DEPLOY, NOW_MS, type TestAuthority, testAuthority } from './test-authority.ts';

export const STS: SignedService = { name: 'sts', dialect: queryDialect, regions: 'any' };
export const IAM: SignedService = { name: 'iam', dialect: queryDialect, regions: ['us-east-1'] };
export const S3: SignedService = { name: 's3', dialect: s3Dialect, regions: ['us-east-1'] };
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const query: Draft = {
  method: 'POST',
  path: '/',
  query: '',
  headers: [
    ['host', '127.0.0.1:4747'],
    ['content-type', 'application/x-www-form-urlencoded'],
  ],
  body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
};
export const object: Draft = {
  method: 'GET',
  path: '/bucket/a%20key',
  query: 'list-type=2&prefix=a%2Fb',
  headers: [
    ['host', '127.0.0.1:4747'],
    ['x-amz-content-sha256', EMPTY_SHA256],
  ],
  body: Buffer.alloc(0),
};
export const presignable: Draft = { ...object, headers: [['host', '127.0.0.1:4747']] };

export const aliceSession: UserSession = {
  type: 'user-session',
  accountId: ACCOUNT,
  userId: ALICE.userId,
  issuedAtMs: NOW_MS - 60_000,
  expiresAtMs: NOW_MS + 3_600_000,
};
export const deploySession: RoleSession = {
  type: 'role-session',
  accountId: ACCOUNT,
  roleId: DEPLOY.roleId,
  sessionName: 'monday',
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 3_600_000,
  enteredBy: 'long-term',
  sessionPolicies: { managed: [] },
  tags: [],
  transitiveTagKeys: [],
};

export function signing(service: SignedService, changes: Partial<Signing> = {}): Signing {
  return { credentials: ALICE_KEY, service: service.name, region: 'us-east-1', dateMs: NOW_MS, ...changes };
}

export type Case = readonly [
  what: string,
  make: (authority: TestAuthority) => readonly [Draft, SignedService],
  code: string,
  status: number,
  message: string | RegExp,
  details?: object,
];

export function aged(service: SignedService, draft: Draft, seconds: number): readonly [Draft, SignedService] {
  return [signByHeader(draft, signing(service, { dateMs: NOW_MS + seconds * 1000 })), service];
}

export function withSession(session: Session, service: SignedService, draft: Draft, change: (token: string) => string) {
  return (authority: TestAuthority): readonly [Draft, SignedService] => {
    const credentials = authority.sessionTokens.seal(session);
    const sessionToken = change(credentials.sessionToken);
    return [signByHeader(draft, signing(service, { credentials: { ...credentials, sessionToken } })), service];
  };
}

export function withoutToken(service: SignedService, draft: Draft) {
  return (authority: TestAuthority): readonly [Draft, SignedService] => {
    const { accessKeyId, secretAccessKey } = authority.sessionTokens.seal(aliceSession);
    return [signByHeader(draft, signing(service, { credentials: { accessKeyId, secretAccessKey } })), service];
  };
}

export function flipMiddle(token: string): string {
  const at = Math.floor(token.length / 2);
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

export function hashOf({ body }: Draft): string {
  return (
    signByHeader({ ...query, body }, signing(STS))
      .signature.canonicalRequest.split('\n')
      .at(-1) ?? ''
  );
}

export function dropParameter(draft: Draft, name: string): Draft {
  const parts = draft.query.split('&').filter((part) => !part.startsWith(`${name}=`));
  return { ...draft, query: parts.join('&') };
}

/** Runs one case of a table of refusals: code, status, message and details, and that no use of a key was recorded. */
export function expectRefused([, make, code, status, message, details = {}]: Case): void {
  const authority = testAuthority();
  const [draft, service] = make(authority);
  expect(() => authenticate(received(draft), service, authority)).toThrow(
    expect.objectContaining({
      code,
      status,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      details: expect.objectContaining(details),
    }),
  );
  expect(authority.uses).toEqual([]);
}
