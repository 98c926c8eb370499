import { randomFillSync } from 'node:crypto';
import type { Randomness } from './operation.ts';

const POOL_BYTES = 4096;

/**
 * Unpredictable bytes from the system's generator, drawn in pools: sessions take two dozen at a time, and each draw
 * costs more than all the bytes in it. Every byte is given out once; what is given out is a copy.
 */
export function createRandomness(fill: (pool: Buffer) => void = randomFillSync): Randomness {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    bytes(length) {
      if (length > POOL_BYTES) return filled(Buffer.alloc(length), fill);
      if (used + length > POOL_BYTES) {
        fill(pool);
        used = 0;
      }
      used += length;
      const given = Buffer.from(pool.subarray(used - length, used));
      pool.fill(0, used - length, used);
      return given;
    },
  };
}

function filled(buffer: Buffer, fill: (pool: Buffer) => void): Buffer {
  fill(buffer);
  return buffer;
}
