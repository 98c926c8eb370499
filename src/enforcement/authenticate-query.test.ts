import { test } from 'vitest';
import { presign, signByHeader, withHeader } from '../../test/contract/harness/sigv4.ts';
import {
  aged,
  aliceSession,
  type Case,
  deploySession,
  expectRefused,
  flipMiddle,
  hashOf,
  IAM,
  query,
  STS,
  signing,
  withoutToken,
  withSession,
} from '../../test/support/signed-drafts.ts';
import { ALICE, ALICE_KEY, DEPLOY, NOW_MS, testAuthority } from '../../test/support/test-authority.ts';

const stsSignature = 'SignatureDoesNotMatch';
const stsWrong =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const stsToken = 'The security token included in the request is invalid.';
const refusals: readonly Case[] = [
  ['nothing signed', () => [query, STS], 'MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
  [
    'another mechanism',
    () => [{ ...query, headers: [...query.headers, ['authorization', 'Bearer abc']] }, STS],
    'IncompleteSignature',
    400,
    /^Authorization header requires 'Credential' parameter\. Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\./,
  ],
  [
    'no signature in the header',
    () => [withHeader(signByHeader(query, signing(STS)), 'authorization', (v) => v.replace(/, Signature=.*/, '')), STS],
    'IncompleteSignature',
    400,
    /^Authorization header requires 'Signature' parameter\. /,
  ],
  [
    'a signature given twice',
    () => [
      withHeader(signByHeader(query, signing(STS)), 'authorization', (v) => `${v}, Signature=${'0'.repeat(64)}`),
      STS,
    ],
    'IncompleteSignature',
    400,
    /^Authorization header requires 'Signature' parameter\. /,
  ],
  [
    'a credential of four parts',
    () => [withHeader(signByHeader(query, signing(STS)), 'authorization', (v) => v.replace('/aws4_request', '')), STS],
    'IncompleteSignature',
    400,
    /^Credential must have exactly 5 slash-delimited elements/,
  ],
  [
    'no date',
    () => [withHeader(signByHeader(query, signing(STS)), 'x-amz-date', () => undefined), STS],
    'IncompleteSignature',
    400,
    /^Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header\./,
  ],
  [
    'a date that is none',
    () => [withHeader(signByHeader(query, signing(STS)), 'x-amz-date', () => '20260231T000000Z'), STS],
    'IncompleteSignature',
    400,
    "Date must be in ISO-8601 'basic format'. Got '20260231T000000Z'. See http://en.wikipedia.org/wiki/ISO_8601",
  ],
  [
    'header and query both',
    () => [signByHeader(presign(query, signing(STS), 60), signing(STS)), STS],
    'IncompleteSignature',
    400,
    /not in both/,
  ],
  [
    'an unknown key',
    () => [
      signByHeader(query, signing(STS, { credentials: { ...ALICE_KEY, accessKeyId: 'AKIANOBODYNOBODYNOB2' } })),
      STS,
    ],
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    'an inactive key',
    (authority) => {
      authority.keys.set(ALICE_KEY.accessKeyId, { ...ALICE_KEY, active: false });
      return [signByHeader(query, signing(STS)), STS];
    },
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    'a long-term key with a token',
    () => [signByHeader(query, signing(STS, { credentials: { ...ALICE_KEY, sessionToken: 'abc' } })), STS],
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    'the secret of another',
    () => [signByHeader(query, signing(STS, { credentials: { ...ALICE_KEY, secretAccessKey: 'x'.repeat(40) } })), STS],
    stsSignature,
    403,
    stsWrong,
  ],
  [
    'another body',
    () => [
      { ...signByHeader(query, signing(STS)), body: Buffer.from('Action=GetSessionToken&Version=2011-06-15') },
      STS,
    ],
    stsSignature,
    403,
    stsWrong,
  ],
  [
    'UNSIGNED-PAYLOAD where there is no such thing',
    () => [signByHeader(query, signing(STS, { payloadHash: 'UNSIGNED-PAYLOAD' })), STS],
    stsSignature,
    403,
    stsWrong,
  ],
  [
    'host not signed',
    () => [signByHeader(query, signing(STS, { signedHeaders: ['content-type', 'x-amz-date'] })), STS],
    stsSignature,
    403,
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    'the token not signed',
    (authority) => {
      const credentials = authority.sessionTokens.seal(aliceSession);
      return [signByHeader(query, signing(STS, { credentials, signedHeaders: ['host', 'x-amz-date'] })), STS];
    },
    stsSignature,
    403,
    "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    'a signed header taken away',
    () => [withHeader(signByHeader(query, signing(STS)), 'content-type', () => undefined), STS],
    stsSignature,
    403,
    stsWrong,
  ],
  [
    'a region that is none',
    () => [signByHeader(query, signing(STS, { region: 'nowhere' })), STS],
    stsSignature,
    403,
    'Credential should be scoped to a valid Region, not nowhere',
  ],
  [
    'a region that IAM is not in',
    () => [signByHeader(query, signing(IAM, { region: 'eu-west-1' })), IAM],
    stsSignature,
    403,
    'Credential should be scoped to a valid Region, not eu-west-1',
  ],
  [
    'another service',
    () => [signByHeader(query, signing(IAM)), STS],
    stsSignature,
    403,
    "Credential should be scoped to correct service: 'sts'",
  ],
  [
    'another terminator',
    () => [signByHeader(query, signing(STS, { scope: { terminator: 'aws5_request' } })), STS],
    stsSignature,
    403,
    "Credential should be scoped with a valid terminator: 'aws4_request'",
  ],
  [
    "another day's scope",
    () => [signByHeader(query, signing(STS, { scope: { day: '20260101' } })), STS],
    stsSignature,
    403,
    'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
  ],
  [
    'five minutes and a second old',
    () => aged(STS, query, -301),
    stsSignature,
    403,
    'Signature expired: 20260102T025904Z is now earlier than 20260102T025905Z (20260102T030405Z - 5 min.)',
  ],
  [
    'five minutes and a second ahead',
    () => aged(STS, query, 301),
    stsSignature,
    403,
    'Signature not yet current: 20260102T030906Z is still later than 20260102T030905Z (20260102T030405Z + 5 min.)',
  ],
  [
    'presigned, past its minute',
    () => [presign(query, signing(STS, { dateMs: NOW_MS - 61_000, payloadHash: hashOf(query) }), 60), STS],
    stsSignature,
    403,
    /^Signature expired: 20260102T030304Z is now earlier than 20260102T030305Z/,
  ],
  [
    'presigned for hours, past fifteen minutes',
    () => [presign(query, signing(STS, { dateMs: NOW_MS - 901_000, payloadHash: hashOf(query) }), 36_000), STS],
    stsSignature,
    403,
    /^Signature expired: .* - 15 min\.\)$/,
  ],
  [
    'presigned without a credential',
    () => [{ ...query, query: `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${'0'.repeat(64)}` }, STS],
    'IncompleteSignature',
    400,
    /^AWS query-string parameters must include 'X-Amz-Algorithm'/,
  ],
  ['a temporary key without its token', withoutToken(STS, query), 'InvalidClientTokenId', 403, stsToken],
  ['an altered token', withSession(aliceSession, STS, query, flipMiddle), 'InvalidClientTokenId', 403, stsToken],
  [
    'a token with something after it',
    withSession(aliceSession, STS, query, (t) => `${t} `),
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    'a token cut short',
    withSession(aliceSession, STS, query, (t) => t.slice(0, 20)),
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    'no token at all behind an ASIA key',
    withSession(aliceSession, STS, query, () => ''),
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    "another session's token",
    (authority) => {
      const { sessionToken } = authority.sessionTokens.seal(deploySession);
      return withSession(aliceSession, STS, query, () => sessionToken)(authority);
    },
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    "another sandbox's credentials",
    () => [signByHeader(query, signing(STS, { credentials: testAuthority().sessionTokens.seal(aliceSession) })), STS],
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    'an expired token',
    withSession({ ...aliceSession, expiresAtMs: NOW_MS }, STS, query, (t) => t),
    'ExpiredToken',
    403,
    'The security token included in the request is expired',
  ],
  [
    'a session of a user who is gone',
    (authority) => {
      authority.owners.delete(ALICE.userId);
      return withSession(aliceSession, STS, query, (t) => t)(authority);
    },
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
  [
    'a session of a role that is gone',
    (authority) => {
      authority.roles.delete(DEPLOY.roleId);
      return withSession(deploySession, STS, query, (t) => t)(authority);
    },
    'InvalidClientTokenId',
    403,
    stsToken,
  ],
];

test.each(refusals.map((refusal) => [refusal[0], refusal] as const))('refuses %s', (_what, refusal) => {
  expectRefused(refusal);
});
