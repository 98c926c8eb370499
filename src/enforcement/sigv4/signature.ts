/** The signature itself: which headers it must cover, and whether it is the one that the secret gives. */
import { hash, timingSafeEqual } from 'node:crypto';
import { headersByName, type SignedRequest } from '../signed-request.ts';
import { canonicalRequest } from './canonical-request.ts';
import type { SignatureClaim } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { ALGORITHM } from './scope.ts';
import { signingKey } from './signing-key.ts';

/**
 * `host` is always signed, the token of temporary credentials where it is a header, and with S3 every `x-amz-` header
 * that is there (IAM User Guide, "Create a signed AWS API request"). Throws Refusal.
 */
export function checkSignedHeaders(request: SignedRequest, claim: SignatureClaim, dialect: Dialect): void {
  const signed = claim.signedHeaderNames;
  if (!signed.includes('host')) throw dialect.refuse.headersNotSigned(['host']);
  const demanded = dialect.signsEveryAmzHeader
    ? [...headersByName(request).keys()].filter((name) => name.startsWith('x-amz-'))
    : claim.form === 'header' && claim.securityToken !== undefined
      ? ['x-amz-security-token']
      : [];
  const unsigned = demanded.filter((name) => !signed.includes(name));
  if (unsigned.length > 0) throw dialect.refuse.headersNotSigned(unsigned);
}

/** Throws Refusal unless the signature is the secret's, over this request and this payload hash. */
export function checkSignature(
  request: SignedRequest,
  claim: SignatureClaim,
  payloadHash: string,
  secretAccessKey: string,
  dialect: Dialect,
): void {
  const canonical = canonicalRequest(request, claim, payloadHash, dialect.pathEncoding);
  const stringToSign = `${ALGORITHM}\n${claim.timestamp}\n${claim.scope.text}\n${sha256Latin1(canonical ?? '')}`;
  const expected = signingKey(secretAccessKey, claim.scope).sign(stringToSign);
  const matches = signatureEquals(expected, claim.signature);
  // A signed header that isn't there has no canonical form: whatever the signature, it isn't one over this request.
  if (canonical !== undefined && matches) return;
  throw dialect.refuse.signatureMismatch({
    accessKeyId: claim.scope.accessKeyId,
    signatureProvided: claim.signature,
    stringToSign,
    canonicalRequest: canonical,
  });
}

const SIGNATURE_CHARACTERS = 64;
/** UTF-16, where every character has its two bytes: none of the client's can pass for another, or leave a gap. */
const expectedBytes = Buffer.alloc(2 * SIGNATURE_CHARACTERS);
const givenBytes = Buffer.alloc(2 * SIGNATURE_CHARACTERS);

/** In constant time. `expected`: 64 hexadecimal digits in lower case; `given`: the client's text, whatever it is. */
export function signatureEquals(expected: string, given: string): boolean {
  if (given.length !== SIGNATURE_CHARACTERS) return false;
  expectedBytes.write(expected, 'utf16le');
  givenBytes.write(given, 'utf16le');
  return timingSafeEqual(expectedBytes, givenBytes);
}

const isAscii = /^[\x00-\x7f]*$/;

/** Hexadecimal SHA-256 of a text of one character a byte. */
export function sha256Latin1(text: string): string {
  // A text is hashed as UTF-8, which is the same for ASCII.
  return hash('sha256', isAscii.test(text) ? text : Buffer.from(text, 'latin1'), 'hex');
}

export function sha256(data: Uint8Array): string {
  return hash('sha256', data, 'hex');
}
