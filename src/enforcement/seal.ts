/**
 * Authenticated encryption for many short texts: AES-256 in counter mode (NIST SP 800-38A), and HMAC-SHA-256 over
 * counter and ciphertext, cut to 128 bits (RFC 2104, 5). AES-GCM does both in one; but each text would take a cipher of
 * Node's of its own, and that was a third of what AssumeRole takes besides HTTP. The key stream of counter mode depends
 * on no text, and is made ahead for a hundred of them.
 */
import { createCipheriv, createDecipheriv, hkdfSync, timingSafeEqual } from 'node:crypto';
import { HmacKey } from './hmac.ts';
import type { Randomness } from './ports.ts';

export interface Seal {
  /** `plain` so that nobody without the key can read it, or change it unnoticed: 32 bytes longer, never twice the same. */
  seal(plain: Uint8Array): Buffer;
  /** What was sealed with this key for this use; undefined for all other bytes. */
  open(sealed: Uint8Array): Buffer | undefined;
}

const CIPHER = 'aes-256-ctr';
const BLOCK_BYTES = 16;
/** Of the counter: the end of it counts blocks, the rest is random for each stretch of key stream. */
const COUNT_BYTES = 4;
const TAG_BYTES = 16;
const STRETCH_BYTES = 32 * 1024;

/** `key`: 32 random bytes. `use`: each has keys of its own, derived from that one (HKDF, RFC 5869). */
export function createSeal(key: Uint8Array, use: string, random: Randomness): Seal {
  const cipherKey = subkey(key, `${use}: encryption`);
  const hmac = new HmacKey(subkey(key, `${use}: authentication`));
  const encrypt = createEncryption(cipherKey, random);
  const tagOf = (bytes: Uint8Array): Uint8Array => Buffer.from(hmac.sign(bytes), 'hex').subarray(0, TAG_BYTES);

  return {
    seal(plain) {
      const end = BLOCK_BYTES + plain.length;
      const sealed = Buffer.allocUnsafe(end + TAG_BYTES);
      encrypt(plain, sealed);
      sealed.set(tagOf(sealed.subarray(0, end)), end);
      return sealed;
    },

    open(sealed) {
      const end = sealed.length - TAG_BYTES;
      if (end < BLOCK_BYTES) return undefined;
      if (!timingSafeEqual(tagOf(sealed.subarray(0, end)), sealed.subarray(end))) return undefined;
      const decipher = createDecipheriv(CIPHER, cipherKey, sealed.subarray(0, BLOCK_BYTES));
      return decipher.update(sealed.subarray(BLOCK_BYTES, end));
    },
  };
}

/** Writes the counter that a text begins with and its ciphertext. No part of the key stream is used twice. */
function createEncryption(key: Buffer, random: Randomness): (plain: Uint8Array, into: Buffer) => void {
  let first = Buffer.alloc(BLOCK_BYTES);
  let stretch = Buffer.alloc(0);
  let used = 0;
  return (plain, into) => {
    // The next text begins with a block of its own, and an empty one takes a counter too.
    const taken = Math.max(1, Math.ceil(plain.length / BLOCK_BYTES)) * BLOCK_BYTES;
    if (used + taken > stretch.length) {
      const counter = Buffer.alloc(BLOCK_BYTES);
      counter.set(random.bytes(BLOCK_BYTES - COUNT_BYTES));
      stretch = createCipheriv(CIPHER, key, counter).update(Buffer.alloc(Math.max(STRETCH_BYTES, taken)));
      first = counter;
      used = 0;
    }
    into.set(first);
    into.writeUInt32BE(used / BLOCK_BYTES, BLOCK_BYTES - COUNT_BYTES);
    for (let at = 0; at < plain.length; at++) {
      into[BLOCK_BYTES + at] = (plain[at] ?? 0) ^ (stretch[used + at] ?? 0);
    }
    used += taken;
  };
}

function subkey(key: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', use, 32));
}
