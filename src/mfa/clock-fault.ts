import type { ErrorFields } from '../errors.ts';

/** A code is made from the time: a machine whose clock is off by most of a step makes no other. */
const DRIFT_SECONDS = 20;

/** True where the machine's clock explains a refused code, and the next one would be refused as well. */
export function isClockAtFault({ madeHere, aheadSeconds = 0 }: ErrorFields['code-refused']): boolean {
  return madeHere === true && Math.abs(aheadSeconds) > DRIFT_SECONDS;
}
