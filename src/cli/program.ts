/**
 * Every command's name, options and examples, and nothing of what it does: the file of a command is loaded when it is
 * the one that runs. `--help`, the man page and the completions are made from these definitions.
 */
import { Command, CommanderError } from 'commander';
import { StepupError } from '../errors.ts';
import { defineCompletion } from './definitions/completion.ts';
import { defineConsole } from './definitions/console.ts';
import { defineCredentials } from './definitions/credentials.ts';
import { type Define, withExamples } from './definitions/define.ts';
import { defineDemo } from './definitions/demo.ts';
import { defineDoctor } from './definitions/doctor.ts';
import { defineExec } from './definitions/exec.ts';
import { defineExplain } from './definitions/explain.ts';
import { defineInit } from './definitions/init.ts';
import { defineKeys } from './definitions/keys.ts';
import { defineLogin } from './definitions/login.ts';
import { defineLogout } from './definitions/logout.ts';
import { defineMan } from './definitions/man.ts';
import { defineMfa } from './definitions/mfa.ts';
import { defineSandbox } from './definitions/sandbox.ts';
import { defineServe } from './definitions/serve.ts';
import { defineSetup } from './definitions/setup.ts';
import { defineStatus } from './definitions/status.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

/** In the order in which `--help` lists them. */
const COMMANDS: readonly Define[] = [
  defineLogin,
  defineLogout,
  defineStatus,
  defineExec,
  defineCredentials,
  defineConsole,
  defineServe,
  defineKeys,
  defineMfa,
  defineSetup,
  defineExplain,
  defineSandbox,
  defineDemo,
  defineDoctor,
  defineInit,
  defineCompletion,
  defineMan,
];

/** Parses `io.argv`, runs the command and answers its exit code. Throws StepupError, `usage` for a command line that can't be understood. */
export async function runProgram(io: Io): Promise<number> {
  let exitCode: number = ExitCode.done;
  let printed = '';
  const program = defineProgram(
    io,
    (code) => {
      exitCode = code;
    },
    (text) => {
      printed += text;
    },
  );
  try {
    await program.parseAsync(io.argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return ExitCode.done;
    // A command without the one that must follow it: its help says which there are.
    if (error.code === 'commander.help') {
      io.stderr.write(printed);
      return ExitCode.usage;
    }
    // Any other usage error is worded once, in wording.ts.
    throw new StepupError('usage', {
      problem: error.message.replace(/^error: /, ''),
      hint: 'stepup --help lists the commands, stepup COMMAND --help their options.',
    });
  }
  return exitCode;
}

/** The whole command tree. `done` gets the exit code of the command that ran, `writeErr` what commander says of errors. */
export function defineProgram(
  io: Io,
  done: (exitCode: number) => void,
  writeErr: (text: string) => void = () => undefined,
): Command {
  const program = new Command('stepup')
    .description('Make a leaked AWS access key useless: roles that open only with a fresh MFA code.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand(false)
    // For commands with commands below them that have options of the same names.
    .enablePositionalOptions()
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr,
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getOutHasColors: () => false,
    });
  withExamples(program, [
    ['stepup demo', 'see the whole pattern work, on a local AWS'],
    ['stepup login work', 'type one code, get the profile work-mfa for 12 hours'],
    ['aws --profile myrole s3 ls', 'a role profile with source_profile = work-mfa just works'],
  ]);

  for (const define of COMMANDS) define(program, io, done);
  return program;
}
