/** A device's secret as people and apps exchange it: Base32 (RFC 4648) without padding, and an `otpauth:` URI. */
import { Secret } from 'otpauth';

export function encodeSeed(secret: Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(secret).buffer }).base32;
}

/** Takes lower case, spaces and hyphens, as apps show seeds. Undefined if it isn't Base32 of at least one byte. */
export function decodeSeed(base32: string): Uint8Array | undefined {
  const letters = base32.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  if (!/^[A-Z2-7]{2,}$/.test(letters)) return undefined;
  return Secret.fromBase32(letters).bytes;
}

/** What AWS's QR code holds: `otpauth://totp/Amazon%20Web%20Services:USER@ACCOUNT?secret=…`. */
export function enrolmentUri(seedBase32: string, userName: string, accountId: string): string {
  const issuer = encodeURIComponent('Amazon Web Services');
  const label = `${encodeURIComponent(userName)}@${accountId}`;
  return `otpauth://totp/${issuer}:${label}?secret=${seedBase32}&issuer=${issuer}`;
}
