import { randomFillSync } from 'node:crypto';
import type { Randomness } from './operation.ts';

const POOL_BYTES = 4096;

/**
 * Unpredictable bytes from the system's generator, drawn in pools: sessions take fifty at a time, and each draw
 * costs more than all the bytes in it. Every byte is given out once: a pool that is used up is left to those who have
 * its bytes.
 */
export function createRandomness(fill: (pool: Buffer) => void = randomFillSync): Randomness {
  let pool: Buffer = Buffer.alloc(0);
  let used = 0;
  return {
    bytes(length) {
      if (length > POOL_BYTES) return filled(length, fill);
      if (used + length > pool.length) {
        pool = filled(POOL_BYTES, fill);
        used = 0;
      }
      used += length;
      return pool.subarray(used - length, used);
    },
  };
}

function filled(length: number, fill: (pool: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(length);
  fill(buffer);
  return buffer;
}
