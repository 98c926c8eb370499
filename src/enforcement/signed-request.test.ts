import { expect, test } from 'vitest';
import { header, headersByName, headerValues, type SignedRequest } from './signed-request.ts';

const request: SignedRequest = {
  method: 'GET',
  rawPath: '/',
  rawQuery: '',
  headers: ['Host', 'a', 'X-Amz-Date', 'd', 'x-amz-meta', '1', 'X-AMZ-Meta', '2', '__proto__', 'p'],
  body: Buffer.alloc(0),
};

test('a header is found whatever the case of its name, and its lines in their order', () => {
  expect(header(request, 'x-amz-date')).toBe('d');
  expect(header(request, 'x-amz-meta')).toBe('1');
  expect(headerValues(request, 'x-amz-meta')).toEqual(['1', '2']);
});

test('a value is no name, and what is not there is not found', () => {
  expect(header(request, 'd')).toBeUndefined();
  expect(headerValues(request, 'a')).toEqual([]);
  expect(headerValues(request, 'constructor')).toEqual([]);
});

test('all headers by name, with the first value of each', () => {
  expect([...headersByName(request)]).toEqual([
    ['host', 'a'],
    ['x-amz-date', 'd'],
    ['x-amz-meta', '1'],
    ['__proto__', 'p'],
  ]);
});
