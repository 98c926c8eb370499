import type { Authority } from './authority.ts';
import type { Caller } from './caller.ts';
import { findCredentials } from './credentials.ts';
import { verifiedBody } from './payload/body.ts';
import { type DeclaredPayload, declaredPayload } from './payload/mode.ts';
import type { SignedRequest } from './signed-request.ts';
import { readClaim, type SignatureClaim } from './sigv4/claim.ts';
import { checkFreshness } from './sigv4/freshness.ts';
import { checkSignature, checkSignedHeaders, sha256 } from './sigv4/signature.ts';
import { checkScope, type SignedService } from './sigv4/signed-service.ts';

export interface Authenticated {
  readonly caller: Caller;
  /** The region of the credential scope. */
  readonly region: string;
  /** The body without chunk framing: the request's own unless it was sent as `aws-chunked`. */
  readonly body: Buffer;
  /** Trailing headers of an `aws-chunked` body by name in lower case, checksums already verified. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Who signed this request? Throws Refusal in the words of the service's dialect. */
export function authenticate(request: SignedRequest, service: SignedService, authority: Authority): Authenticated {
  const { dialect } = service;
  const claim = readClaim(request, dialect);
  checkScope(claim, service);
  checkFreshness(claim, dialect, authority.clocks.machine());
  const { secretAccessKey, caller } = findCredentials(claim, dialect, authority);
  checkSignedHeaders(request, claim, dialect);
  const payload = payloadOf(request, claim, service);
  checkSignature(request, claim, payload.declaration, secretAccessKey, dialect);
  const { body, trailers } = verifiedBody(request, payload.mode, claim, secretAccessKey, dialect);
  if (caller.type === 'long-term') {
    authority.directory.keyUsed(caller.accessKeyId, service.name, claim.scope.region);
  }
  return { caller, region: claim.scope.region, body, trailers };
}

/** What the signature covers in the place of the body. */
function payloadOf(request: SignedRequest, claim: SignatureClaim, service: SignedService): DeclaredPayload {
  if (service.dialect.payload === 'declared') return declaredPayload(request, claim);
  return { declaration: sha256(request.body), mode: { type: 'as-is' } };
}
