/** The end of a run that failed: the person's text on stderr, and the exit code. */
import { isStepupError, StepupError } from '../errors.ts';
import { escapeLines } from '../terminal/escape.ts';
import { styleFor } from '../terminal/style.ts';
import type { Io } from './io.ts';
import type { Wording } from './wording/row.ts';
import { exitCodeOf, wordError } from './wording/wording.ts';

/** Prints what went wrong and answers the exit code for it. An error that isn't ours is a defect, except those of the file system. */
export function reportError(error: unknown, io: Pick<Io, 'stderr' | 'env'>): number {
  const ours = isStepupError(error) ? error : fromOutside(error);
  io.stderr.write(layOut(wordError(ours), io));
  if (ours.code === 'internal' && io.env['STEPUP_DEBUG'] && error instanceof Error) {
    io.stderr.write(`${escapeLines(error.stack ?? '')}\n`);
  }
  return exitCodeOf(ours);
}

/** `stepup: what`, then why and what next, indented. */
function layOut({ what, why, next }: Wording, io: Pick<Io, 'stderr' | 'env'>): string {
  const style = styleFor(io.stderr, io.env);
  const indented = (text: string): string => escapeLines(text).replaceAll('\n', '\n  ');
  const lines = [`${style.red('stepup:')} ${escapeLines(what)}`];
  if (why !== undefined) lines.push(`  ${indented(why)}`);
  if (next !== undefined) lines.push(`  ${indented(next)}`);
  return `${lines.join('\n')}\n`;
}

/** Node's own errors: a file that can't be read is the person's to mend, anything else is our defect. */
function fromOutside(error: unknown): StepupError {
  if (error instanceof Error) {
    const { code, path, syscall } = error as NodeJS.ErrnoException;
    if (code !== undefined && path !== undefined && syscall !== undefined) {
      return new StepupError('file-system', { code, path, operation: syscall }, { cause: error });
    }
    return new StepupError('internal', { problem: error.message }, { cause: error });
  }
  return new StepupError('internal', { problem: String(error) });
}
