/** What `x-amz-content-sha256` says of a body, and what follows from it (S3 API Reference, "Signature calculations"). */
import { Refusal } from '../refusal.ts';
import { header, type SignedRequest } from '../signed-request.ts';
import type { SignatureClaim } from '../sigv4/claim.ts';

export type PayloadMode =
  | { readonly type: 'hash'; readonly sha256: string }
  /** Nothing more to verify: the signature covers the body's own hash, or leaves the body out. */
  | { readonly type: 'as-is' }
  /** `aws-chunked`: the body comes in chunks, each signed or none, with or without trailing headers. */
  | { readonly type: 'chunked'; readonly signed: boolean; readonly trailers: boolean };

const KEYWORDS: ReadonlyMap<string, PayloadMode> = new Map([
  ['UNSIGNED-PAYLOAD', { type: 'as-is' }],
  ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', { type: 'chunked', signed: false, trailers: true }],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { type: 'chunked', signed: true, trailers: false }],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { type: 'chunked', signed: true, trailers: true }],
]);

/** The declaration as it stands in the canonical request, and its meaning. */
export interface DeclaredPayload {
  readonly declaration: string;
  readonly mode: PayloadMode;
}

/** Throws Refusal if the header is missing where it must be, or says something unknown. */
export function declaredPayload(request: SignedRequest, claim: SignatureClaim): DeclaredPayload {
  const given = header(request, 'x-amz-content-sha256');
  // A presigned request says nothing of its body unless it says so in what was signed.
  const declaration = given ?? (claim.form === 'query' ? (claim.contentSha256 ?? 'UNSIGNED-PAYLOAD') : undefined);
  if (declaration === undefined) {
    throw new Refusal('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
  }
  const mode = KEYWORDS.get(declaration) ?? hashMode(declaration);
  if (mode !== undefined) return { declaration, mode };
  if (declaration.startsWith('STREAMING-AWS4-ECDSA-')) {
    throw new Refusal('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
      Header: 'x-amz-content-sha256',
      additionalMessage: declaration,
    });
  }
  throw new Refusal(
    'InvalidArgument',
    400,
    `x-amz-content-sha256 must be ${[...KEYWORDS.keys()].join(', ')}, or a valid sha256 value.`,
    { ArgumentName: 'x-amz-content-sha256', ArgumentValue: declaration },
  );
}

function hashMode(declaration: string): PayloadMode | undefined {
  return /^[0-9a-f]{64}$/.test(declaration) ? { type: 'hash', sha256: declaration } : undefined;
}
