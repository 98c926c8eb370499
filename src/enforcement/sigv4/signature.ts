/** The signature itself: which headers it must cover, and whether it is the one that the secret gives. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { SignedRequest } from '../signed-request.ts';
import { canonicalRequest } from './canonical-request.ts';
import type { SignatureClaim } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { ALGORITHM, scopeText } from './scope.ts';
import { signatureOf, signingKey } from './signing-key.ts';

/**
 * `host` is always signed, the token of temporary credentials where it is a header, and with S3 every `x-amz-` header
 * that is there (IAM User Guide, "Create a signed AWS API request"). Throws Refusal.
 */
export function checkSignedHeaders(request: SignedRequest, claim: SignatureClaim, dialect: Dialect): void {
  const signed = claim.signedHeaders.split(';');
  if (!signed.includes('host')) throw dialect.refuse.headersNotSigned(['host']);
  const demanded = dialect.signsEveryAmzHeader
    ? Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
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
  const canonical = canonicalRequest(request, claim.signedHeaders, payloadHash, dialect.pathEncoding);
  const stringToSign = `${ALGORITHM}\n${claim.timestamp}\n${scopeText(claim.scope)}\n${sha256Latin1(canonical ?? '')}`;
  const matches = signatureEquals(signatureOf(signingKey(secretAccessKey, claim.scope), stringToSign), claim.signature);
  // A signed header that isn't there has no canonical form: whatever the signature, it isn't one over this request.
  if (canonical !== undefined && matches) return;
  throw dialect.refuse.signatureMismatch({
    accessKeyId: claim.scope.accessKeyId,
    signatureProvided: claim.signature,
    stringToSign,
    canonicalRequest: canonical,
  });
}

/** In constant time. `given` is the client's text: only 64 hexadecimal digits in lower case are a signature. */
export function signatureEquals(expected: string, given: string): boolean {
  return /^[0-9a-f]{64}$/.test(given) && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

/** Hexadecimal SHA-256 of a text of one character a byte. */
export function sha256Latin1(text: string): string {
  return hash('sha256', Buffer.from(text, 'latin1'), 'hex');
}

export function sha256(data: Uint8Array): string {
  return hash('sha256', data, 'hex');
}
