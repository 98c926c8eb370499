/** A question may be open for long: what the answer was given for may be no more. */
import { StepupError } from '../../errors.ts';

export function changedMeanwhile(what: string, outcome: string): StepupError {
  return new StepupError('usage', {
    problem: `${what} changed while the question was open; ${outcome}`,
    hint: 'Run it again, and look at what it says now.',
  });
}
