import { StepupError } from '../errors.ts';
import { isOwnCredentialProcess } from '../profiles/own-credential-process.ts';
import type { Io } from './io.ts';
import { commandLineOf } from './own-command.ts';

/** The `credential_process` line that serves a profile's MFA session. @throws StepupError `usage` where no line would be read right */
export function processLine({ ownCommand, platform }: Pick<Io, 'ownCommand' | 'platform'>, profile: string): string {
  const words = [...ownCommand, 'credentials', profile];
  const line = commandLineOf(words, platform);
  if (line !== undefined && isOwnCredentialProcess(line)) return line;
  throw new StepupError('usage', {
    problem: `${words.join(' ')} makes no credential_process line that every client reads alike`,
    hint: 'Install stepup where its path has no quotes, dollar signs or backslashes, under its own name.',
  });
}
