/** `mfa_process`: the code source that a profile names. It runs only from a file that is the person's own. */
import { closeSync, openSync } from 'node:fs';
import { isStepupError } from '../errors.ts';
import { approveProgramSource, programSourceRules } from '../files/program-source.ts';
import { type CodeProgram, processCode } from '../mfa/process-code.ts';
import type { CodeSource } from '../mfa/source.ts';
import { awsFilePaths, readAwsFiles, type Setting } from '../profiles/aws-files.ts';
import { originOf } from '../profiles/bases.ts';
import { namedProgram } from '../profiles/named-program.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { escapeText } from '../terminal/escape.ts';
import type { Io } from './io.ts';

/** The source that the profile, or the base that it starts from, names; undefined if neither does. */
export function configuredCodes(io: Io, profile: string): CodeSource | undefined {
  const setting = codeSetting(io, profile);
  if (setting === undefined || setting.value === '') return undefined;
  return processCode({ program: () => approvedProgram(io, setting), env: io.env, terminal: terminalFd });
}

function codeSetting(io: Io, profile: string): Setting | undefined {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const resolved = resolveProfile(files, profile, io.env);
  const origin = originOf(resolved);
  const base = origin.type === 'profile' ? resolveProfile(files, origin.name, io.env) : undefined;
  return resolved.settings.get('mfa_process') ?? base?.settings.get('mfa_process');
}

/** The program; a file outside `~/.aws` is approved of by the person first, once for its content. */
async function approvedProgram(io: Io, setting: Setting): Promise<CodeProgram> {
  const rules = programSourceRules(io.accountHomeDirectory);
  try {
    return namedProgram('mfa_process', setting, rules);
  } catch (error) {
    if (!isStepupError(error, 'program-source-unapproved')) throw error;
    const { path, sha256, program } = error.fields;
    if (!(await approves(io, `${escapeText(path)} names ${escapeText(program)} as mfa_process. Run it?`))) throw error;
    await approveProgramSource({ path, sha256 }, rules, { program: 'stepup', waitMs: 20_000 });
    return namedProgram('mfa_process', setting, rules);
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

function terminalFd(): { readonly fd: number; readonly close: () => void } | undefined {
  try {
    const fd = openSync('/dev/tty', 'r+');
    return { fd, close: () => closeSync(fd) };
  } catch {
    return undefined;
  }
}
