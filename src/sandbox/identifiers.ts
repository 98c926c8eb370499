/**
 * Ids as AWS makes them: four letters that tell the kind (IAM User Guide, Unique identifiers), then Base32 characters;
 * 21 in all for entities as in AWS's examples, 20 for access keys, whose secrets have 40 characters.
 */
import { encodeAccessKeyId } from '../enforcement/access-key-id.ts';
import type { Randomness } from './operation.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export type EntityKind = 'AIDA' | 'AROA' | 'AGPA' | 'ANPA';

export function newEntityId(kind: EntityKind, random: Randomness): string {
  return kind + base32Characters(17, random);
}

export function newAccessKeyId(random: Randomness): string {
  return encodeAccessKeyId('AKIA', random.bytes(10));
}

/** 30 random bytes: 40 characters of Base64 without padding. */
export function newSecretAccessKey(random: Randomness): string {
  return random.bytes(30).toString('base64');
}

function base32Characters(count: number, random: Randomness): string {
  return Array.from(random.bytes(count), (byte) => BASE32.charAt(byte & 31)).join('');
}
