/**
 * Every command's name, options and examples, and nothing of what it does: the file of a command is loaded when it is
 * the one that runs. `--help`, the man page and the completions are made from these definitions.
 */
import { Command, CommanderError, Option } from 'commander';
import { StepupError } from '../errors.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

type Example = readonly [command: string, does: string];

/** Parses `io.argv`, runs the command and answers its exit code. Throws StepupError, `usage` for a command line that can't be understood. */
export async function runProgram(io: Io): Promise<number> {
  let exitCode: number = ExitCode.done;
  const program = defineProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(io.argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return ExitCode.done;
    if (error.code === 'commander.help') {
      io.stderr.write(program.helpInformation());
      return ExitCode.usage;
    }
    throw new StepupError('usage', {
      problem: error.message.replace(/^error: /, ''),
      hint: 'stepup --help lists the commands, stepup COMMAND --help their options.',
    });
  }
  return exitCode;
}

/** The whole command tree. `done` gets the exit code of the command that ran. */
export function defineProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('stepup')
    .description('Make a leaked AWS access key useless: roles that open only with a fresh MFA code.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand(false)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // A usage error is worded once, in wording.ts.
      writeErr: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getOutHasColors: () => false,
    });
  withExamples(program, [
    ['stepup demo', 'see the whole pattern work, on a local AWS'],
    ['stepup login work', 'type one code, get the profile work-mfa for 12 hours'],
    ['aws --profile myrole s3 ls', 'a role profile with source_profile = work-mfa just works'],
  ]);

  withExamples(
    program
      .command('login [profile]')
      .description('ask for one MFA code and keep the session as profile <profile>-mfa')
      .option('--update-profile <name>', 'profile to write the session to (default: <profile>-mfa)')
      .option('--code <code>', 'the six digits; - reads them from stdin')
      .option('--serial-number <arn>', 'the MFA device to use')
      .option('--duration <time>', 'how long the session lives, 15m to 36h (default: 12h)')
      .option('--force', 'make a new session though the present one is still good')
      .option('--json', 'print the session, without its secrets, as JSON')
      .action(async (profile: string | undefined, options) => {
        const { loginCommand } = await import('./login.ts');
        done(await loginCommand(io, profile, options));
      }),
    [
      ['stepup login', 'for the profile of AWS_PROFILE, or default'],
      ['stepup login work --duration 4h', 'a session of four hours in profile work-mfa'],
      [
        'ykman oath accounts code -s work | stepup login work --code -',
        'the code from a program, in place of the prompt',
      ],
    ],
  );

  withExamples(
    program
      .command('sandbox')
      .description('run a local AWS on 127.0.0.1 that verifies signatures, codes and policies')
      .option('--port <port>', 'port to listen on (default: one that is free)')
      .option('--data <folder>', 'keep its state there (default: in memory, until it ends)')
      .option('--account <id>', 'an account of these twelve digits; may be given several times', collect)
      .addOption(
        new Option('--role-session-mfa <how>', 'the MFA keys of role sessions entered from an MFA session').choices([
          'false',
          'inherited',
        ]),
      )
      .option('--json', 'print endpoint and root credentials as one line of JSON, then serve')
      .action(async (options) => {
        const { sandboxCommand } = await import('./sandbox.ts');
        done(await sandboxCommand(io, options));
      }),
    [
      ['stepup sandbox', 'until Ctrl-C; prints what to export'],
      ['stepup sandbox --port 4750 --data ./aws', 'the same address and the same state next time'],
      ['stepup sandbox --account 111111111111 --account 222222222222', 'two accounts, to try cross-account roles'],
    ],
  );

  withExamples(
    program
      .command('demo')
      .description('run the whole pattern, end to end, on a local AWS, and check every answer')
      .option('--json', 'print each step and its outcome as JSON')
      .action(async (options) => {
        const { demoCommand } = await import('./demo.ts');
        done(await demoCommand(io, options));
      }),
    [
      ['stepup demo', 'needs no AWS account and touches nothing of yours'],
      ['stepup demo --json | jq .held', 'true if every answer was as it must be'],
    ],
  );

  return program;
}

/** An option that may be given several times: its values so far, and one more. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function withExamples(command: Command, examples: readonly Example[]): void {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`);
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
