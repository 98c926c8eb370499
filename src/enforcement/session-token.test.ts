import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOW_MS } from '../../test/support/test-authority.ts';
import type { Session } from './session.ts';
import { createSessionTokens } from './session-token.ts';

const random = { bytes: randomBytes };
const tokens = createSessionTokens(Buffer.alloc(32, 7), random);

const times = { issuedAtMs: fc.nat(4e12), expiresAtMs: fc.nat(4e12) };
const tags = fc.array(fc.record({ key: fc.string({ minLength: 1 }), value: fc.string() }), { maxLength: 5 });
const sessionPolicies = fc.record(
  { inline: fc.string({ unit: 'binary' }), managed: fc.array(fc.string()) },
  { requiredKeys: ['managed'] },
);
const user = fc.record(
  {
    type: fc.constant('user-session' as const),
    accountId: fc.string(),
    userId: fc.string(),
    ...times,
    authenticatedAtMs: fc.nat(4e12),
  },
  { requiredKeys: ['type', 'accountId', 'userId', 'issuedAtMs', 'expiresAtMs'] },
);
const role = fc.record(
  {
    type: fc.constant('role-session' as const),
    accountId: fc.string(),
    roleId: fc.string(),
    sessionName: fc.string(),
    ...times,
    enteredBy: fc.constantFrom('long-term' as const, 'code' as const, 'user-session' as const, 'role-session' as const),
    authenticatedAtMs: fc.nat(4e12),
    sessionPolicies,
    tags,
    transitiveTagKeys: fc.array(fc.string()),
    sourceIdentity: fc.string(),
  },
  {
    requiredKeys: [
      'type',
      'accountId',
      'roleId',
      'sessionName',
      'issuedAtMs',
      'expiresAtMs',
      'enteredBy',
      'sessionPolicies',
      'tags',
      'transitiveTagKeys',
    ],
  },
);
const federated = fc.record({
  type: fc.constant('federated' as const),
  accountId: fc.string(),
  userId: fc.string(),
  name: fc.string(),
  ...times,
  sessionPolicies,
  tags,
});

test('opens to exactly the session that was sealed', () => {
  fc.assert(
    fc.property(fc.oneof(user, role, federated), (session: Session) => {
      const { accessKeyId, secretAccessKey, sessionToken } = tokens.seal(session);
      expect(tokens.open(sessionToken, accessKeyId)).toEqual({ secretAccessKey, session });
    }),
  );
});

const session: Session = {
  type: 'user-session',
  accountId: '111122223333',
  userId: 'AIDAALICEALICEALICE22',
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 1000,
};

test("has the forms of AWS's credentials", () => {
  const { accessKeyId, secretAccessKey, sessionToken } = tokens.seal(session);
  expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(sessionToken).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  expect(sessionToken.length).toBeLessThan(280);
});

test('no two credentials are alike', () => {
  const made = Array.from({ length: 500 }, () => tokens.seal(session));
  for (const part of ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const) {
    expect(new Set(made.map((credentials) => credentials[part])).size).toBe(500);
  }
});

test('survives a restart with the same key, and means nothing with another', () => {
  const { accessKeyId, secretAccessKey, sessionToken } = tokens.seal(session);
  const again = createSessionTokens(Buffer.alloc(32, 7), random);
  expect(again.open(sessionToken, accessKeyId)).toEqual({ secretAccessKey, session });
  const other = createSessionTokens(Buffer.alloc(32, 8), random);
  expect(other.open(sessionToken, accessKeyId)).toBeUndefined();
});

test('fits into a header whatever tags STS let through', () => {
  const key = (n: number) => `${'日'.repeat(126)}${n + 10}`;
  const many: Session = {
    ...{ type: 'role-session', accountId: '111122223333', roleId: 'AROAROLEROLEROLEROLE2', sessionName: 'monday' },
    ...{ issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 1000, enteredBy: 'code' },
    sessionPolicies: { inline: undefined, managed: [] },
    tags: Array.from({ length: 50 }, (_, n) => ({ key: key(n), value: '本'.repeat(256) })),
    transitiveTagKeys: Array.from({ length: 50 }, (_, n) => key(n)),
  };
  const { accessKeyId, secretAccessKey, sessionToken } = tokens.seal(many);
  expect(sessionToken.length).toBeLessThan(8192);
  expect(tokens.open(sessionToken, accessKeyId)).toEqual({ secretAccessKey, session: many });
  const other = tokens.seal(many);
  expect(tokens.open(sessionToken, other.accessKeyId)).toBeUndefined();
});

test('is bound to its access key id', () => {
  const [a, b] = [tokens.seal(session), tokens.seal(session)];
  expect(tokens.open(a.sessionToken, b.accessKeyId)).toBeUndefined();
  for (const part of ['', 'ASIA', a.accessKeyId.slice(0, -1), a.accessKeyId + a.secretAccessKey.slice(0, 1)]) {
    expect(tokens.open(a.sessionToken, part)).toBeUndefined();
  }
});

test('opens for no other text than the one that was made', () => {
  const { accessKeyId, sessionToken } = tokens.seal(session);
  fc.assert(
    fc.property(fc.nat(sessionToken.length - 1), fc.constantFrom(...'ABab01+/=-_ \n\u00e9'), (at, character) => {
      const replaced = sessionToken.slice(0, at) + character + sessionToken.slice(at + 1);
      const inserted = sessionToken.slice(0, at) + character + sessionToken.slice(at);
      const cut = sessionToken.slice(0, at);
      for (const text of [replaced, inserted, cut]) {
        if (text !== sessionToken) expect(tokens.open(text, accessKeyId)).toBeUndefined();
      }
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(tokens.open(text, accessKeyId)).toBeUndefined();
    }),
  );
  expect(tokens.open('A'.repeat(1_000_000), accessKeyId)).toBeUndefined();
});

test('opens what an earlier version made, as it is written down here', () => {
  const derived = (use: string) =>
    Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 7), '', `stepup sandbox: session tokens 5: ${use}`, 32));
  const accessKeyId = 'ASIAABCDEFGHIJKLMNOP';
  const secretAccessKey = 'x'.repeat(40);
  const fields = [0, session.accountId, 'AIDAALICEALICEALICE22', session.issuedAtMs, session.expiresAtMs];
  const text = `P${accessKeyId}${secretAccessKey}${JSON.stringify(fields)}`;
  const counter = randomBytes(16);
  const sealed = Buffer.concat([counter, createCipheriv('aes-256-ctr', derived('encryption'), counter).update(text)]);
  const tag = createHmac('sha256', derived('authentication')).update(sealed).digest().subarray(0, 16);
  const sessionToken = Buffer.concat([sealed, tag]).toString('base64');
  expect(tokens.open(sessionToken, accessKeyId)).toEqual({ secretAccessKey, session });
});
