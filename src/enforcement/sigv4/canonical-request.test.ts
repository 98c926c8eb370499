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

test('names out of order, or given again, are a form that nobody signs', () => {
  expect(canonicalOf(['x-amz-date', 'host'])).toBeUndefined();
  expect(canonicalOf(['host', 'host', 'host'])).toBeUndefined();
});

const canonicalValue = (value: string): string | undefined => {
  const request = { method: 'GET', rawPath: '/', rawQuery: '', headers: ['host', value], body: Buffer.alloc(0) };
  const canonical = canonicalRequest(request, { signedHeaders: 'host', signedHeaderNames: ['host'] }, 'hash', 'once');
  return canonical?.split('\n')[3]?.slice('host:'.length);
};

test('spaces and tabs are folded, and no byte of another character', () => {
  expect(canonicalValue(' \ta  b\tc \t ')).toBe('a b c');
  const [grave, joined] = [Buffer.from('voilà', 'utf8').toString('latin1'), 'a\xa0b'];
  expect(canonicalValue(grave)).toBe(grave);
  expect(canonicalValue(joined)).toBe(joined);
});
