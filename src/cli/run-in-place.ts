/** `exec` with credentials that are kept: the command in our place, and nothing else of the program loaded. */
import type { Supervision } from '../process/become.ts';
import { execve, replaceSelf } from '../process/replace.ts';

/**
 * Becomes the command where the run-time can, else runs it and ends as it ended.
 * @returns false if it could not be started: then nothing was done
 */
export async function runInPlace(command: Supervision): Promise<boolean> {
  replaceSelf(command, execve);
  const { dieOf, supervise } = await import('../process/become.ts');
  const ending = await supervise(command);
  if (ending.type === 'not-started') return false;
  process.exitCode = ending.type === 'exited' ? ending.code : dieOf(ending.signal);
  return true;
}
