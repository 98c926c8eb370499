import type { StoredObject } from './entities.ts';
import { noSuchKey, notImplemented, preconditionFailed } from './refusals.ts';

type Header = (name: string) => string | undefined;

/**
 * What conditional headers make of a read (RFC 9110, 13.2.2; S3 API Reference, GetObject).
 *
 * @throws Refusal `PreconditionFailed`
 */
export function checkRead(object: StoredObject, header: Header): 'send' | 'not-modified' {
  const modifiedAtSecond = Math.floor(object.modifiedAtMs / 1000) * 1000;
  const ifMatch = header('if-match');
  if (ifMatch !== undefined) {
    if (!names(ifMatch, object)) throw preconditionFailed('If-Match');
  } else {
    const unmodifiedSince = date(header('if-unmodified-since'));
    if (unmodifiedSince !== undefined && modifiedAtSecond > unmodifiedSince) {
      throw preconditionFailed('If-Unmodified-Since');
    }
  }
  const ifNoneMatch = header('if-none-match');
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, object) ? 'not-modified' : 'send';
  const modifiedSince = date(header('if-modified-since'));
  return modifiedSince !== undefined && modifiedAtSecond <= modifiedSince ? 'not-modified' : 'send';
}

/**
 * Conditional writes: `If-None-Match: *` (only if there is none), `If-Match: ETAG` (only over this one).
 *
 * @throws Refusal `PreconditionFailed`, `NoSuchKey`, `NotImplemented`
 */
export function checkWrite(existing: StoredObject | undefined, key: string, header: Header): void {
  const ifNoneMatch = header('if-none-match');
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw notImplemented('If-None-Match with an ETag on a write');
    if (existing !== undefined) throw preconditionFailed('If-None-Match');
  }
  const ifMatch = header('if-match');
  if (ifMatch !== undefined) {
    if (existing === undefined) throw noSuchKey(key);
    if (!names(ifMatch, existing)) throw preconditionFailed('If-Match');
  }
}

function names(list: string, { md5 }: StoredObject): boolean {
  return list.split(',').some((item) => {
    const etag = item.trim();
    return etag === '*' || etag === `"${md5}"` || etag === md5;
  });
}

/** A date that can't be read is ignored. */
function date(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
