import { expect, test } from 'vitest';
import { presign, signByHeader, withHeader } from '../../test/contract/harness/sigv4.ts';
import { received } from '../../test/support/received.ts';
import {
  aged,
  aliceSession,
  type Case,
  dropParameter,
  EMPTY_SHA256,
  expectRefused,
  flipMiddle,
  object,
  presignable,
  S3,
  signing,
  withoutToken,
  withSession,
} from '../../test/support/signed-drafts.ts';
import { ALICE_KEY, NOW_MS, testAuthority } from '../../test/support/test-authority.ts';
import { authenticate } from './authenticate.ts';

const s3Wrong =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
const refusals: readonly Case[] = [
  ['nothing signed, in S3', () => [object, S3], 'AccessDenied', 403, 'Access Denied'],
  [
    'signature version 2, in S3',
    () => [{ ...object, headers: [...object.headers, ['authorization', 'AWS AKIA:sig']] }, S3],
    'InvalidRequest',
    400,
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  ],
  [
    'another mechanism, in S3',
    () => [{ ...object, headers: [...object.headers, ['authorization', 'Basic abc']] }, S3],
    'InvalidArgument',
    400,
    'Unsupported Authorization Type',
  ],
  [
    'no signed headers, in S3',
    () => [
      withHeader(signByHeader(object, signing(S3)), 'authorization', (v) => v.replace(/SignedHeaders=[^,]*, /, '')),
      S3,
    ],
    'AuthorizationHeaderMalformed',
    400,
    'The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.',
  ],
  [
    'a credential of four parts, in S3',
    () => [withHeader(signByHeader(object, signing(S3)), 'authorization', (v) => v.replace('/aws4_request', '')), S3],
    'AuthorizationHeaderMalformed',
    400,
    'The authorization header is malformed; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
  ],
  [
    'no date, in S3',
    () => [withHeader(signByHeader(object, signing(S3)), 'x-amz-date', () => undefined), S3],
    'AccessDenied',
    403,
    'AWS authentication requires a valid Date or x-amz-date header',
  ],
  [
    'an unknown key, in S3',
    () => [
      signByHeader(object, signing(S3, { credentials: { ...ALICE_KEY, accessKeyId: 'AKIANOBODYNOBODYNOB2' } })),
      S3,
    ],
    'InvalidAccessKeyId',
    403,
    'The AWS Access Key Id you provided does not exist in our records.',
    { AWSAccessKeyId: 'AKIANOBODYNOBODYNOB2' },
  ],
  [
    'the secret of another, in S3',
    () => [signByHeader(object, signing(S3, { credentials: { ...ALICE_KEY, secretAccessKey: 'x'.repeat(40) } })), S3],
    'SignatureDoesNotMatch',
    403,
    s3Wrong,
    {
      AWSAccessKeyId: ALICE_KEY.accessKeyId,
      CanonicalRequest: `GET\n/bucket/a%20key\nlist-type=2&prefix=a%2Fb\nhost:127.0.0.1:4747\nx-amz-content-sha256:${EMPTY_SHA256}\nx-amz-date:20260102T030405Z\n\nhost;x-amz-content-sha256;x-amz-date\n${EMPTY_SHA256}`,
      StringToSign: expect.stringMatching(
        /^AWS4-HMAC-SHA256\n20260102T030405Z\n20260102\/us-east-1\/s3\/aws4_request\n[0-9a-f]{64}$/,
      ),
      StringToSignBytes: expect.stringMatching(/^41 57 53 34 2d( [0-9a-f]{2})+$/),
      CanonicalRequestBytes: expect.stringMatching(/^47 45 54 0a 2f( [0-9a-f]{2})+$/),
      SignatureProvided: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ],
  [
    'an x-amz header that is not signed',
    () => [
      {
        ...signByHeader(object, signing(S3)),
        headers: [...signByHeader(object, signing(S3)).headers, ['x-amz-acl', 'public-read']],
      },
      S3,
    ],
    'AccessDenied',
    403,
    'There were headers present in the request which were not signed',
    { HeadersNotSigned: 'x-amz-acl' },
  ],
  [
    'host not signed, in S3',
    () => [signByHeader(object, signing(S3, { signedHeaders: ['x-amz-content-sha256', 'x-amz-date'] })), S3],
    'AccessDenied',
    403,
    'There were headers present in the request which were not signed',
    { HeadersNotSigned: 'host' },
  ],
  [
    'no x-amz-content-sha256',
    () => [signByHeader(presignable, signing(S3)), S3],
    'InvalidRequest',
    400,
    'Missing required header for this request: x-amz-content-sha256',
  ],
  [
    'x-amz-content-sha256 of no known form',
    () => [
      signByHeader({ ...object, headers: [...presignable.headers, ['x-amz-content-sha256', 'abc']] }, signing(S3)),
      S3,
    ],
    'InvalidArgument',
    400,
    /^x-amz-content-sha256 must be UNSIGNED-PAYLOAD, .*, or a valid sha256 value\.$/,
  ],
  [
    'a body of another hash',
    () => [
      signByHeader({ ...object, method: 'PUT', body: Buffer.from('x') }, signing(S3, { payloadHash: EMPTY_SHA256 })),
      S3,
    ],
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    {
      ClientComputedContentSHA256: EMPTY_SHA256,
      S3ComputedContentSHA256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
    },
  ],
  [
    'another region, in S3',
    () => [signByHeader(object, signing(S3, { region: 'eu-west-1' })), S3],
    'AuthorizationHeaderMalformed',
    400,
    "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
    { Region: 'us-east-1' },
  ],
  [
    'another service, in S3',
    () => [signByHeader(object, signing(S3, { scope: { service: 'ec2' } })), S3],
    'AuthorizationHeaderMalformed',
    400,
    'The authorization header is malformed; incorrect service "ec2". This endpoint belongs to "s3".',
  ],
  [
    'another terminator, in S3',
    () => [signByHeader(object, signing(S3, { scope: { terminator: 'aws5_request' } })), S3],
    'AuthorizationHeaderMalformed',
    400,
    'The authorization header is malformed; incorrect terminal "aws5_request". This endpoint uses "aws4_request".',
  ],
  [
    "another day's scope, in S3",
    () => [signByHeader(object, signing(S3, { scope: { day: '20260101' } })), S3],
    'AuthorizationHeaderMalformed',
    400,
    'The authorization header is malformed; Invalid credential date "20260101". This date is not the same as X-Amz-Date: "20260102".',
  ],
  [
    'fifteen minutes and a second old, in S3',
    () => aged(S3, object, -901),
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
    { RequestTime: '20260102T024904Z', ServerTime: '2026-01-02T03:04:05Z', MaxAllowedSkewMilliseconds: '900000' },
  ],
  [
    'fifteen minutes and a second ahead, in S3',
    () => aged(S3, object, 901),
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
  ],
  [
    'presigned, past its time',
    () => [presign(presignable, signing(S3, { dateMs: NOW_MS - 61_000 }), 60), S3],
    'AccessDenied',
    403,
    'Request has expired',
    { 'X-Amz-Expires': '60', Expires: '2026-01-02T03:04:04Z', ServerTime: '2026-01-02T03:04:05Z' },
  ],
  [
    'presigned for later',
    () => [presign(presignable, signing(S3, { dateMs: NOW_MS + 901_000 }), 60), S3],
    'AccessDenied',
    403,
    'Request is not valid yet',
  ],
  [
    'presigned without an expiry',
    () => [dropParameter(presign(presignable, signing(S3), 60), 'X-Amz-Expires'), S3],
    'AuthorizationQueryParametersError',
    400,
    'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
  ],
  [
    'presigned for more than a week',
    () => [presign(presignable, signing(S3), 604_801), S3],
    'AuthorizationQueryParametersError',
    400,
    'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
  ],
  [
    'presigned for a negative time',
    () => [presign(presignable, signing(S3), -1), S3],
    'AuthorizationQueryParametersError',
    400,
    'X-Amz-Expires must be non-negative',
  ],
  [
    'presigned for no number',
    () => [presign(presignable, signing(S3), Number.NaN), S3],
    'AuthorizationQueryParametersError',
    400,
    'X-Amz-Expires should be a number',
  ],
  [
    'presigned, another key asked for',
    () => [{ ...presign(presignable, signing(S3), 60), path: '/bucket/another' }, S3],
    'SignatureDoesNotMatch',
    403,
    s3Wrong,
  ],
  [
    'presigned with a date said twice',
    () => {
      const draft = presign(presignable, signing(S3), 60);
      return [{ ...draft, query: `${draft.query}&X-Amz-Date=20260102T030405Z` }, S3];
    },
    'AuthorizationQueryParametersError',
    400,
    /^Query-string authentication version 4 requires/,
  ],
  [
    'header and query both, in S3',
    () => [signByHeader({ ...object, query: presign(presignable, signing(S3), 60).query }, signing(S3)), S3],
    'InvalidArgument',
    400,
    /^Only one auth mechanism allowed/,
  ],
  ['a temporary key without its token, in S3', withoutToken(S3, object), 'InvalidAccessKeyId', 403, /does not exist/],
  [
    'an altered token, in S3',
    withSession(aliceSession, S3, object, flipMiddle),
    'InvalidToken',
    400,
    'The provided token is malformed or otherwise invalid.',
  ],
  [
    'an expired token, in S3',
    withSession({ ...aliceSession, expiresAtMs: NOW_MS - 1 }, S3, object, (t) => t),
    'ExpiredToken',
    400,
    'The provided token has expired.',
  ],
];

test.each(refusals.map((refusal) => [refusal[0], refusal] as const))('refuses %s', (_what, refusal) => {
  expectRefused(refusal);
});

test('a refusal of a wrong signature shows no secret', () => {
  const authority = testAuthority();
  const draft = signByHeader(object, signing(S3));
  let shown = '';
  try {
    authenticate(received({ ...draft, path: '/another' }), S3, authority);
  } catch (error) {
    shown = JSON.stringify(error) + String(error);
  }
  expect(shown).toContain('SignatureDoesNotMatch');
  expect(shown).not.toContain(ALICE_KEY.secretAccessKey);
});
