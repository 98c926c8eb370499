/** Spans of time as options and aws-vault's environment variables have them: `15m`, `1h30m`, `3600`. */
import { StepupError } from '../errors.ts';

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** Whole seconds; a bare number is seconds. `source` names the option or variable in the error. Throws `usage`. */
export function readSpan(source: string, text: string): number {
  const trimmed = text.trim().toLowerCase();
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed);
  const parts = [...trimmed.matchAll(/(\d{1,9})([dhms])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== trimmed) {
    throw new StepupError('usage', {
      problem: `${source} is not a span of time: ${text}`,
      hint: 'Write 15m, 1h30m, 12h or a number of seconds.',
    });
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ''] ?? 0), 0);
}
