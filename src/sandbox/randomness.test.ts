import { expect, it } from 'vitest';
import { systemRandomness } from './randomness.ts';

it('gives out bytes of any length, and none of them twice', () => {
  const random = systemRandomness();
  const seen = new Set<string>();
  for (let call = 0; call < 2_000; call++) {
    const bytes = random.bytes(22);
    expect(bytes).toHaveLength(22);
    seen.add(bytes.toString('hex'));
  }
  expect(seen.size).toBe(2_000);
  for (const length of [0, 1, 8_192, 8_193, 100_000]) {
    const bytes = random.bytes(length);
    expect(bytes).toHaveLength(length);
    if (length > 100) expect(new Set(bytes).size).toBeGreaterThan(100);
  }
});

it('leaves what it gave out alone', () => {
  const random = systemRandomness();
  const first = random.bytes(32);
  const before = Buffer.from(first);
  for (let call = 0; call < 1_000; call++) random.bytes(32);
  expect(first).toEqual(before);
});
