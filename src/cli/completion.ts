/** `stepup completion SHELL`, and the names of profiles that its scripts ask for. */
import type { Command } from 'commander';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { escapeText } from '../terminal/escape.ts';
import { completionScript } from './completion-script.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

/** `program`: the whole command tree, which the scripts are made of. */
export function completionCommand(io: Io, shell: string, program: Command): number {
  io.stdout.write(shell === 'profiles' ? profileNames(io) : completionScript(shell, program));
  return ExitCode.done;
}

/** One a line. A name that can't be printed as it is can't be completed either. */
function profileNames(io: Io): string {
  const names = [...readAwsFiles(awsFilePaths(io.env, io.homeDirectory)).profiles.keys()];
  return names.flatMap((name) => (escapeText(name) === name ? [`${name}\n`] : [])).join('');
}
