/**
 * Signatures that AWS has published: its SigV4 test suite ("aws4_testsuite"), the IAM example of the General Reference,
 * and the examples of the S3 API Reference.
 */
import { expect, test } from 'vitest';
import { headerLines } from '../../../test/support/received.ts';
import type { SignedRequest } from '../signed-request.ts';
import { readClaim } from './claim.ts';
import { queryDialect } from './query-dialect.ts';
import { s3Dialect } from './s3-dialect.ts';
import { checkSignature, sha256 } from './signature.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const S3_SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

interface Example {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string[]>>;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly body?: string;
}

const host = ['example.amazonaws.com'];
const date = ['20150830T123600Z'];
const plain = { headers: { host, 'x-amz-date': date }, signedHeaders: 'host;x-amz-date' };
const vanilla = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';

const suite: readonly Example[] = [
  { name: 'get-vanilla', method: 'GET', path: '/', ...plain, signature: vanilla },
  { name: 'get-relative', method: 'GET', path: '/example/..', ...plain, signature: vanilla },
  { name: 'get-relative-relative', method: 'GET', path: '/example1/example2/../..', ...plain, signature: vanilla },
  { name: 'get-slash', method: 'GET', path: '//', ...plain, signature: vanilla },
  { name: 'get-slash-dot-slash', method: 'GET', path: '/./', ...plain, signature: vanilla },
  {
    name: 'get-slashes',
    method: 'GET',
    path: '//example//',
    ...plain,
    signature: '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84',
  },
  {
    name: 'get-unreserved',
    method: 'GET',
    path: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    ...plain,
    signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  },
  {
    name: 'get-vanilla-empty-query-key',
    method: 'GET',
    path: '/',
    query: 'Param1=value1',
    ...plain,
    signature: 'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
  },
  {
    name: 'get-vanilla-query-order-key-case',
    method: 'GET',
    path: '/',
    query: 'Param2=value2&Param1=value1',
    ...plain,
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'get-vanilla-query-unreserved',
    method: 'GET',
    path: '/',
    query:
      '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    ...plain,
    signature: '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  },
  {
    name: 'get-header-key-duplicate',
    method: 'GET',
    path: '/',
    headers: { host, 'x-amz-date': date, 'my-header1': ['value2', 'value2', 'value1'] },
    signedHeaders: 'host;my-header1;x-amz-date',
    signature: 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  },
  {
    name: 'get-header-value-trim',
    method: 'GET',
    path: '/',
    headers: { host, 'x-amz-date': date, 'my-header1': [' value1'], 'my-header2': [' "a   b   c"'] },
    signedHeaders: 'host;my-header1;my-header2;x-amz-date',
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  {
    name: 'post-vanilla',
    method: 'POST',
    path: '/',
    ...plain,
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  {
    name: 'post-x-www-form-urlencoded',
    method: 'POST',
    path: '/',
    headers: { host, 'x-amz-date': date, 'content-type': ['application/x-www-form-urlencoded'] },
    signedHeaders: 'content-type;host;x-amz-date',
    body: 'Param1=value1',
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
];

function check(
  example: Example,
  scope: string,
  secret: string,
  dialect: typeof queryDialect,
  payloadHash?: string,
): void {
  const { method, path, query = '', headers, signedHeaders, signature, body = '' } = example;
  const [accessKeyId, ...rest] = scope.split('/');
  const request: SignedRequest = {
    method,
    rawPath: path,
    rawQuery: query,
    headers: headerLines({
      ...headers,
      authorization: [
        `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${rest.join('/')}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
      ],
    }),
    body: Buffer.from(body),
  };
  checkSignature(request, readClaim(request, dialect), payloadHash ?? sha256(request.body), secret, dialect);
}

test.each(suite.map((example) => [example.name, example] as const))('aws4_testsuite %s', (_name, example) => {
  check(example, 'AKIDEXAMPLE/20150830/us-east-1/service/aws4_request', SECRET, queryDialect);
  const flipped = { ...example, signature: example.signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) };
  expect(() => check(flipped, 'AKIDEXAMPLE/20150830/us-east-1/service/aws4_request', SECRET, queryDialect)).toThrow();
});

test('IAM ListUsers of the General Reference', () => {
  check(
    {
      name: 'ListUsers',
      method: 'GET',
      path: '/',
      query: 'Action=ListUsers&Version=2010-05-08',
      headers: {
        host: ['iam.amazonaws.com'],
        'content-type': ['application/x-www-form-urlencoded; charset=utf-8'],
        'x-amz-date': date,
      },
      signedHeaders: 'content-type;host;x-amz-date',
      signature: '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    },
    'AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request',
    SECRET,
    queryDialect,
  );
});

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const s3Headers = { host: ['examplebucket.s3.amazonaws.com'], 'x-amz-date': ['20130524T000000Z'] };

const s3Examples: readonly (Example & { readonly payloadHash: string })[] = [
  {
    name: 'GET object with a range',
    method: 'GET',
    path: '/test.txt',
    headers: { ...s3Headers, range: ['bytes=0-9'], 'x-amz-content-sha256': [EMPTY] },
    signedHeaders: 'host;range;x-amz-content-sha256;x-amz-date',
    payloadHash: EMPTY,
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    name: 'PUT object',
    method: 'PUT',
    path: '/test%24file.text',
    headers: {
      host: s3Headers.host,
      date: ['Fri, 24 May 2013 00:00:00 GMT'],
      'x-amz-date': ['20130524T000000Z'],
      'x-amz-storage-class': ['REDUCED_REDUNDANCY'],
      'x-amz-content-sha256': ['44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072'],
    },
    signedHeaders: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    payloadHash: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    name: 'GET bucket lifecycle',
    method: 'GET',
    path: '/',
    query: 'lifecycle',
    headers: { ...s3Headers, 'x-amz-content-sha256': [EMPTY] },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    payloadHash: EMPTY,
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    name: 'list objects',
    method: 'GET',
    path: '/',
    query: 'max-keys=2&prefix=J',
    headers: { ...s3Headers, 'x-amz-content-sha256': [EMPTY] },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    payloadHash: EMPTY,
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

test.each(s3Examples.map((example) => [example.name, example] as const))('S3 example: %s', (_name, example) => {
  const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
  check(example, scope, S3_SECRET, s3Dialect, example.payloadHash);
});

test('S3 example: a presigned request', () => {
  const request: SignedRequest = {
    method: 'GET',
    rawPath: '/test.txt',
    rawQuery:
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    headers: ['host', 'examplebucket.s3.amazonaws.com'],
    body: Buffer.alloc(0),
  };
  const claim = readClaim(request, s3Dialect);
  expect(claim).toMatchObject({ form: 'query', expiresSeconds: 86_400, timestamp: '20130524T000000Z' });
  checkSignature(request, claim, 'UNSIGNED-PAYLOAD', S3_SECRET, s3Dialect);
});
