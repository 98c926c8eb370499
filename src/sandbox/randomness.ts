import { randomFillSync } from 'node:crypto';
import type { Randomness } from './operation.ts';

const poolBytes = 8192;

/**
 * The system's randomness, drawn a pool at a time: a call into it costs more than the bytes do. Each byte is given out
 * once, and is gone from the pool when it is.
 */
export function systemRandomness(): Randomness {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  return {
    bytes(length) {
      if (length > poolBytes) return randomFillSync(Buffer.alloc(length));
      if (used + length > poolBytes) {
        randomFillSync(pool);
        used = 0;
      }
      const bytes = Buffer.from(pool.subarray(used, used + length));
      pool.fill(0, used, used + length);
      used += length;
      return bytes;
    },
  };
}
