import { createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeal } from './seal.ts';

const random = { bytes: randomBytes };
const key = Buffer.alloc(32, 7);
const { seal, open } = createSeal(key, 'a test', random);

/** Of one block, several, many, and more than is made ahead at once. */
const lengths = [0, 1, 15, 16, 17, 300, 4_000, 32_767, 32_768, 32_769, 100_000];

test('opens to exactly what was sealed, whatever came before it', () => {
  for (const length of [...lengths, ...lengths.toReversed()]) {
    const plain = randomBytes(length);
    const sealed = seal(plain);
    expect(sealed.length).toBe(length + 32);
    expect(open(sealed)?.equals(plain)).toBe(true);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (plain) => {
      expect(open(seal(plain))?.equals(plain)).toBe(true);
    }),
  );
});

test('is AES-256-CTR and HMAC-SHA-256, as others compute them', () => {
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `a test: ${use}`, 32));
  for (const length of lengths) {
    const plain = randomBytes(length);
    const sealed = seal(plain);
    const [counter, text, tag] = [sealed.subarray(0, 16), sealed.subarray(16, -16), sealed.subarray(-16)];
    expect(createDecipheriv('aes-256-ctr', derived('encryption'), counter).update(text).equals(plain)).toBe(true);
    const hmac = createHmac('sha256', derived('authentication')).update(counter).update(text).digest();
    expect(tag.equals(hmac.subarray(0, 16))).toBe(true);
  }
});

test('uses no part of the key stream twice', () => {
  const counters: string[] = [];
  for (let turn = 0; turn < 2_000; turn++) {
    const length = [1, 16, 17, 250, 0, 5_000][turn % 6] ?? 0;
    const counter = seal(Buffer.alloc(length)).subarray(0, 16);
    const count = counter.readUInt32BE(12);
    for (let block = 0; block * 16 < Math.max(1, length); block++) {
      counters.push(`${counter.toString('hex', 0, 12)} ${count + block}`);
    }
  }
  expect(counters.length).toBeGreaterThan(100_000);
  expect(new Set(counters).size).toBe(counters.length);
});

test('seals nothing with a key stream that could not be made, and goes on when it can', () => {
  let isBroken = false;
  const bytes = (length: number) => {
    if (isBroken) throw new Error('no randomness');
    return randomBytes(length);
  };
  const frail = createSeal(key, 'a test', { bytes });
  frail.seal(Buffer.alloc(32_700));
  isBroken = true;
  expect(() => frail.seal(Buffer.alloc(100))).toThrow('no randomness');
  // What is left of the key stream is still good.
  expect(open(frail.seal(Buffer.from('short')))?.toString()).toBe('short');
  isBroken = false;
  expect(open(frail.seal(Buffer.alloc(100, 'x')))?.toString()).toBe('x'.repeat(100));
});

test('opens nothing that was changed, cut, lengthened, or sealed with another key or for another use', () => {
  const sealed = seal(Buffer.from('of one block and a bit'));
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(open(changed)).toBeUndefined();
  }
  for (let end = 0; end < sealed.length; end++) expect(open(sealed.subarray(0, end))).toBeUndefined();
  expect(open(Buffer.concat([sealed, Buffer.of(0)]))).toBeUndefined();
  expect(open(Buffer.alloc(1_000))).toBeUndefined();
  expect(createSeal(Buffer.alloc(32, 8), 'a test', random).open(sealed)).toBeUndefined();
  expect(createSeal(key, 'another test', random).open(sealed)).toBeUndefined();
  expect(createSeal(key, 'a test', random).open(sealed)?.toString()).toBe('of one block and a bit');
});
