/** S3's own ways to be wrong: payload hashes, streamed bodies, presigned addresses. The key is an administrator's. */
import { type ChunkedBody, joinBody, sha256Base64, signChunks, unsignedChunks } from '../harness/chunked.ts';
import { send } from '../harness/raw-request.ts';
import { type Draft, type Header, type Signing, withHeader } from '../harness/sigv4.ts';
import { objectDraft, presignObject, putDraft, type SignedDraft, signObject } from './requests.ts';
import type { NegativeRow, Outcome } from './row.ts';
import { objectKey, type World } from './world.ts';

const minute = 60_000;

const mismatch: Outcome = { code: 'SignatureDoesNotMatch', status: 403 };
const malformedHeader: Outcome = { code: 'AuthorizationHeaderMalformed', status: 400 };
const badQuery: Outcome = { code: 'AuthorizationQueryParametersError', status: 400 };
const badDigest: Outcome = { code: 'BadDigest', status: 400 };

function put(
  what: string,
  outcome: Outcome,
  more: (world: World) => Partial<Signing> = () => ({}),
  change: (signed: SignedDraft) => Draft = (signed) => signed,
  headers: readonly Header[] = [],
): NegativeRow {
  return {
    what,
    prepare: (world) => () => {
      const draft = putDraft(world);
      const signed = signObject({ ...draft, headers: [...draft.headers, ...headers] }, world.admin.key, more(world));
      return send(world.sandbox.port, change(signed));
    },
    ...outcome,
  };
}

const none = () => ({});

const headerRows: readonly NegativeRow[] = [
  put('a body that is not the one hashed', { code: 'XAmzContentSHA256Mismatch', status: 400 }, none, (signed) => ({
    ...signed,
    body: Buffer.from('overwritteN'),
  })),
  put('the hash exchanged with the body', mismatch, none, (signed) =>
    withHeader({ ...signed, body: Buffer.from('other') }, 'x-amz-content-sha256', () =>
      Buffer.from(sha256Base64(Buffer.from('other')), 'base64').toString('hex'),
    ),
  ),
  put('no payload hash', { code: 'InvalidRequest', status: 400 }, none, (signed) =>
    withHeader(signed, 'x-amz-content-sha256', () => undefined),
  ),
  put('a payload hash that is none', { code: 'InvalidArgument', status: 400 }, () => ({ payloadHash: 'deadbeef' })),
  put(
    'an x-amz- header that was not signed',
    { code: 'AccessDenied', status: 403, message: 'There were headers present in the request which were not signed' },
    none,
    (signed) => ({ ...signed, headers: [...signed.headers, ['x-amz-meta-owner', 'intruder']] }),
  ),
  put('another signature', mismatch, none, (signed) =>
    withHeader(signed, 'authorization', (value) => value.replace(/[0-9a-f]{64}$/, 'f'.repeat(64))),
  ),
  put("another object's path", mismatch, none, (signed) => ({ ...signed, path: `${signed.path}.bak` })),
  put('a query added', mismatch, none, (signed) => ({ ...signed, query: 'x-id=PutObject' })),
  put('a method that deletes', mismatch, none, (signed) => ({ ...signed, method: 'DELETE' })),
  put('a date of sixteen minutes ago', { code: 'RequestTimeTooSkewed', status: 403 }, () => ({
    dateMs: Date.now() - 16 * minute,
  })),
  put('a date sixteen minutes ahead', { code: 'RequestTimeTooSkewed', status: 403 }, () => ({
    dateMs: Date.now() + 16 * minute,
  })),
  put('a key of nobody', { code: 'InvalidAccessKeyId', status: 403 }, () => ({
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) },
  })),
  put("another user's secret", mismatch, (world) => ({
    credentials: { ...world.admin.key, secretAccessKey: world.bob.key.secretAccessKey },
  })),
  put(
    "another region's scope",
    { ...malformedHeader, message: "the region 'eu-west-9' is wrong; expecting 'us-east-1'" },
    () => ({
      region: 'eu-west-9',
    }),
  ),
  put("another day's scope", malformedHeader, () => ({ scope: { day: '20200101' } })),
  put('another terminator', malformedHeader, () => ({ scope: { terminator: 'aws5_request' } })),
  put('no Authorization at all', { code: 'AccessDenied', status: 403 }, none, (signed) =>
    withHeader(signed, 'authorization', () => undefined),
  ),
  put('a signature of version 2', { code: 'InvalidRequest', status: 400 }, none, (signed) =>
    withHeader(signed, 'authorization', () => 'AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg='),
  ),
  put(
    'a wrong Content-MD5',
    { ...badDigest, message: 'The Content-MD5 you specified did not match what we received.' },
    none,
    (s) => s,
    [['content-md5', '1B2M2Y8AsgTpgAmY7PhCfg==']],
  ),
  put('a Content-MD5 that is none', { code: 'InvalidDigest', status: 400 }, none, (s) => s, [
    ['content-md5', 'nonsense'],
  ]),
  put(
    'a wrong CRC32',
    { ...badDigest, message: 'The CRC32 you specified did not match the calculated checksum.' },
    none,
    (s) => s,
    [['x-amz-checksum-crc32', 'AAAAAA==']],
  ),
  put('a wrong CRC64NVME', badDigest, none, (s) => s, [['x-amz-checksum-crc64nvme', 'AAAAAAAAAAA=']]),
  put('a wrong SHA-256 checksum', badDigest, none, (s) => s, [
    ['x-amz-checksum-sha256', sha256Base64(Buffer.from('something else'))],
  ]),
];

/** S3 takes no chunk of less than 8 KiB but the last. */
const chunkSize = 8192;
const streamed = Buffer.from('0123456789abcdef'.repeat(1400));
type Stream =
  | 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  | 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'
  | 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const trailer = 'x-amz-checksum-sha256';

function stream(
  mode: Stream,
  what: string,
  outcome: Outcome,
  change: (body: ChunkedBody, signed: SignedDraft) => ChunkedBody | Buffer,
  headers: (given: readonly Header[]) => readonly Header[] = (given) => given,
): NegativeRow {
  return {
    what: `${mode}: ${what}`,
    prepare: (world) => () => {
      const signed = signObject(streamDraft(world, mode, headers), world.admin.key, { payloadHash: mode });
      const changed = change(streamBody(mode, signed), signed);
      return send(world.sandbox.port, { ...signed, body: Buffer.isBuffer(changed) ? changed : joinBody(changed) });
    },
    ...outcome,
  };
}

export function streamDraft(
  world: World,
  mode: Stream,
  headers: (given: readonly Header[]) => readonly Header[] = (given) => given,
): Draft {
  const draft = objectDraft(world, 'PUT', objectKey);
  const given: Header[] = [
    ['content-encoding', 'aws-chunked'],
    ['x-amz-decoded-content-length', String(streamed.length)],
  ];
  if (mode.endsWith('TRAILER')) given.push(['x-amz-trailer', trailer]);
  return { ...draft, headers: [...draft.headers, ...headers(given)] };
}

export function streamBody(mode: Stream, { signature }: SignedDraft): ChunkedBody {
  const trailers = mode.endsWith('TRAILER') ? ([[trailer, sha256Base64(streamed)]] as const) : [];
  return mode === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
    ? unsignedChunks(streamed, chunkSize, trailers)
    : signChunks(streamed, chunkSize, signature, trailers);
}

function firstChunk(body: ChunkedBody, change: (data: Buffer) => Buffer): ChunkedBody {
  const [first, ...rest] = body.chunks;
  if (first === undefined) throw new Error('no chunk');
  return { ...body, chunks: [{ ...first, data: change(first.data) }, ...rest] };
}

const flip = (data: Buffer): Buffer => Buffer.concat([Buffer.from([(data[0] ?? 0) ^ 1]), data.subarray(1)]);
const flipHex = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
const signedModes = ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'] as const;
const incompleteBody: Outcome = { code: 'IncompleteBody', status: 400 };

const streamRows: readonly NegativeRow[] = [
  ...signedModes.flatMap((mode): readonly NegativeRow[] => [
    stream(mode, 'a byte of a chunk changed', mismatch, (body) => firstChunk(body, flip)),
    stream(mode, "a chunk's signature changed", mismatch, (body) => ({
      ...body,
      chunks: body.chunks.map((chunk, index) =>
        index === 1 ? { ...chunk, signature: flipHex(chunk.signature ?? '') } : chunk,
      ),
    })),
    stream(mode, 'two chunks exchanged', mismatch, ({ chunks, ...rest }) => ({
      ...rest,
      chunks: [chunks[1], chunks[0], ...chunks.slice(2)].filter((chunk) => chunk !== undefined),
    })),
    stream(mode, 'a chunk sent twice', mismatch, ({ chunks, ...rest }) => ({
      ...rest,
      chunks: [chunks[0], chunks[0], ...chunks.slice(2)].filter((chunk) => chunk !== undefined),
    })),
    stream(mode, 'the last chunk cut off', incompleteBody, (body) =>
      joinBody({ chunks: body.chunks.slice(0, -1), trailers: [] }),
    ),
    stream(
      mode,
      'a decoded length that is too small',
      incompleteBody,
      (body) => body,
      (given) => given.map(([name, value]) => (name === 'x-amz-decoded-content-length' ? [name, '5'] : [name, value])),
    ),
    stream(
      mode,
      'no decoded length',
      { code: 'MissingContentLength', status: 411 },
      (body) => body,
      (given) => given.filter(([name]) => name !== 'x-amz-decoded-content-length'),
    ),
  ]),
  stream('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', "the trailer's value changed", mismatch, (body) => ({
    ...body,
    trailers: [[trailer, sha256Base64(Buffer.from('else'))]],
  })),
  stream('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', "the trailer's signature changed", mismatch, (body) => ({
    ...body,
    trailerSignature: flipHex(body.trailerSignature ?? ''),
  })),
  stream(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    "the trailer's signature taken away",
    mismatch,
    ({ chunks, trailers }) => ({ chunks, trailers }),
  ),
  stream(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'a trailer well signed over a wrong checksum',
    badDigest,
    (_body, { signature }) =>
      signChunks(streamed, chunkSize, signature, [[trailer, sha256Base64(Buffer.from('else'))]]),
  ),
  stream(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'another trailer than was announced',
    { code: 'MalformedTrailerError', status: 400 },
    (_body, { signature }) => signChunks(streamed, chunkSize, signature, [['x-amz-checksum-crc32', 'AAAAAA==']]),
  ),
  stream('STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'a byte of a chunk changed', badDigest, (body) =>
    firstChunk(body, flip),
  ),
  stream('STREAMING-UNSIGNED-PAYLOAD-TRAILER', "the trailer's value changed", badDigest, (body) => ({
    ...body,
    trailers: [[trailer, sha256Base64(Buffer.from('else'))]],
  })),
  stream(
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'the trailer taken away',
    { code: 'MalformedTrailerError', status: 400 },
    ({ chunks }) => ({ chunks, trailers: [] }),
  ),
  stream('STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'chunk sizes that are no numbers', incompleteBody, (body) =>
    Buffer.from(
      joinBody(body)
        .toString('latin1')
        .replace(/^2000\r\n/, 'zzzz\r\n'),
      'latin1',
    ),
  ),
];

function presigned(
  what: string,
  outcome: Outcome,
  change: (signed: SignedDraft) => Draft,
  { method = 'PUT', expiresSeconds = 300, more = {} as Partial<Signing> } = {},
): NegativeRow {
  return {
    what: `presigned: ${what}`,
    prepare: (world) => () => {
      const draft = objectDraft(world, method, objectKey, method === 'PUT' ? 'overwritten' : '');
      return send(world.sandbox.port, change(presignObject(draft, world.admin.key, expiresSeconds, more)));
    },
    ...outcome,
  };
}

const asSigned = (signed: SignedDraft): Draft => signed;
const query =
  (change: (query: string) => string) =>
  (signed: SignedDraft): Draft => ({ ...signed, query: change(signed.query) });
const parameterNames = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
];

const presignedRows: readonly NegativeRow[] = [
  presigned('past its time', { code: 'AccessDenied', status: 403, message: 'Request has expired' }, asSigned, {
    more: { dateMs: Date.now() - 10 * minute },
  }),
  presigned('dated an hour ahead', { code: 'AccessDenied', status: 403 }, asSigned, {
    more: { dateMs: Date.now() + 60 * minute },
  }),
  presigned(
    'its time stretched',
    mismatch,
    query((text) => text.replace('X-Amz-Expires=300', 'X-Amz-Expires=86400')),
  ),
  presigned('for another object', mismatch, (signed) => ({ ...signed, path: `${signed.path}.bak` })),
  presigned(
    'with another parameter',
    mismatch,
    query((text) => `${text}&x-id=PutObject`),
  ),
  presigned('to read, used to delete', mismatch, (signed) => ({ ...signed, method: 'DELETE' }), { method: 'GET' }),
  presigned('to read, used to write', mismatch, (signed) => ({ ...signed, method: 'PUT', body: Buffer.from('mine') }), {
    method: 'GET',
  }),
  presigned(
    'another signature',
    mismatch,
    query((text) => text.replace(/X-Amz-Signature=.*/, `X-Amz-Signature=${'0'.repeat(64)}`)),
  ),
  presigned(
    "another user's key id",
    { code: 'InvalidAccessKeyId', status: 403 },
    query((text) => text.replace(/AKIA[A-Z0-9]{16}/, 'AKIAIOSFODNN7EXAMPLE')),
  ),
  presigned('for longer than a week', badQuery, asSigned, { expiresSeconds: 604_801 }),
  presigned('for less than no time', badQuery, asSigned, { expiresSeconds: -1 }),
  presigned(
    'for a time that is no number',
    badQuery,
    query((text) => text.replace('X-Amz-Expires=300', 'X-Amz-Expires=soon')),
  ),
  presigned('for another region', badQuery, asSigned, { more: { region: 'eu-west-9' } }),
  presigned(
    'with an x-amz- header that was not signed',
    { code: 'AccessDenied', status: 403, message: 'There were headers present in the request which were not signed' },
    (signed) => ({ ...signed, headers: [...signed.headers, ['x-amz-meta-owner', 'intruder']] }),
  ),
  presigned('with a header signature as well', { code: 'InvalidArgument', status: 400 }, (signed) => ({
    ...signed,
    headers: [
      ...signed.headers,
      [
        'authorization',
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00',
      ],
    ],
  })),
  ...parameterNames.map((name) =>
    presigned(
      `without ${name}`,
      badQuery,
      query((text) =>
        text
          .split('&')
          .filter((pair) => !pair.startsWith(`${name}=`))
          .join('&'),
      ),
    ),
  ),
];

export const rows: readonly NegativeRow[] = [...headerRows, ...streamRows, ...presignedRows];
