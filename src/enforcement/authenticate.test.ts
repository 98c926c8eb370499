import { expect, test } from 'vitest';
import { type Draft, presign, signByHeader, withHeader } from '../../test/contract/harness/sigv4.ts';
import { received } from '../../test/support/received.ts';
import {
  aged,
  aliceSession,
  hashOf,
  object,
  presignable,
  query,
  S3,
  STS,
  signing,
  withSession,
} from '../../test/support/signed-drafts.ts';
import { ACCOUNT, ALICE, ALICE_KEY, NOW_MS, testAuthority } from '../../test/support/test-authority.ts';
import { type Authenticated, authenticate } from './authenticate.ts';
import type { SignedService } from './sigv4/signed-service.ts';

function accept(draft: Draft, service: SignedService, authority = testAuthority()): Authenticated {
  return authenticate(received(draft), service, authority);
}

test('tells the long-term key of a user, and records its use', () => {
  const authority = testAuthority();
  const { caller, region } = accept(signByHeader(query, signing(STS, { region: 'eu-west-1' })), STS, authority);
  expect(caller).toEqual({ type: 'long-term', accessKeyId: ALICE_KEY.accessKeyId, owner: ALICE });
  expect(region).toBe('eu-west-1');
  expect(authority.uses).toEqual([[ALICE_KEY.accessKeyId, 'sts', 'eu-west-1']]);
});

test('tells a session and whose it is now', () => {
  const authority = testAuthority();
  authority.owners.set(ALICE.userId, { ...ALICE, userName: 'alice2', arn: `arn:aws:iam::${ACCOUNT}:user/alice2` });
  const [draft] = withSession({ ...aliceSession, authenticatedAtMs: NOW_MS - 5000 }, STS, query, (t) => t)(authority);
  const { caller } = accept(draft, STS, authority);
  expect(caller).toMatchObject({
    type: 'user-session',
    authenticatedAtMs: NOW_MS - 5000,
    owner: { userName: 'alice2' },
  });
  expect(authority.uses).toEqual([]);
});

test.each([-300, -1, 0, 1, 300])('takes a date %i seconds off', (seconds) => {
  const [draft, service] = aged(STS, query, seconds);
  expect(accept(draft, service).caller.type).toBe('long-term');
});

test.each([-900, 900])('takes a date %i seconds off in S3', (seconds) => {
  const [draft, service] = aged(S3, object, seconds);
  expect(accept(draft, service).caller.type).toBe('long-term');
});

test('takes signatures of either clock: dates by the machine, expiry by the authority', () => {
  const authority = testAuthority();
  authority.time.authorityMs += 365 * 86_400_000;
  expect(accept(signByHeader(query, signing(STS)), STS, authority).caller.type).toBe('long-term');
  const [draft] = withSession(aliceSession, STS, query, (t) => t)(authority);
  expect(() => accept(draft, STS, authority)).toThrow(expect.objectContaining({ code: 'ExpiredToken' }));
});

test('takes a Date header in place of x-amz-date', () => {
  const signed = signByHeader(query, signing(STS, { signedHeaders: ['host'] }));
  const dated = withHeader(signed, 'x-amz-date', () => undefined);
  for (const date of ['20260102T030405Z', 'Fri, 02 Jan 2026 03:04:05 GMT']) {
    expect(accept({ ...dated, headers: [...dated.headers, ['date', date]] }, STS).caller.type).toBe('long-term');
  }
});

test('takes a presigned request, with a session too', () => {
  const authority = testAuthority();
  expect(accept(presign(presignable, signing(S3, { dateMs: NOW_MS - 3_600_000 }), 604_800), S3).caller.type).toBe(
    'long-term',
  );
  const credentials = authority.sessionTokens.seal(aliceSession);
  expect(accept(presign(presignable, signing(S3, { credentials }), 60), S3, authority).caller.type).toBe(
    'user-session',
  );
  const identity = presign(query, signing(STS, { credentials, payloadHash: hashOf(query) }), 60);
  expect(accept(identity, STS, authority).caller.type).toBe('user-session');
});

test('takes names and values of any bytes', () => {
  const draft: Draft = {
    ...object,
    path: "/bucket/%C3%A4%2B%20!'()*~",
    query: 'a=%00%25&b&c=&a=%20',
    headers: [...object.headers, ['x-amz-meta-name', 'Zoë  and   co'], ['x-amz-meta-name', 'two']],
  };
  const canonicalPath = '/bucket/%C3%A4%2B%20%21%27%28%29%2A~';
  const signature = signByHeader({ ...draft, path: canonicalPath }, signing(S3));
  expect(accept({ ...signature, path: draft.path }, S3).caller.type).toBe('long-term');
});
