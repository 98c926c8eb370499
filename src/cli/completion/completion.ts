/** `stepup completion SHELL`, and the names of profiles that its scripts ask for. */
import type { Command } from 'commander';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printableNames, profileNames } from '../profile-names.ts';
import { completionScript } from './script.ts';

/** `program`: the whole command tree, which the scripts are made of. */
export function completionCommand(io: Io, shell: string, program: Command): number {
  io.stdout.write(shell === 'profiles' ? printableNames(profileNames(io)) : completionScript(shell, program));
  return ExitCode.done;
}
