import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { testBucket } from '../../../test/support/s3-bucket.ts';
import { objectKey, type StoredObject } from './entities.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === 'Contents' || name === 'CommonPrefixes',
});

interface Listed {
  readonly Contents?: readonly { readonly Key: string }[];
  readonly CommonPrefixes?: readonly { readonly Prefix: string }[];
  readonly IsTruncated: string;
  readonly KeyCount: string;
  readonly NextContinuationToken?: string;
  readonly NextMarker?: string;
  readonly [element: string]: unknown;
}

function bucketOf(keys: readonly string[]) {
  const bucket = testBucket();
  for (const key of keys) {
    const object: StoredObject = {
      bucket: 'tests',
      key,
      bodyId: '0',
      sizeBytes: 3,
      modifiedAtMs: bucket.clock.nowMs,
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      checksum: { algorithm: 'CRC32', base64: 'AAAAAA==' },
      contentType: 'text/plain',
      headers: {},
      metadata: {},
    };
    bucket.store.commit([{ table: 'objects', key: objectKey('tests', key), value: object }]);
  }
  return bucket;
}

function list(bucket: ReturnType<typeof bucketOf>, query: Record<string, string>, list = listObjectsV2): Listed {
  const { body } = list(bucket.call({ query: { 'list-type': '2', ...query } }));
  return parser.parse(String(body), true).ListBucketResult;
}

function names({ Contents = [], CommonPrefixes = [] }: Listed): string[] {
  return [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)];
}

/** All pages of a listing, each key and prefix in the order of its page. */
function pages(bucket: ReturnType<typeof bucketOf>, query: Record<string, string>, version: 1 | 2): string[][] {
  const found: string[][] = [];
  let position: Record<string, string> = {};
  for (;;) {
    const page = list(bucket, { ...query, ...position }, version === 2 ? listObjectsV2 : listObjects);
    found.push(names(page));
    if (page.IsTruncated === 'false') return found;
    const last = names(page).at(-1) ?? '';
    position =
      version === 2
        ? { 'continuation-token': page.NextContinuationToken ?? '' }
        : { marker: page.NextMarker ?? (page.Contents?.at(-1)?.Key || last) };
  }
}

/** What a listing must hold, by the plainest reading of S3's reference. */
function expected(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const rolled = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return end === -1 ? key : key.slice(0, end + delimiter.length);
    });
  return [...new Set(rolled)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

describe('a listing', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 6 });

  it('gives every key or common prefix once, in order, whatever the size of its pages', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(letters, { maxLength: 20 }),
        fc.constantFrom('', 'a', 'a/', '/', 'b/a'),
        fc.constantFrom('', '/', 'a', '//'),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<1 | 2>(1, 2),
        (keys, prefix, delimiter, max, version) => {
          const query = { prefix, 'max-keys': String(max), ...(delimiter === '' ? {} : { delimiter }) };
          const found = pages(bucketOf(keys), query, version);
          expect(found.flat().sort()).toEqual(expected(keys, prefix, delimiter).sort());
          for (const page of found.slice(0, -1)) expect(page).toHaveLength(max);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('has what clients read', () => {
    const bucket = bucketOf(['a/1', 'a/2', 'b']);
    const page = list(bucket, { delimiter: '/', 'fetch-owner': 'true' });
    expect(page).toMatchObject({ Name: 'tests', Prefix: '', Delimiter: '/', KeyCount: '2', MaxKeys: '1000' });
    expect(page.Contents).toEqual([
      {
        Key: 'b',
        LastModified: '2026-01-02T03:04:05.000Z',
        ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
        ChecksumAlgorithm: 'CRC32',
        ChecksumType: 'FULL_OBJECT',
        Size: '3',
        Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) },
        StorageClass: 'STANDARD',
      },
    ]);
  });

  it('starts after a key, and has pages of none and of at most a thousand', () => {
    const bucket = bucketOf(Array.from({ length: 1_005 }, (_, index) => `k${String(index).padStart(4, '0')}`));
    expect(names(list(bucket, { 'start-after': 'k1002' }))).toEqual(['k1003', 'k1004']);
    expect(names(list(bucket, { 'max-keys': '5000' }))).toHaveLength(1_000);
    expect(list(bucket, { 'max-keys': '0' })).toMatchObject({ KeyCount: '0', IsTruncated: 'false' });
  });

  it('encodes keys that XML could not hold', () => {
    const bucket = bucketOf(['a b\u0001ü/(1)+.txt']);
    const page = list(bucket, { 'encoding-type': 'url', prefix: 'a b' });
    expect(page.EncodingType).toBe('url');
    expect(names(page)).toEqual(['a+b%01%C3%BC/%281%29%2B.txt']);
    expect(page.Prefix).toBe('a+b');
  });

  it.each([
    { 'max-keys': 'many' },
    { 'max-keys': '-1' },
    { 'encoding-type': 'base64' },
    { 'continuation-token': 'mine' },
    { 'list-type': '3' },
  ])('refuses %j', (query) => {
    expect(() => list(bucketOf([]), query)).toThrow(expect.objectContaining({ code: 'InvalidArgument', status: 400 }));
  });
});
