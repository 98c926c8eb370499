/**
 * Signatures as S3 checks them. Sources of the words: S3 API Reference, "Error responses" and "Authenticating requests",
 * answers of real S3 recorded by projects that emulate it.
 */
import { isoSeconds } from '../iso-seconds.ts';
import { Refusal } from '../refusal.ts';
import type { Dialect, Mismatch, SignatureForm } from './dialect.ts';
import { ALGORITHM, TERMINATOR } from './scope.ts';
import { formatTimestamp } from './timestamp.ts';

export const s3Dialect: Dialect = {
  pathEncoding: 'once',
  maxSkewSeconds: 15 * 60,
  presigned: { expiresRequired: true, maxValiditySeconds: 604_800 },
  payload: 'declared',
  signsEveryAmzHeader: true,
  refuse: {
    // Block Public Access is on for every new bucket since April 2023, so nobody without a signature gets in.
    noAuthentication: () => new Refusal('AccessDenied', 403, 'Access Denied'),
    bothForms: () =>
      new Refusal(
        'InvalidArgument',
        400,
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
        { ArgumentName: 'Authorization' },
      ),
    otherMechanism: (authorization) =>
      authorization.startsWith('AWS ')
        ? new Refusal(
            'InvalidRequest',
            400,
            `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
          )
        : new Refusal('InvalidArgument', 400, 'Unsupported Authorization Type', { ArgumentName: 'Authorization' }),
    incompleteHeader: () =>
      malformed(
        'header',
        'the authorization header requires three components: Credential, SignedHeaders, and Signature.',
      ),
    incompleteQuery: () =>
      new Refusal(
        'AuthorizationQueryParametersError',
        400,
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      ),
    malformedCredential: (form) =>
      malformed(form, `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/${TERMINATOR}".`),
    noDate: noValidDate,
    malformedDate: (form) =>
      form === 'header'
        ? noValidDate()
        : new Refusal(
            'AuthorizationQueryParametersError',
            400,
            "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
          ),
    expiresNotANumber: () => expiresError('X-Amz-Expires should be a number'),
    expiresNegative: () => expiresError('X-Amz-Expires must be non-negative'),
    expiresTooLong: () =>
      expiresError(
        'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
      ),
    wrongRegion: (form, region, expected) =>
      malformed(form, `the region '${region}' is wrong; expecting '${expected}'`, { Region: expected }),
    wrongService: (form, service, expected) =>
      malformed(form, `incorrect service "${service}". This endpoint belongs to "${expected}".`),
    wrongTerminator: (form, terminator) =>
      malformed(form, `incorrect terminal "${terminator}". This endpoint uses "${TERMINATOR}".`),
    wrongScopeDate: (form, scopeDate, timestamp) =>
      malformed(
        form,
        `Invalid credential date "${scopeDate}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
      ),
    tooOld: tooSkewed,
    tooNew: tooSkewed,
    presignedExpired: (signedAtMs, validitySeconds, nowMs) =>
      new Refusal('AccessDenied', 403, 'Request has expired', {
        'X-Amz-Expires': String(validitySeconds),
        Expires: isoSeconds(signedAtMs + validitySeconds * 1000),
        ServerTime: isoSeconds(nowMs),
      }),
    presignedTooNew: (signedAtMs, nowMs) =>
      new Refusal('AccessDenied', 403, 'Request is not valid yet', {
        'X-Amz-Date': formatTimestamp(signedAtMs),
        ServerTime: isoSeconds(nowMs),
      }),
    unknownKey: (accessKeyId) =>
      new Refusal('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.', {
        AWSAccessKeyId: accessKeyId,
      }),
    invalidToken: () => new Refusal('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'),
    expiredToken: () => new Refusal('ExpiredToken', 400, 'The provided token has expired.'),
    headersNotSigned: (names) =>
      new Refusal('AccessDenied', 403, 'There were headers present in the request which were not signed', {
        HeadersNotSigned: names.join(', '),
      }),
    signatureMismatch: (mismatch) =>
      new Refusal(
        'SignatureDoesNotMatch',
        403,
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        debuggingElements(mismatch),
      ),
  },
};

const MALFORMED = {
  header: { code: 'AuthorizationHeaderMalformed', subject: 'The authorization header is malformed' },
  query: { code: 'AuthorizationQueryParametersError', subject: 'Error parsing the X-Amz-Credential parameter' },
} as const satisfies Record<SignatureForm, unknown>;

function malformed(form: SignatureForm, problem: string, details: Readonly<Record<string, string>> = {}): Refusal {
  const { code, subject } = MALFORMED[form];
  return new Refusal(code, 400, `${subject}; ${problem}`, details);
}

function expiresError(message: string): Refusal {
  return new Refusal('AuthorizationQueryParametersError', 400, message);
}

function noValidDate(): Refusal {
  return new Refusal('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header');
}

function tooSkewed(signedAtMs: number, nowMs: number, skewSeconds: number): Refusal {
  return new Refusal(
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
    {
      RequestTime: formatTimestamp(signedAtMs),
      ServerTime: isoSeconds(nowMs),
      MaxAllowedSkewMilliseconds: String(skewSeconds * 1000),
    },
  );
}

function debuggingElements(mismatch: Mismatch): Readonly<Record<string, string>> {
  const { accessKeyId, signatureProvided, stringToSign, canonicalRequest } = mismatch;
  return {
    AWSAccessKeyId: accessKeyId,
    StringToSign: stringToSign,
    SignatureProvided: signatureProvided,
    StringToSignBytes: hexBytes(stringToSign),
    ...(canonicalRequest === undefined
      ? {}
      : { CanonicalRequest: asUtf8(canonicalRequest), CanonicalRequestBytes: hexBytes(canonicalRequest) }),
  };
}

/** Canonical requests are one character a byte; the client wrote UTF-8. */
function asUtf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function hexBytes(latin1: string): string {
  return Buffer.from(latin1, 'latin1')
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ');
}
