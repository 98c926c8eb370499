import { checksumHeader } from '../../enforcement/checksum/algorithms.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import { objectKey, type StoredObject } from './entities.ts';
import { verifyIntegrity } from './integrity.ts';
import type { ObjectCall, S3Answer } from './operation.ts';
import { checkWrite } from './preconditions.ts';
import { entityTooLarge, noSuchBucket, notImplemented } from './refusals.ts';

const keptHeaders = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];
const defaultContentType = 'binary/octet-stream';
const metadataPrefix = 'x-amz-meta-';
/** S3 User Guide, Working with object metadata. */
const maxMetadataBytes = 2048;

/** AWS takes 5 GB in one PUT. Its clients send parts from 8 MB on, which the sandbox doesn't know. */
export const maxObjectBytes = 64 * 1024 * 1024;

/** Headers that would change what is done; the values that change nothing are let through. */
const unsupported: Readonly<Record<string, readonly string[]>> = {
  'x-amz-server-side-encryption': ['AES256'],
  'x-amz-server-side-encryption-aws-kms-key-id': [],
  'x-amz-server-side-encryption-customer-algorithm': [],
  'x-amz-server-side-encryption-context': [],
  'x-amz-storage-class': ['STANDARD'],
  'x-amz-tagging': [''],
  'x-amz-website-redirect-location': [],
  'x-amz-object-lock-mode': [],
  'x-amz-object-lock-retain-until-date': [],
  'x-amz-object-lock-legal-hold': [],
  'x-amz-write-offset-bytes': [],
};

export async function putObject(call: ObjectCall): Promise<S3Answer> {
  const { bucket, key, store, bodies, body, header, nowMs } = call;
  if (body.length > maxObjectBytes) throw entityTooLarge(body.length);
  refuseUnsupported(call);
  const { md5, checksum } = verifyIntegrity(call);
  const metadata = metadataOf(call);
  const row = objectKey(bucket.name, key);
  checkWrite(store.get('objects', row), key, header);

  const bodyId = await bodies.write(body);
  const object: StoredObject = {
    bucket: bucket.name,
    key,
    bodyId,
    sizeBytes: body.length,
    modifiedAtMs: nowMs,
    md5,
    checksum,
    contentType: header('content-type') || defaultContentType,
    headers: keptHeadersOf(call),
    metadata,
  };
  let replaced: StoredObject | undefined;
  try {
    // While the body was written, the bucket may have gone and others may have put this key: look again.
    if (store.get('buckets', bucket.name)?.accountId !== bucket.accountId) throw noSuchBucket(bucket.name);
    replaced = store.get('objects', row);
    checkWrite(replaced, key, header);
    store.commit([{ table: 'objects', key: row, value: object }]);
  } catch (error) {
    bodies.remove(bodyId);
    throw error;
  }
  if (replaced !== undefined) bodies.remove(replaced.bodyId);
  return {
    status: 200,
    headers: { ETag: `"${md5}"`, ...checksumHeaders(object), 'x-amz-server-side-encryption': 'AES256' },
  };
}

export function checksumHeaders({ checksum }: StoredObject): Readonly<Record<string, string>> {
  return { [checksumHeader(checksum.algorithm)]: checksum.base64, 'x-amz-checksum-type': 'FULL_OBJECT' };
}

function refuseUnsupported({ headers }: ObjectCall): void {
  for (const [name, value] of headers) {
    const harmless = Object.hasOwn(unsupported, name) ? unsupported[name] : undefined;
    if (harmless !== undefined && !harmless.includes(value)) throw notImplemented(`${name}: ${value}`);
    const isOtherAcl = name === 'x-amz-acl' && value !== 'bucket-owner-full-control';
    if (isOtherAcl || name.startsWith('x-amz-grant-')) {
      // Off for new buckets since April 2023.
      throw new Refusal('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
    }
  }
}

function metadataOf({ headers }: ObjectCall): Readonly<Record<string, string>> {
  const entries = [...headers]
    .filter(([name]) => name.startsWith(metadataPrefix))
    .map(([name, value]) => [name.slice(metadataPrefix.length), value] as const);
  const sizeBytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (sizeBytes > maxMetadataBytes) {
    throw new Refusal('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(sizeBytes),
      MaxSizeAllowed: String(maxMetadataBytes),
    });
  }
  return Object.fromEntries(entries);
}

function keptHeadersOf({ header }: ObjectCall): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const sent = header(name);
      const value = name === 'content-encoding' ? withoutChunking(sent) : sent;
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** `aws-chunked` was the form of the upload, not of the object. */
function withoutChunking(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
}
