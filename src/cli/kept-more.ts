/** The rest of a kept answer, for those who aren't `credential_process`: other formats, names to complete, a command. */
import { childEnvironment, childProfileOf } from '../delivery/environment.ts';
import { credentialFormats, formatCredentials } from '../delivery/formats.ts';
import { outerProfile } from '../delivery/nesting.ts';
import type { Supervision } from '../process/become.ts';
import { execve, replaceSelf } from '../process/replace.ts';
import type { Io } from './io.ts';
import type { UnfinishedAnswer } from './kept-answer.ts';
import { printableNames } from './profile-names.ts';
import { writeNow } from './write-now.ts';

/** @returns false where the whole program is needed: then nothing was done */
export async function finish(answer: UnfinishedAnswer, env: Io['env']): Promise<boolean> {
  const work = workOf(answer, env);
  if (work === undefined) return false;
  if (typeof work !== 'string') return runInPlace(work);
  writeNow(work);
  return true;
}

/** A text to print, or what to run. */
export function workOf(answer: UnfinishedAnswer, env: Io['env']): string | Supervision | undefined {
  switch (answer.type) {
    case 'profiles':
      return printableNames(answer.names);
    case 'credentials':
      return textOf(answer);
    case 'command': {
      if (outerProfile(env) !== undefined) return undefined;
      const { command, args, place, credentials } = answer;
      return { command, args, env: childEnvironment(env, childProfileOf(place), credentials) };
    }
  }
}

function textOf({
  credentials,
  format,
}: Extract<UnfinishedAnswer, { readonly type: 'credentials' }>): string | undefined {
  const named = credentialFormats.find((name) => name === format);
  try {
    return named && formatCredentials(named, credentials);
  } catch {
    return undefined;
  }
}

/** Becomes the command where the run-time can, else runs it and ends as it ended; false if it could not be started. */
async function runInPlace(command: Supervision): Promise<boolean> {
  replaceSelf(command, execve);
  const { dieOf, supervise } = await import('../process/become.ts');
  const ending = await supervise(command);
  if (ending.type === 'not-started') return false;
  process.exitCode = ending.type === 'exited' ? ending.code : dieOf(ending.signal);
  return true;
}
