import type { ContextEntries } from '../../enforcement/context.ts';
import type { SignedRequest } from '../../enforcement/signed-request.ts';
import { header } from '../../enforcement/signed-request.ts';
import { parseTimestamp } from '../../enforcement/sigv4/timestamp.ts';
import type { Parameters } from '../operation.ts';
import type { Bucket } from './entities.ts';

/**
 * What S3's conditions may ask of every signed request (Service Authorization Reference, Condition keys for Amazon
 * S3): how it was signed, how old that is, and whose bucket it is about.
 */
export function signatureContext(
  request: SignedRequest,
  query: Parameters,
  bucket: Bucket | undefined,
  machineNowMs: number,
): ContextEntries {
  const isPresigned = query.has('X-Amz-Signature');
  const signedAtMs = parseTimestamp((isPresigned ? query.get('X-Amz-Date') : header(request, 'x-amz-date')) ?? '');
  const payload = header(request, 'x-amz-content-sha256');
  return [
    ['s3:authtype', [isPresigned ? 'REST-QUERY-STRING' : 'REST-HEADER']],
    ['s3:signatureversion', ['AWS4-HMAC-SHA256']],
    ...(signedAtMs === undefined
      ? []
      : [['s3:signatureage', [String(Math.max(0, machineNowMs - signedAtMs))]] as const]),
    ...(payload === undefined ? [] : [['s3:x-amz-content-sha256', [payload]] as const]),
    ...(bucket === undefined ? [] : [['s3:resourceaccount', [bucket.accountId]] as const]),
  ];
}
