import { compareByUtf8 } from '../sorted-table.ts';
import { continuationToken, positionOf } from './continuation.ts';
import { objectKey, type StoredObject } from './entities.ts';
import type { BucketCall, S3Answer } from './operation.ts';
import { ownerOf } from './owner.ts';
import { invalidArgument } from './refusals.ts';
import { wireTime } from './wire.ts';
import { printS3Document, type S3Xml } from './xml.ts';

/** One page of a bucket's keys: objects and common prefixes, in one order, together at most `max` (S3 API Reference). */
interface Page {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of the page, if more come after it. */
  readonly goesOnAfter: string | undefined;
}

interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly max: number;
  /** Only keys and common prefixes after this one. */
  readonly after: string | undefined;
}

export function listObjectsV2(call: BucketCall): S3Answer {
  const { query, bucket } = call;
  if (query.get('list-type') !== '2') {
    throw invalidArgument('Invalid List Type specified in Query', 'list-type', query.get('list-type') ?? '');
  }
  const asked = askedOf(call);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const page = pageOf(call, { ...asked.page, after: positionOf(token) ?? startAfter });
  const owner = query.get('fetch-owner') === 'true' ? ownerOf(bucket.accountId) : undefined;
  return {
    status: 200,
    body: printS3Document('ListBucketResult', {
      ...commonElements(call, asked, page),
      KeyCount: page.objects.length + page.commonPrefixes.length,
      ContinuationToken: token,
      NextContinuationToken: page.goesOnAfter === undefined ? undefined : continuationToken(page.goesOnAfter),
      StartAfter: startAfter === undefined ? undefined : asked.encode(startAfter),
      ...contents(page, asked.encode, owner),
    }),
  };
}

/** The older form, which boto3's `bucket.objects` still uses: a marker in place of a token. */
export function listObjects(call: BucketCall): S3Answer {
  const { query, bucket } = call;
  const asked = askedOf(call);
  const marker = query.get('marker');
  const page = pageOf(call, { ...asked.page, after: marker === '' ? undefined : marker });
  const tellsNext = page.goesOnAfter !== undefined && asked.page.delimiter !== '';
  return {
    status: 200,
    body: printS3Document('ListBucketResult', {
      ...commonElements(call, asked, page),
      Marker: asked.encode(marker ?? ''),
      NextMarker: tellsNext ? asked.encode(page.goesOnAfter) : undefined,
      ...contents(page, asked.encode, ownerOf(bucket.accountId)),
    }),
  };
}

interface Asked {
  readonly page: Omit<PageRequest, 'after'>;
  readonly encode: (text: string) => string;
}

function askedOf({ query }: BucketCall): Asked {
  const encoding = query.get('encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  }
  return {
    page: {
      prefix: query.get('prefix') ?? '',
      delimiter: query.get('delimiter') ?? '',
      max: maxKeys(query.get('max-keys')),
    },
    encode: encoding === 'url' ? urlEncode : (text) => text,
  };
}

function maxKeys(text: string | undefined): number {
  if (text === undefined || text === '') return 1000;
  if (!/^-?\d{1,10}$/.test(text))
    throw invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys', text);
  const max = Number(text);
  if (max < 0) throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', text);
  return Math.min(max, 1000);
}

function pageOf({ bucket, store }: BucketCall, { prefix, delimiter, max, after }: PageRequest): Page {
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  const rolledUp = (key: string) => commonPrefixOf(key, prefix, delimiter);
  let last: string | undefined;
  /** A common prefix that was given out, on this page or as the last of the one before. */
  let given = after !== undefined && rolledUp(after) === after ? after : undefined;
  for (const object of store.list('objects', objectKey(bucket.name, prefix))) {
    const { key } = object;
    if (given !== undefined && key.startsWith(given)) continue;
    if (after !== undefined && compareByUtf8(key, after) <= 0) continue;
    if (objects.length + commonPrefixes.length === max) {
      return { objects, commonPrefixes, goesOnAfter: last };
    }
    const common = rolledUp(key);
    if (common === undefined) objects.push(object);
    else commonPrefixes.push(common);
    given = common;
    last = common ?? key;
  }
  return { objects, commonPrefixes, goesOnAfter: undefined };
}

/** Up to the first delimiter after the prefix, that included; undefined if there is none. */
function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

function commonElements(
  { bucket, query }: BucketCall,
  { page: asked, encode }: Asked,
  page: Page,
): Record<string, S3Xml> {
  return {
    Name: bucket.name,
    Prefix: encode(asked.prefix),
    Delimiter: asked.delimiter === '' ? undefined : encode(asked.delimiter),
    MaxKeys: asked.max,
    EncodingType: query.get('encoding-type'),
    IsTruncated: page.goesOnAfter !== undefined,
  };
}

function contents(
  page: Page,
  encode: Asked['encode'],
  owner: { readonly ID: string } | undefined,
): Record<string, S3Xml> {
  return {
    Contents: page.objects.map((object) => ({
      Key: encode(object.key),
      LastModified: wireTime(object.modifiedAtMs),
      ETag: `"${object.md5}"`,
      ChecksumAlgorithm: object.checksum.algorithm,
      ChecksumType: 'FULL_OBJECT',
      Size: object.sizeBytes,
      Owner: owner,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

/** The encoding of S3's `encoding-type=url`: as a form's, but slashes stay. */
function urlEncode(text: string): string {
  const escapeByte = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text)
    .replaceAll(/[!'()]/g, escapeByte)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}
