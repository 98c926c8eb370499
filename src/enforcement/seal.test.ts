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
  // Nothing but zeros: what comes out is the key stream itself.
  const blocks: string[] = [];
  for (let turn = 0; turn < 2_000; turn++) {
    const plain = Buffer.alloc([1, 16, 17, 250, 5_000][turn % 5] ?? 0);
    const text = seal(plain).subarray(16, -16);
    // A shorter piece could be like another by chance.
    for (let at = 0; at + 16 <= text.length; at += 16) blocks.push(text.toString('latin1', at, at + 16));
  }
  expect(blocks.length).toBeGreaterThan(100_000);
  expect(new Set(blocks).size).toBe(blocks.length);
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
