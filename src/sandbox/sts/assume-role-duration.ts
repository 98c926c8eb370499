import type { Caller } from '../../enforcement/caller.ts';
import { Refusal } from '../../enforcement/refusal.ts';

export const DEFAULT_SECONDS = 3600;
/** Role chaining: a role entered with temporary credentials, GetSessionToken's included, for one hour at most. */
const CHAINED_SECONDS = 3600;

/** Throws Refusal `ValidationError` over the hour of a chain, or over the role's own maximum. */
export function checkDuration(seconds: number, caller: Caller, maxSessionSeconds: number): void {
  if (caller.type !== 'long-term' && seconds > CHAINED_SECONDS) {
    throw new Refusal(
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (seconds > maxSessionSeconds) {
    throw new Refusal(
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
}
