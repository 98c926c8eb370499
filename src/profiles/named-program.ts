/**
 * Programs that the AWS files name (`mfa_process`, `credential_process`, stores' commands): run without a shell, by an absolute path, and only
 * from a file that may name programs (see `files/program-source.ts`). Nobody else may write the program itself either.
 */
import { isAbsolute, resolve } from 'node:path';
import { StepupError } from '../errors.ts';
import { findOwnershipFault } from '../files/modes.ts';
import { judgeProgramSource, type ProgramSourceRules } from '../files/program-source.ts';
import { readText } from '../files/read.ts';
import type { Setting } from './aws-files.ts';
import { splitWords } from './split-words.ts';

export interface NamedProgram {
  readonly path: string;
  readonly args: readonly string[];
}

/**
 * The program and its arguments, split as a POSIX shell would.
 * @param byName where a program of a bare name lies, if the key takes such names
 * @throws StepupError `program-named-badly` (no command line, or no absolute path), `program-source-unsafe`,
 * `program-source-unapproved`, `file-system`
 */
export function namedProgram(
  key: string,
  setting: Setting,
  rules: ProgramSourceRules,
  byName?: (name: string) => string | undefined,
): NamedProgram {
  const { path: file, line } = setting.place;
  const [program, ...args] = splitWords(setting.value) ?? [];
  if (program === undefined || program === '') {
    throw new StepupError('program-named-badly', { key, path: file, line, problem: 'no-command' });
  }
  const path = /[\\/]/.test(program) ? program : byName?.(program);
  if (path === undefined || !isAbsolute(path)) {
    throw new StepupError('program-named-badly', { key, path: file, line, problem: 'not-absolute', program });
  }
  const source = judgeProgramSource(file, rules);
  if (source.type === 'refused') {
    throw new StepupError('program-source-unsafe', { key, program, path: file, fault: source.fault });
  }
  if (source.type === 'needs-approval') {
    throw new StepupError('program-source-unapproved', { key, program, path: source.path, sha256: source.sha256 });
  }
  // One that isn't there is told by whoever would run it.
  const fault = isOnWindowsDrive(path) ? undefined : findOwnershipFault(path, { program: true });
  if (fault !== undefined && fault.problem !== 'missing')
    throw new StepupError('program-source-unsafe', { key, program, path: file, fault });
  return { path, args };
}

/** WSL shows Windows' files as everybody's; Windows' own lists of who may write hold there. */
function isOnWindowsDrive(path: string): boolean {
  return /^\/mnt\/[a-z]\//.test(resolve(path)) && /microsoft/i.test(readText('/proc/sys/kernel/osrelease') ?? '');
}
