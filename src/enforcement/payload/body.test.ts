import { expect, test } from 'vitest';
import { type ChunkedBody, joinBody, signChunks, unsignedChunks } from '../../../test/contract/harness/chunked.ts';
import { type Draft, type Header, signByHeader, withHeader } from '../../../test/contract/harness/sigv4.ts';
import { received } from '../../../test/support/received.ts';
import { object, S3, signing } from '../../../test/support/signed-drafts.ts';
import { testAuthority } from '../../../test/support/test-authority.ts';
import { authenticate } from '../authenticate.ts';
import { type ChecksumAlgorithm, checksum, checksumHeader } from '../checksum/algorithms.ts';

const DATA = Buffer.from('0123456789abcdef'.repeat(1500));
const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNED_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

interface Upload {
  readonly keyword: string;
  readonly trailers?: ChunkedBody['trailers'];
  readonly chunkSize?: number;
  readonly headers?: readonly Header[];
  readonly tamper?: (body: ChunkedBody) => ChunkedBody;
  readonly tamperBytes?: (body: Buffer) => Buffer;
  /** Headers that go before the signature is made. */
  readonly without?: string;
}

function upload({ keyword, trailers = [], chunkSize = 8192, headers = [], tamper = (body) => body, ...rest }: Upload) {
  const draft: Draft = {
    ...object,
    method: 'PUT',
    headers: [
      ['host', '127.0.0.1:4747'],
      ['x-amz-content-sha256', keyword],
      ['x-amz-decoded-content-length', String(DATA.length)],
      ...(trailers.length === 0 ? [] : [['x-amz-trailer', trailers.map(([name]) => name).join(', ')] as const]),
      ...headers,
    ],
  };
  const kept = rest.without === undefined ? draft : withHeader(draft, rest.without, () => undefined);
  const signed = signByHeader(kept, signing(S3, { payloadHash: keyword }));
  const chunks =
    keyword === UNSIGNED_TRAILER
      ? unsignedChunks(DATA, chunkSize, trailers)
      : signChunks(DATA, chunkSize, signed.signature, trailers);
  const body = joinBody(tamper(chunks));
  return authenticate(received({ ...signed, body: rest.tamperBytes?.(body) ?? body }), S3, testAuthority());
}

function crc(algorithm: ChecksumAlgorithm): ChunkedBody['trailers'] {
  return [[checksumHeader(algorithm), checksum(algorithm, DATA)]];
}

test.each([
  ['signed chunks', { keyword: SIGNED }],
  ['signed chunks of one piece', { keyword: SIGNED, chunkSize: 100_000 }],
  ['signed chunks and a trailer', { keyword: SIGNED_TRAILER, trailers: crc('CRC32C') }],
  [
    'signed chunks and two trailers',
    { keyword: SIGNED_TRAILER, trailers: [...crc('CRC32'), ['x-amz-meta', 'b'] as const] },
  ],
  ...(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const).map(
    (algorithm) =>
      [`unsigned chunks and ${algorithm}`, { keyword: UNSIGNED_TRAILER, trailers: crc(algorithm) }] as const,
  ),
  ['unsigned chunks and no trailer', { keyword: UNSIGNED_TRAILER }],
] satisfies readonly (readonly [string, Upload])[])('takes %s', (_name, given: Upload) => {
  const { body, trailers } = upload(given);
  expect(body.equals(DATA)).toBe(true);
  expect([...trailers]).toEqual(given.trailers ?? []);
});

const mismatch = ['SignatureDoesNotMatch', 403, /^The request signature we calculated does not match/] as const;
const incomplete = ['IncompleteBody', 400, 'The request body terminated unexpectedly'] as const;
const malformed = [
  'MalformedTrailerError',
  400,
  /^The request contained trailing data that was not well-formed/,
] as const;

type Row = readonly [what: string, upload: Upload, code: string, status: number, message: string | RegExp];

const rows: readonly Row[] = [
  [
    'chunks in another order',
    { keyword: SIGNED, tamper: ({ chunks: [a, b, ...c], ...rest }) => ({ ...rest, chunks: [b!, a!, ...c] }) },
    ...mismatch,
  ],
  [
    'a chunk left out, and the rest',
    { keyword: SIGNED, tamper: (body) => ({ ...body, chunks: body.chunks.slice(1) }) },
    ...incomplete,
  ],
  [
    'a chunk twice',
    { keyword: SIGNED, tamper: (body) => ({ ...body, chunks: [body.chunks[0]!, ...body.chunks] }) },
    ...incomplete,
  ],
  [
    'no last chunk',
    { keyword: SIGNED, tamper: (body) => ({ ...body, chunks: body.chunks.slice(0, -1) }) },
    ...incomplete,
  ],
  [
    'a chunk without a signature',
    { keyword: SIGNED, tamper: (body) => ({ ...body, chunks: body.chunks.map(({ data }) => ({ data })) }) },
    ...incomplete,
  ],
  [
    'a chunk of other data',
    {
      keyword: SIGNED,
      tamper: (body) => ({
        ...body,
        chunks: body.chunks.map((c, i) => (i === 1 ? { ...c, data: Buffer.alloc(c.data.length) } : c)),
      }),
    },
    ...mismatch,
  ],
  [
    "the last chunk's signature another",
    {
      keyword: SIGNED,
      tamper: (body) => ({
        ...body,
        chunks: body.chunks.with(-1, { data: Buffer.alloc(0), signature: '0'.repeat(64) }),
      }),
    },
    ...mismatch,
  ],
  ['bytes cut off', { keyword: SIGNED, tamperBytes: (body) => body.subarray(0, -40) }, ...incomplete],
  [
    'bytes after the end',
    { keyword: SIGNED, tamperBytes: (body) => Buffer.concat([body, Buffer.from('x')]) },
    ...malformed,
  ],
  ['no body at all', { keyword: SIGNED, tamperBytes: () => Buffer.alloc(0) }, ...incomplete],
  [
    'a size that is none',
    { keyword: SIGNED, tamperBytes: (body) => Buffer.concat([Buffer.from('zz'), body]) },
    ...incomplete,
  ],
  [
    'a size beyond the body',
    { keyword: UNSIGNED_TRAILER, tamperBytes: () => Buffer.from('ffffffff\r\nabc') },
    ...incomplete,
  ],
  [
    'the trailer of another value, with its right signature gone',
    {
      keyword: SIGNED_TRAILER,
      trailers: crc('CRC32'),
      tamper: (body) => ({ ...body, trailers: [['x-amz-checksum-crc32', 'AAAAAA==']] }),
    },
    ...mismatch,
  ],
  [
    'no trailer signature',
    { keyword: SIGNED_TRAILER, trailers: crc('CRC32'), tamper: ({ chunks, trailers }) => ({ chunks, trailers }) },
    ...mismatch,
  ],
  [
    'a trailer that was not announced',
    {
      keyword: UNSIGNED_TRAILER,
      trailers: crc('CRC32'),
      tamper: (body) => ({ ...body, trailers: [...body.trailers, ['x-amz-extra', 'a']] }),
    },
    ...malformed,
  ],
  [
    'a trailer announced that does not come',
    { keyword: UNSIGNED_TRAILER, trailers: crc('CRC32'), tamper: (body) => ({ ...body, trailers: [] }) },
    ...malformed,
  ],
  [
    'a checksum of something else',
    { keyword: UNSIGNED_TRAILER, trailers: [['x-amz-checksum-crc32', 'AAAAAA==']] },
    'BadDigest',
    400,
    'The CRC32 you specified did not match the calculated checksum.',
  ],
  [
    'a checksum that is none',
    { keyword: UNSIGNED_TRAILER, trailers: [['x-amz-checksum-sha256', 'nonsense']] },
    'InvalidRequest',
    400,
    'Value for x-amz-checksum-sha256 trailing header is invalid.',
  ],
  [
    'a small chunk before the last',
    { keyword: SIGNED, chunkSize: 8191 },
    'InvalidChunkSizeError',
    403,
    'Only the last chunk is allowed to have a size less than 8192 bytes',
  ],
  [
    'no decoded length',
    { keyword: SIGNED, without: 'x-amz-decoded-content-length' },
    'MissingContentLength',
    411,
    'You must provide the Content-Length HTTP header.',
  ],
  [
    'signatures of another kind',
    { keyword: 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' },
    'NotImplemented',
    501,
    'A header you provided implies functionality that is not implemented',
  ],
];

test.each(rows)('refuses %s', (_what, given, code, status, message) => {
  expect(() => upload(given)).toThrow(
    expect.objectContaining({
      code,
      status,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    }),
  );
});

test('a decoded length that lies is refused', () => {
  const draft = withHeader(
    {
      ...object,
      method: 'PUT',
      headers: [
        ['host', '127.0.0.1:4747'],
        ['x-amz-content-sha256', SIGNED],
        ['x-amz-decoded-content-length', String(DATA.length - 1)],
      ],
    },
    'nothing',
    (value) => value,
  );
  const signed = signByHeader(draft, signing(S3, { payloadHash: SIGNED }));
  const body = joinBody(signChunks(DATA, 8192, signed.signature));
  expect(() => authenticate(received({ ...signed, body }), S3, testAuthority())).toThrow(
    expect.objectContaining({ code: 'IncompleteBody' }),
  );
});
