/** From the body as it came to the body as it was meant, everything that protects it verified. */
import { Refusal } from '../refusal.ts';
import { header, headerValues, type SignedRequest } from '../signed-request.ts';
import type { SignatureClaim } from '../sigv4/claim.ts';
import type { Dialect } from '../sigv4/dialect.ts';
import { sha256 } from '../sigv4/signature.ts';
import { checkChunkSignatures, checkTrailerSignature } from './chunk-signatures.ts';
import { incompleteBody, readChunks } from './chunks.ts';
import type { PayloadMode } from './mode.ts';
import { checkTrailingChecksums, readTrailers } from './trailers.ts';

export interface VerifiedBody {
  readonly body: Buffer;
  /** Trailing headers by name in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
}

const NO_TRAILERS: ReadonlyMap<string, string> = new Map();

/** Throws Refusal if the body isn't what the signed declaration says. The request's own signature is already verified. */
export function verifiedBody(
  request: SignedRequest,
  mode: PayloadMode,
  claim: SignatureClaim,
  secretAccessKey: string,
  dialect: Dialect,
): VerifiedBody {
  if (mode.type === 'chunked') return unchunkedBody(request, mode, claim, secretAccessKey, dialect);
  if (mode.type === 'hash') {
    const computed = sha256(request.body);
    if (computed !== mode.sha256) {
      throw new Refusal(
        'XAmzContentSHA256Mismatch',
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: mode.sha256, S3ComputedContentSHA256: computed },
      );
    }
  }
  return { body: request.body, trailers: NO_TRAILERS };
}

function unchunkedBody(
  request: SignedRequest,
  mode: Extract<PayloadMode, { readonly type: 'chunked' }>,
  claim: SignatureClaim,
  secretAccessKey: string,
  dialect: Dialect,
): VerifiedBody {
  const decodedLength = decodedLengthBytes(request);
  const { chunks, rest } = readChunks(request.body, mode.signed);
  const body = Buffer.concat(chunks.map((chunk) => chunk.data));
  if (body.length !== decodedLength) throw incompleteBody();
  const trailers = readTrailers(rest, mode.trailers ? announcedTrailers(request) : []);
  if (mode.signed) {
    const last = checkChunkSignatures(chunks, claim, secretAccessKey, dialect);
    if (mode.trailers) {
      checkTrailerSignature(trailers.canonical, trailers.signature ?? '', last, claim, secretAccessKey, dialect);
    }
  }
  checkTrailingChecksums(trailers.values, body);
  return { body, trailers: trailers.values };
}

/** What the signed header says that the body has without its framing. */
function decodedLengthBytes(request: SignedRequest): number {
  const text = header(request, 'x-amz-decoded-content-length');
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new Refusal('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  }
  return Number(text);
}

function announcedTrailers(request: SignedRequest): readonly string[] {
  const names = headerValues(request, 'x-amz-trailer').flatMap((line) => line.split(','));
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
}
