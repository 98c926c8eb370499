import { describe, expect, it } from 'vitest';
import { readProcessDocument } from './read-process-document.ts';

const NOW = Date.UTC(2026, 0, 2);
const key = { Version: 1, AccessKeyId: 'AKIAEXAMPLE', SecretAccessKey: 'not-a-secret' };
const read = (document: unknown) => readProcessDocument(JSON.stringify(document), 'corp', NOW);

describe('readProcessDocument', () => {
  it('reads a session', () => {
    const more = { SessionToken: 'token', Expiration: '2026-01-02T01:00:00+00:00', AccountId: '123456789012' };
    expect(read({ ...key, ...more })).toEqual({
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: 'not-a-secret',
      sessionToken: 'token',
      expiresAtMs: NOW + 3_600_000,
      accountId: '123456789012',
    });
  });

  it.each([
    ['takes what is empty or null for absent', { SessionToken: '', Expiration: null, AccountId: '' }],
    ['leaves out an AccountId that is no text', { AccountId: 123456789012 }],
  ])('%s', (_, more) => {
    expect(read({ ...key, ...more })).toEqual({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'not-a-secret' });
  });

  it.each([
    [undefined, 'no JSON'],
    [null, 'the Version that its credential_process gave is not 1'],
    [{ ...key, Version: '1' }, 'the Version that its credential_process gave is not 1'],
    [{ ...key, AccessKeyId: undefined }, 'the AccessKeyId that its credential_process gave is missing'],
    [{ ...key, AccessKeyId: 5 }, 'the AccessKeyId that its credential_process gave is no text'],
    [{ ...key, SecretAccessKey: '' }, 'the SecretAccessKey that its credential_process gave is empty'],
    [{ ...key, SecretAccessKey: 'a\u0000b' }, 'the SecretAccessKey that its credential_process gave holds a control'],
    [{ ...key, SessionToken: 'a\nb' }, 'the SessionToken that its credential_process gave holds a control character'],
    [{ ...key, SessionToken: {} }, 'the SessionToken that its credential_process gave is no text'],
    [{ ...key, Expiration: 'x' }, 'the Expiration that its credential_process gave is no date'],
    [{ ...key, Expiration: 1 }, 'the Expiration that its credential_process gave is no text'],
    [{ ...key, Expiration: '2026-01-01T23:59:59Z' }, 'the credentials that its credential_process gave have expired'],
  ])('refuses %j', (document, detail) => {
    expect(() => read(document)).toThrow(
      expect.objectContaining({
        code: 'base-without-credentials',
        fields: { base: 'corp', detail: expect.stringContaining(detail) },
      }),
    );
  });
});
