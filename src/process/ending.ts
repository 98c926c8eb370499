import type { ProgramOutcome } from './run.ts';

/**
 * How a program that gave nothing of use ended, to be put after its name. Its arguments stay out, for people write
 * tokens there; of what it said the last line stands, where tools put what went wrong below their usage or trace.
 * @param timeoutMs how long it was waited for
 */
export function describeEnding(outcome: ProgramOutcome, timeoutMs: number): string {
  switch (outcome.type) {
    case 'exited': {
      const last = outcome.stderr.trim().split('\n').at(-1)?.trim() ?? '';
      return `ended with exit code ${outcome.code}${last === '' ? '' : `: ${last}`}`;
    }
    case 'killed':
      return `was ended by ${outcome.signal}`;
    case 'timed-out':
      return `gave no answer in ${timeoutMs / 1000} s`;
    case 'too-much-output':
      return 'printed more than any answer has';
    case 'not-started':
      // execve(2) says the same of a script whose interpreter is gone.
      return outcome.detail === 'ENOENT'
        ? "isn't there, or what its first line names isn't"
        : `could not be started (${outcome.detail})`;
  }
}
