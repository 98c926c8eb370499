import { expect, test } from 'vitest';
import { canonicalRequest } from './canonical-request.ts';

function canonicalOf(signedHeaderNames: readonly string[]): string | undefined {
  const request = {
    method: 'GET',
    rawPath: '/',
    rawQuery: '',
    headers: ['Host', 'a', 'X-Amz-Date', 'd'],
    body: Buffer.alloc(0),
  };
  return canonicalRequest(request, { signedHeaders: signedHeaderNames.join(';'), signedHeaderNames }, 'hash', 'once');
}

test('a request has a canonical form if each signed header is there', () => {
  expect(canonicalOf(['host', 'x-amz-date'])).toBe('GET\n/\n\nhost:a\nx-amz-date:d\n\nhost;x-amz-date\nhash');
  expect(canonicalOf(['host', 'x-team'])).toBeUndefined();
});

test('names given again and again are not looked for again and again', () => {
  expect(canonicalOf(['host', 'host', 'host'])).toBeUndefined();
});
