/** The chunked uploads of the S3 API Reference, "Signature calculations … multiple chunks", with and without trailers. */
import { expect, test } from 'vitest';
import { headerLines } from '../../../test/support/received.ts';
import type { SignedRequest } from '../signed-request.ts';
import { readClaim } from '../sigv4/claim.ts';
import { s3Dialect } from '../sigv4/s3-dialect.ts';
import { checkSignature } from '../sigv4/signature.ts';
import { verifiedBody } from './body.ts';
import { declaredPayload } from './mode.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const DATA = Buffer.alloc(66_560, 'a');

interface Example {
  readonly declaration: string;
  readonly seed: string;
  readonly chunks: readonly [first: string, second: string, last: string];
  readonly trailer: string;
  readonly extraHeaders: Readonly<Record<string, string[]>>;
  readonly signedHeaders: string;
  readonly contentLength: string;
}

const plain: Example = {
  declaration: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  chunks: [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ],
  trailer: '',
  extraHeaders: { 'content-length': ['66824'] },
  signedHeaders:
    'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
  contentLength: '66560',
};

const withTrailer: Example = {
  declaration: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  chunks: [
    'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
    '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
    '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
  ],
  trailer:
    'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n',
  extraHeaders: { 'x-amz-trailer': ['x-amz-checksum-crc32c'] },
  signedHeaders:
    'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
  contentLength: '66560',
};

function bodyOf({ chunks: [first, second, last], trailer }: Example): Buffer {
  return Buffer.concat([
    Buffer.from(`10000;chunk-signature=${first}\r\n`),
    DATA.subarray(0, 65_536),
    Buffer.from(`\r\n400;chunk-signature=${second}\r\n`),
    DATA.subarray(65_536),
    Buffer.from(`\r\n0;chunk-signature=${last}\r\n${trailer}\r\n`),
  ]);
}

function receive(example: Example, body: Buffer) {
  const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
  const request: SignedRequest = {
    method: 'PUT',
    rawPath: '/examplebucket/chunkObject.txt',
    rawQuery: '',
    headers: headerLines({
      host: ['s3.amazonaws.com'],
      'x-amz-date': ['20130524T000000Z'],
      'x-amz-storage-class': ['REDUCED_REDUNDANCY'],
      'x-amz-content-sha256': [example.declaration],
      'content-encoding': ['aws-chunked'],
      'x-amz-decoded-content-length': [example.contentLength],
      ...example.extraHeaders,
      authorization: [
        `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=${example.signedHeaders},Signature=${example.seed}`,
      ],
    }),
    body,
  };
  const claim = readClaim(request, s3Dialect);
  const { declaration, mode } = declaredPayload(request, claim);
  checkSignature(request, claim, declaration, SECRET, s3Dialect);
  return verifiedBody(request, mode, claim, SECRET, s3Dialect);
}

test.each([
  ['without trailers', plain],
  ['with a checksum as trailer', withTrailer],
])('the upload %s', (_name, example) => {
  const { body, trailers } = receive(example, bodyOf(example));
  expect(body.equals(DATA)).toBe(true);
  expect([...trailers]).toEqual(example === plain ? [] : [['x-amz-checksum-crc32c', 'sOO8/Q==']]);
});

test('a trailer that ends as in the reference, with a line feed before the line end', () => {
  const text = bodyOf(withTrailer).toString('latin1').replace('sOO8/Q==\r\n', 'sOO8/Q==\n\r\n');
  expect(receive(withTrailer, Buffer.from(text, 'latin1')).body.equals(DATA)).toBe(true);
});

test.each([
  ['a byte of the first chunk', 100],
  ['a byte of the second chunk', 65_536 + 90 + 100],
])('refuses when %s is another', (_name, at) => {
  for (const example of [plain, withTrailer]) {
    const body = bodyOf(example);
    body[at] = 0x62;
    expect(() => receive(example, body)).toThrow(
      expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 }),
    );
  }
});
