/**
 * Cyclic redundancy checks of 32 and 64 bits, reflected (the least significant bit first), as S3's checksums are. A
 * 64-bit value is kept as two 32-bit halves: BigInt would be a hundred times slower.
 */

/** One step of a byte through a reflected 32-bit CRC, for all 256 bytes. `polynomial` is the reversed form. */
export function crc32Table(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
}

/** The CRC of `data`, big endian, begun and ended with all ones. */
export function crc32(table: Uint32Array, data: Uint8Array): Buffer {
  let crc = 0xffffffff;
  for (const byte of data) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  const out = Buffer.alloc(4);
  out.writeUInt32BE(~crc >>> 0);
  return out;
}

/** High and low halves of the 256 steps of a reflected 64-bit CRC. */
export interface Crc64Table {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

export function crc64Table(polynomialHigh: number, polynomialLow: number): Crc64Table {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let h = 0;
    let l = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = l & 1;
      l = (l >>> 1) | ((h & 1) << 31);
      h >>>= 1;
      if (carry) {
        h ^= polynomialHigh;
        l ^= polynomialLow;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  return { high, low };
}

/** The CRC of `data`, big endian, begun and ended with all ones. */
export function crc64(table: Crc64Table, data: Uint8Array): Buffer {
  const { high, low } = table;
  let h = 0xffffffff;
  let l = 0xffffffff;
  for (const byte of data) {
    const index = (l ^ byte) & 0xff;
    l = ((l >>> 8) | (h << 24)) ^ (low[index] as number);
    h = (h >>> 8) ^ (high[index] as number);
  }
  const out = Buffer.alloc(8);
  out.writeUInt32BE(~h >>> 0);
  out.writeUInt32BE(~l >>> 0, 4);
  return out;
}
