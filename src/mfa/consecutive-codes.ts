/**
 * The two codes that enable a device, judged here before AWS is asked: whoever scanned another entry, or typed one
 * code twice, hears of it at once, and AWS's tries aren't spent on it.
 */
import { STEP_SECONDS, stepAt, totpCode } from '../totp/code.ts';

/** How far a phone's clock may be off, both ways. AWS takes less; a phone beyond that is told so. */
const WINDOW_STEPS = 20;

/** A code and the half minute that it belongs to. */
export interface PlacedCode {
  readonly code: string;
  readonly step: number;
}

export type CodeProblem =
  /** No code that this device shows within minutes of now. */
  | 'not-of-this-device'
  /** The code that was given first. */
  | 'same-again'
  /** One that the device showed before the first. */
  | 'earlier';

/** Where this code belongs on the device of this secret, by the machine's clock; undefined: nowhere near. */
export function placeCode(secret: Uint8Array, code: string, nowMs: number): PlacedCode | undefined {
  const present = stepAt(nowMs);
  for (let distance = 0; distance <= WINDOW_STEPS; distance += 1) {
    for (const step of [present - distance, present + distance]) {
      if (totpCode(secret, step) === code) return { code, step };
    }
  }
  return undefined;
}

/** What is wrong with this code; undefined if it is one of the device's and, where one came before it, a later one. */
export function judgeCode(
  secret: Uint8Array,
  code: string,
  first: PlacedCode | undefined,
  nowMs: number,
): CodeProblem | undefined {
  if (code === first?.code) return 'same-again';
  const placed = placeCode(secret, code, nowMs);
  if (placed === undefined) return 'not-of-this-device';
  return first !== undefined && placed.step < first.step ? 'earlier' : undefined;
}

/** How far the device's clock is ahead of the machine's (negative: behind), to the half minute. */
export function aheadSeconds({ step }: PlacedCode, nowMs: number): number {
  return (step - stepAt(nowMs)) * STEP_SECONDS;
}
