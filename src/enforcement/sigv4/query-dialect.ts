/**
 * Signatures as the services of the Query protocol (STS, IAM) check them. Sources of the words: AWS General Reference,
 * "Troubleshooting signature errors", and answers of real AWS that users of SDKs reported.
 */
import { createHash } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import type { Dialect } from './dialect.ts';
import { TERMINATOR } from './scope.ts';
import { formatTimestamp } from './timestamp.ts';

export const queryDialect: Dialect = {
  pathEncoding: 'normalised-twice',
  maxSkewSeconds: 5 * 60,
  // doubt: how long STS honours a presigned request isn't in its reference; Amazon EKS's documentation of its tokens,
  // which are such requests, says 15 minutes, whatever X-Amz-Expires asks for.
  presigned: { expiresRequired: false, maxValiditySeconds: 15 * 60 },
  payload: 'hashed',
  signsEveryAmzHeader: false,
  refuse: {
    noAuthentication: () => new Refusal('MissingAuthenticationToken', 403, 'Request is missing Authentication Token'),
    bothForms: () => incomplete('A request is signed in the Authorization header or in the query string, not in both.'),
    otherMechanism: (authorization) => incompleteHeader(['Credential', 'Signature', 'SignedHeaders'], authorization),
    incompleteHeader,
    incompleteQuery: () =>
      incomplete(
        "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders' and 'X-Amz-Date'. Re-examine the query-string parameters.",
      ),
    malformedCredential: (_form, credential) =>
      incomplete(
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      ),
    noDate: (authorization) =>
      incomplete(
        `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ${hashed(authorization)}`,
      ),
    malformedDate: (_form, date) =>
      incomplete(`Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`),
    expiresNotANumber: () => incomplete("'X-Amz-Expires' must be a number of seconds."),
    expiresNegative: () => incomplete("'X-Amz-Expires' must not be negative."),
    expiresTooLong: () => incomplete("'X-Amz-Expires' must not exceed 604800 seconds."),
    wrongRegion: (_form, region) => mismatch(`Credential should be scoped to a valid Region, not ${region}`),
    wrongService: (_form, _service, expected) =>
      mismatch(`Credential should be scoped to correct service: '${expected}'`),
    wrongTerminator: () => mismatch(`Credential should be scoped with a valid terminator: '${TERMINATOR}'`),
    wrongScopeDate: () =>
      mismatch('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP'),
    tooOld: (signedAtMs, nowMs, skewSeconds) => expired(signedAtMs, nowMs, skewSeconds),
    tooNew: notYetCurrent,
    presignedExpired: (signedAtMs, validitySeconds, nowMs) => expired(signedAtMs, nowMs, validitySeconds),
    presignedTooNew: notYetCurrent,
    unknownKey: invalidClientTokenId,
    invalidToken: invalidClientTokenId,
    expiredToken: () => new Refusal('ExpiredToken', 403, 'The security token included in the request is expired'),
    headersNotSigned: (names) =>
      mismatch(
        names.includes('host')
          ? "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
          : `'${names[0]}' must be a 'SignedHeader' in the AWS Authorization.`,
      ),
    signatureMismatch: () =>
      mismatch(
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      ),
  },
};

function incomplete(message: string): Refusal {
  return new Refusal('IncompleteSignature', 400, message);
}

function incompleteHeader(missing: readonly string[], authorization: string): Refusal {
  const sentences = missing.map((part) => `Authorization header requires '${part}' parameter.`);
  return incomplete(`${sentences.join(' ')} ${hashed(authorization)}`);
}

/** A header that couldn't be read may hold anything: AWS says which it was by its hash. */
function hashed(authorization: string): string {
  const digest = createHash('sha256').update(authorization, 'latin1').digest('base64');
  return `(Hashed with SHA-256 and encoded with Base64) Authorization=${digest}`;
}

function mismatch(message: string): Refusal {
  return new Refusal('SignatureDoesNotMatch', 403, message);
}

function expired(signedAtMs: number, nowMs: number, toleranceSeconds: number): Refusal {
  const limit = formatTimestamp(nowMs - toleranceSeconds * 1000);
  return mismatch(
    `Signature expired: ${formatTimestamp(signedAtMs)} is now earlier than ${limit} (${formatTimestamp(nowMs)} - ${toleranceSeconds / 60} min.)`,
  );
}

function notYetCurrent(signedAtMs: number, nowMs: number, toleranceSeconds: number): Refusal {
  const limit = formatTimestamp(nowMs + toleranceSeconds * 1000);
  return mismatch(
    `Signature not yet current: ${formatTimestamp(signedAtMs)} is still later than ${limit} (${formatTimestamp(nowMs)} + ${toleranceSeconds / 60} min.)`,
  );
}

function invalidClientTokenId(): Refusal {
  return new Refusal('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
}
