/**
 * One-time codes by RFC 6238 as AWS's authenticators make them: SHA-1, six digits, a new code every 30 seconds.
 */
import { HOTP, Secret } from 'otpauth';

export const STEP_SECONDS = 30;

/** The number of the step that a moment (epoch milliseconds) lies in: RFC 6238's T. */
export function stepAt(timeMs: number): number {
  return Math.floor(timeMs / 1000 / STEP_SECONDS);
}

/** The six digits that a device of this secret shows during this step. */
export function totpCode(secret: Uint8Array, step: number): string {
  return HOTP.generate({ secret: secretOf(secret), algorithm: 'SHA1', digits: 6, counter: step });
}

/** A copy: the library keeps the buffer behind a view, and a view of Node's shares it with strangers. */
function secretOf(bytes: Uint8Array): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer });
}
