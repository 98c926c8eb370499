/** `mfa_process`: the code source that a profile names. It runs only from a file that is the person's own. */
import { closeSync, openSync } from 'node:fs';
import { processCode } from '../mfa/process-code.ts';
import type { CodeSource } from '../mfa/source.ts';
import { awsFilePaths, readAwsFiles, type Setting } from '../profiles/aws-files.ts';
import { originOf } from '../profiles/bases.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { approvedProgram } from './approved-program.ts';
import type { Io } from './io.ts';

/** The source that the profile, or the base that it starts from, names; undefined if neither does. */
export function configuredCodes(io: Io, profile: string): CodeSource | undefined {
  const setting = codeSetting(io, profile);
  if (setting === undefined || setting.value === '') return undefined;
  return processCode({ program: () => approvedProgram(io, 'mfa_process', setting), env: io.env, terminal: terminalFd });
}

function codeSetting(io: Io, profile: string): Setting | undefined {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const resolved = resolveProfile(files, profile, io.env);
  const origin = originOf(resolved);
  const base = origin.type === 'profile' ? resolveProfile(files, origin.name, io.env) : undefined;
  return resolved.settings.get('mfa_process') ?? base?.settings.get('mfa_process');
}

function terminalFd(): { readonly fd: number; readonly close: () => void } | undefined {
  try {
    const fd = openSync('/dev/tty', 'r+');
    return { fd, close: () => closeSync(fd) };
  } catch {
    return undefined;
  }
}
