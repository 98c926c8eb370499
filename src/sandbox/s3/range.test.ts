import { expect, it } from 'vitest';
import { rangeOf } from './range.ts';

it.each([
  ['bytes=0-3', { first: 0, last: 3 }],
  ['bytes=3-3', { first: 3, last: 3 }],
  ['bytes=8-', { first: 8, last: 9 }],
  ['bytes=8-100', { first: 8, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=-100', { first: 0, last: 9 }],
])('%s of ten bytes is a part', (header, range) => {
  expect(rangeOf(header, 10)).toEqual(range);
});

it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b'])(
  '%s is the whole',
  (header) => {
    expect(rangeOf(header, 10)).toBeUndefined();
  },
);

it.each([
  ['bytes=10-', 10],
  ['bytes=10-12', 10],
  ['bytes=-0', 10],
  ['bytes=0-', 0],
  ['bytes=-5', 0],
])('%s of %d bytes is beyond the end', (header, size) => {
  expect(() => rangeOf(header, size)).toThrow(expect.objectContaining({ code: 'InvalidRange', status: 416 }));
});
