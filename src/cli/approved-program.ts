/** Programs that the AWS files name: run only from a file that the person owns, or has approved of. */
import { isStepupError } from '../errors.ts';
import { approveProgramSource, programSourceRules } from '../files/program-source.ts';
import type { Setting } from '../profiles/aws-files.ts';
import { type NamedProgram, namedProgram } from '../profiles/named-program.ts';
import { escapeText } from '../terminal/escape.ts';
import type { Io } from './io.ts';

/**
 * The program that `key` names. A file outside `~/.aws` is approved of by the person first, once for its content.
 * @throws as `namedProgram`; `program-source-unapproved` where the person doesn't approve or can't be asked
 */
export async function approvedProgram(
  io: Io,
  key: string,
  setting: Setting,
  byName?: (name: string) => string | undefined,
): Promise<NamedProgram> {
  const rules = programSourceRules(io.accountHomeDirectory);
  const judge = (): NamedProgram => namedProgram(key, setting, rules, byName);
  try {
    return judge();
  } catch (error) {
    if (!isStepupError(error, 'program-source-unapproved')) throw error;
    const { path, sha256, program } = error.fields;
    if (!(await approves(io, `${escapeText(path)} names ${escapeText(program)} as ${key}. Run it?`))) throw error;
    await approveProgramSource({ path, sha256 }, rules, { program: 'stepup', waitMs: 20_000 });
    return judge();
  }
}

async function approves(io: Io, message: string): Promise<boolean> {
  const terminal = io.openTerminal();
  if (terminal === undefined) return false;
  try {
    const { askYesNo } = await import('../terminal/prompt.ts');
    const during = 'the approval of a program';
    return await askYesNo(terminal, { message, default: false, during, signal: io.interrupted });
  } finally {
    terminal.close();
  }
}
