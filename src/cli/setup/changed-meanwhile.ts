/** A person may be asked for long: what was shown, and the answer given for, may be no more. */
import { StepupError } from '../../errors.ts';

export function changedMeanwhile(what: string, outcome: string): StepupError {
  return new StepupError('usage', {
    problem: `${what} changed while this ran; ${outcome}`,
    hint: 'Run it again, and look at what it says now.',
  });
}
