/** Access key ids: `AKIA` for long-term keys, `ASIA` for temporary ones, and 16 characters of Base32 (80 bits). */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export type AccessKeyPrefix = 'AKIA' | 'ASIA';

/** `bytes`: ten of them, random. */
export function encodeAccessKeyId(prefix: AccessKeyPrefix, bytes: Uint8Array): string {
  const characters: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    pendingBits += 8;
    while (pendingBits >= 5) {
      pendingBits -= 5;
      characters.push(ALPHABET.charCodeAt((pending >> pendingBits) & 31));
    }
  }
  return prefix + String.fromCharCode(...characters);
}

/** A temporary key comes with its session token, a long-term one without. */
export function isTemporaryKeyId(accessKeyId: string): boolean {
  return accessKeyId.startsWith('ASIA');
}
