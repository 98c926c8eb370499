import { expect, test } from 'vitest';
import { createRandomness } from './randomness.ts';

test('gives every byte out once, in order, whatever the lengths', () => {
  let drawn = 0;
  const random = createRandomness((pool) => {
    for (let at = 0; at < pool.length; at += 1) pool[at] = (drawn + at) % 251;
    drawn += pool.length;
  });
  const kept = random.bytes(5);
  expect([...kept]).toEqual([0, 1, 2, 3, 4]);
  let next = 5;
  for (let n = 0; n < 180; n += 1) {
    const bytes = random.bytes(22);
    expect(bytes).toHaveLength(22);
    expect(bytes[0]).toBe(next % 251);
    next += 22;
  }
  random.bytes(4096);
  expect([...kept]).toEqual([0, 1, 2, 3, 4]);
  expect(random.bytes(10_000)).toHaveLength(10_000);
});

test('no two draws of the real one are alike', () => {
  const random = createRandomness();
  const seen = new Set(Array.from({ length: 2000 }, () => random.bytes(16).toString('hex')));
  expect(seen.size).toBe(2000);
});
