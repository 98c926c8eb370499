import type { SignatureClaim } from './claim.ts';
import type { Dialect } from './dialect.ts';

const DEFAULT_VALIDITY_SECONDS = 900;

/**
 * Is the signature of now? In the header: its date within the dialect's skew of the machine's clock, either way.
 * Presigned: not before its date (but for the skew) and not past its validity. Throws Refusal.
 */
export function checkFreshness(claim: SignatureClaim, dialect: Dialect, nowMs: number): void {
  const { refuse, maxSkewSeconds, presigned } = dialect;
  const { signedAtMs } = claim;
  const tooNew = signedAtMs > nowMs + maxSkewSeconds * 1000;
  if (claim.form === 'header') {
    if (tooNew) throw refuse.tooNew(signedAtMs, nowMs, maxSkewSeconds);
    if (signedAtMs < nowMs - maxSkewSeconds * 1000) throw refuse.tooOld(signedAtMs, nowMs, maxSkewSeconds);
    return;
  }
  if (tooNew) throw refuse.presignedTooNew(signedAtMs, nowMs, maxSkewSeconds);
  const validitySeconds = Math.min(claim.expiresSeconds ?? DEFAULT_VALIDITY_SECONDS, presigned.maxValiditySeconds);
  if (nowMs > signedAtMs + validitySeconds * 1000) {
    throw refuse.presignedExpired(signedAtMs, validitySeconds, nowMs);
  }
}
