/** The chain of signatures over a chunked body: each covers the one before it, the first the request's own. */
import type { SignatureClaim } from '../sigv4/claim.ts';
import type { Dialect } from '../sigv4/dialect.ts';
import { sha256, sha256Latin1, signatureEquals } from '../sigv4/signature.ts';
import { signingKey } from '../sigv4/signing-key.ts';
import type { Chunk } from './chunks.ts';

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Throws Refusal `SignatureDoesNotMatch` at the first chunk whose signature isn't the secret's; returns the last one. */
export function checkChunkSignatures(
  chunks: readonly Chunk[],
  claim: SignatureClaim,
  secretAccessKey: string,
  dialect: Dialect,
): string {
  let previous = claim.signature;
  for (const { data, signature = '' } of chunks) {
    check(`AWS4-HMAC-SHA256-PAYLOAD\n${subject(claim, previous)}\n${EMPTY_SHA256}\n${sha256(data)}`, signature);
    previous = signature;
  }
  return previous;

  function check(stringToSign: string, signature: string): void {
    checkLink(stringToSign, signature, claim, secretAccessKey, dialect);
  }
}

/** The signature over the trailing headers, which follows the last chunk's. Throws Refusal. */
export function checkTrailerSignature(
  canonicalTrailers: string,
  signature: string,
  previous: string,
  claim: SignatureClaim,
  secretAccessKey: string,
  dialect: Dialect,
): void {
  const stringToSign = `AWS4-HMAC-SHA256-TRAILER\n${subject(claim, previous)}\n${sha256Latin1(canonicalTrailers)}`;
  checkLink(stringToSign, signature, claim, secretAccessKey, dialect);
}

function subject(claim: SignatureClaim, previous: string): string {
  return `${claim.timestamp}\n${claim.scope.text}\n${previous}`;
}

function checkLink(
  stringToSign: string,
  signature: string,
  claim: SignatureClaim,
  secretAccessKey: string,
  dialect: Dialect,
): void {
  if (signatureEquals(signingKey(secretAccessKey, claim.scope).sign(stringToSign), signature)) return;
  throw dialect.refuse.signatureMismatch({
    accessKeyId: claim.scope.accessKeyId,
    signatureProvided: signature,
    stringToSign,
  });
}
