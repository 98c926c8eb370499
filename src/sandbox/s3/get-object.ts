import type { ByteRange } from './bodies.ts';
import { objectKey, type StoredObject } from './entities.ts';
import { bucketArn, type ObjectCall, type S3Answer } from './operation.ts';
import { checkRead } from './preconditions.ts';
import { checksumHeaders } from './put-object.ts';
import { rangeOf } from './range.ts';
import { invalidArgument, noSuchKey } from './refusals.ts';
import { httpTime } from './wire.ts';

/** Query parameters by which a read may ask for other response headers. */
const overrides: Readonly<Record<string, string>> = {
  'response-content-type': 'Content-Type',
  'response-content-language': 'content-language',
  'response-expires': 'expires',
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
};

export function getObject(call: ObjectCall): S3Answer {
  const { object, range, length, ...answer } = describe(call);
  const hasBody = length > 0 && answer.status !== 304;
  return { ...answer, body: hasBody ? { length, stream: call.bodies.read(object.bodyId, range) } : '' };
}

export function headObject(call: ObjectCall): S3Answer {
  const { object, range, length, ...answer } = describe(call);
  return { ...answer, body: { length } };
}

interface Description {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly object: StoredObject;
  readonly range: ByteRange;
  readonly length: number;
}

function describe(call: ObjectCall): Description {
  const { header } = call;
  const object = existingObject(call);
  const { sizeBytes } = object;
  const whole = { first: 0, last: sizeBytes - 1 };
  if (checkRead(object, header) === 'not-modified') {
    return { status: 304, headers: validators(object), object, range: whole, length: 0 };
  }
  const asked = rangeOf(header('range'), sizeBytes);
  const range = asked ?? whole;
  const headers = headersOf(object, call, asked === undefined);
  const length = range.last - range.first + 1;
  if (asked === undefined) return { status: 200, headers, object, range, length };
  const contentRange = `bytes ${range.first}-${range.last}/${sizeBytes}`;
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, object, range, length };
}

/**
 * A missing object is told of only to those who may list the bucket (S3 API Reference, GetObject): the others learn
 * that they may not.
 */
function existingObject({ bucket, key, store, authorise }: ObjectCall): StoredObject {
  const object = store.get('objects', objectKey(bucket.name, key));
  if (object !== undefined) return object;
  authorise('s3:ListBucket', bucketArn(bucket.name));
  throw noSuchKey(key);
}

function headersOf(object: StoredObject, { query, header }: ObjectCall, isWhole: boolean): Description['headers'] {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
  const overridden = Object.entries(overrides).flatMap(([parameter, name]) => {
    const value = query.get(parameter);
    if (value !== undefined && !isHeaderText(value)) {
      throw invalidArgument('Header value cannot be represented using ISO-8859-1.', parameter, value);
    }
    return value === undefined ? [] : [[name, value] as const];
  });
  const wantsChecksum = header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && isWhole;
  return {
    ...validators(object),
    'Accept-Ranges': 'bytes',
    'Content-Type': object.contentType,
    'x-amz-server-side-encryption': 'AES256',
    ...object.headers,
    ...Object.fromEntries(metadata),
    ...Object.fromEntries(overridden),
    ...(wantsChecksum ? checksumHeaders(object) : {}),
  };
}

/** No line break may end the header, nor may anything else that HTTP has no byte for. */
function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}

function validators(object: StoredObject): Readonly<Record<string, string>> {
  return { ETag: `"${object.md5}"`, 'Last-Modified': httpTime(object.modifiedAtMs) };
}
