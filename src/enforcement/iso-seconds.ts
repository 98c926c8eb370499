let lastMs = Number.NaN;
let lastText = '';

/**
 * A time as AWS writes it, in whole seconds: `2026-01-31T12:00:00Z`. The last one is kept: what is answered within a
 * second often says the same time, and a date takes as long to print as a hash to make.
 */
export function isoSeconds(timeMs: number): string {
  if (timeMs !== lastMs) {
    lastText = `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
    lastMs = timeMs;
  }
  return lastText;
}
