/** `exec` with credentials that are kept: the command in our place, and nothing else of the program loaded. */
import { childEnvironment, childProfileOf, type Environment } from '../delivery/environment.ts';
import { outerProfile } from '../delivery/nesting.ts';
import type { Supervision } from '../process/become.ts';
import { execve, replaceSelf } from '../process/replace.ts';
import type { KeptCommand } from './remembered-answer.ts';

/**
 * Becomes the command where the run-time can, else runs it and ends as it ended.
 * @returns false where the whole program is needed, for it could not be started: then nothing was done
 */
export async function runInPlace(kept: KeptCommand, env: Environment): Promise<boolean> {
  const command = supervisionOf(kept, env);
  if (command === undefined) return false;
  replaceSelf(command, execve);
  const { dieOf, supervise } = await import('../process/become.ts');
  const ending = await supervise(command);
  if (ending.type === 'not-started') return false;
  process.exitCode = ending.type === 'exited' ? ending.code : dieOf(ending.signal);
  return true;
}

/** @returns undefined inside of another exec, which has to be refused */
export function supervisionOf(kept: KeptCommand, env: Environment): Supervision | undefined {
  if (outerProfile(env) !== undefined) return undefined;
  const { command, args, place, credentials } = kept;
  return { command, args, env: childEnvironment(env, childProfileOf(place), credentials) };
}
