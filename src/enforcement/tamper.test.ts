/**
 * One bit of a signed request is turned, wherever it stands: the request is refused, or it still means the same (an
 * escape in small letters, say). Requests are signed by the contract tests' own signer.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChunkedBody, joinBody, signChunks, unsignedChunks } from '../../test/contract/harness/chunked.ts';
import { type Draft, presign, signByHeader } from '../../test/contract/harness/sigv4.ts';
import { received } from '../../test/support/received.ts';
import { aliceSession, object, presignable, query, S3, STS, signing } from '../../test/support/signed-drafts.ts';
import { testAuthority } from '../../test/support/test-authority.ts';
import { authenticate } from './authenticate.ts';
import { checksum } from './checksum/algorithms.ts';
import { Refusal } from './refusal.ts';
import { header, type SignedRequest } from './signed-request.ts';
import { canonicalPath, canonicalQuery } from './sigv4/canonical-request.ts';
import type { SignedService } from './sigv4/signed-service.ts';

const RUNS = { numRuns: 1500 };

const authority = testAuthority();
const session = authority.sessionTokens.seal(aliceSession);

/** What authentication vouches for. */
function accepted(request: SignedRequest, service: SignedService): string {
  const { caller, body, trailers } = authenticate(request, service, authority);
  const path = canonicalPath(request.rawPath, service.dialect.pathEncoding);
  return JSON.stringify([
    caller,
    request.method,
    path,
    canonicalQuery(request.rawQuery),
    body.toString('hex'),
    [...trailers],
  ]);
}

function neverAcceptsAnotherMeaning(draft: Draft, service: SignedService): void {
  const request = received(draft);
  const meaning = accepted(request, service);
  const places = placesOf(request);
  fc.assert(
    fc.property(fc.nat(places.length - 1), fc.nat(7), (at, bit) => {
      const [name, tamper] = places[at]!;
      try {
        expect([name, accepted(tamper(1 << bit), service)]).toEqual([name, meaning]);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
    RUNS,
  );
}

/** Every byte of a request: where it stands, and the request with this mask over it. */
function placesOf(request: SignedRequest): readonly (readonly [string, (mask: number) => SignedRequest])[] {
  const inText = (name: string, text: string, rebuild: (text: string) => SignedRequest) =>
    Array.from(text, (_, at) => [`${name}, byte ${at}`, (mask: number) => rebuild(flip(text, at, mask))] as const);
  return [
    ...inText('method', request.method, (method) => ({ ...request, method })),
    ...inText('path', request.rawPath, (rawPath) => ({ ...request, rawPath })),
    ...inText('query', request.rawQuery, (rawQuery) => ({ ...request, rawQuery })),
    ...request.headers.flatMap((text, place) =>
      place % 2 === 0
        ? []
        : inText(`header ${request.headers[place - 1]}`, text, (value) => ({
            ...request,
            headers: request.headers.with(place, value),
          })),
    ),
    ...inText('body', request.body.toString('latin1'), (text) => ({ ...request, body: Buffer.from(text, 'latin1') })),
  ];
}

function flip(text: string, at: number, mask: number): string {
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ mask) + text.slice(at + 1);
}

function chunked(keyword: string, trailers: ChunkedBody['trailers']): Draft {
  const data = Buffer.from('a body that is sent in pieces '.repeat(300));
  const draft: Draft = {
    ...object,
    method: 'PUT',
    query: '',
    headers: [
      ['host', '127.0.0.1:4747'],
      ['x-amz-content-sha256', keyword],
      ['content-encoding', 'aws-chunked'],
      ['x-amz-decoded-content-length', String(data.length)],
      ...(trailers.length === 0 ? [] : [['x-amz-trailer', trailers.map(([name]) => name).join(',')] as const]),
    ],
  };
  const signed = signByHeader(draft, signing(S3, { payloadHash: keyword }));
  const body = keyword.startsWith('STREAMING-UNSIGNED')
    ? unsignedChunks(data, 8192, trailers)
    : signChunks(data, 8192, signed.signature, trailers);
  return { ...signed, body: joinBody(body) };
}

function trailersFor(): ChunkedBody['trailers'] {
  const data = Buffer.from('a body that is sent in pieces '.repeat(300));
  return [['x-amz-checksum-crc64nvme', checksum('CRC64NVME', data)]];
}

describe('a turned bit changes nothing that is accepted', () => {
  test('in a Query request', () => neverAcceptsAnotherMeaning(signByHeader(query, signing(STS)), STS));

  test('in a Query request with a session', () =>
    neverAcceptsAnotherMeaning(signByHeader(query, signing(STS, { credentials: session })), STS));

  test('in an S3 request', () => neverAcceptsAnotherMeaning(signByHeader(object, signing(S3)), S3));

  test('in a presigned S3 request with a session', () =>
    neverAcceptsAnotherMeaning(presign(presignable, signing(S3, { credentials: session }), 3600), S3));

  test('in signed chunks', () => neverAcceptsAnotherMeaning(chunked('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', []), S3));

  test('in signed chunks with a trailer', () =>
    neverAcceptsAnotherMeaning(chunked('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', trailersFor()), S3));

  test('in unsigned chunks with a trailer, whose checksum tells', () =>
    neverAcceptsAnotherMeaning(chunked('STREAMING-UNSIGNED-PAYLOAD-TRAILER', trailersFor()), S3));
});

test('a header that was signed can be neither doubled nor moved', () => {
  const request = received(signByHeader(query, signing(STS)));
  const doubled = { ...request, headers: [...request.headers, 'host', '127.0.0.1:4747'] };
  expect(() => accepted(doubled, STS)).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
  const twice = {
    ...request,
    headers: [...request.headers, 'authorization', header(request, 'authorization')!],
  };
  expect(() => accepted(twice, STS)).toThrow(expect.objectContaining({ code: 'IncompleteSignature' }));
});
