import { type Define, withExamples } from './define.ts';

export const defineExec: Define = (program, io, done) => {
  withExamples(
    program
      .command('exec [profile] [command...]')
      .description("run a command, or a shell, with a profile's credentials")
      .option('--server', 'serve the credentials to the command and renew them, in place of fixed values')
      .option('--min-left <time>', 'ask for a code now if less than this is left')
      .option('--profile-env', 'check the profile, then set only AWS_PROFILE')
      .option('--long-term', 'the long-term key itself, without MFA')
      .option('--nested', 'allow it inside of another exec')
      .action(async (_profile: string | undefined, _command: readonly string[], options, self) => {
        const { execCommand } = await import('../exec.ts');
        const [profile, command] = splitArguments(self.args, io.argv);
        const chosen = profile ?? (await (await import('../choose-exec-profile.ts')).chooseExecProfile(io));
        done(await execCommand(io, chosen, command, options));
      }),
    [
      ['stepup exec myrole -- terraform plan', 'its exit code is the exit code'],
      ['stepup exec --server myrole -- ./long-job', 'credentials that are renewed under the command'],
      ['stepup exec myrole', 'a shell; leave it with exit'],
    ],
  );
};

/** `exec -- CMD` names no profile: the parser drops the `--`, so what stood behind it is counted. */
function splitArguments(
  args: readonly string[],
  argv: readonly string[],
): readonly [profile: string | undefined, command: readonly string[]] {
  const dashes = argv.indexOf('--');
  const behind = dashes === -1 ? 0 : argv.length - dashes - 1;
  return args.length > behind || dashes === -1 ? [args[0], args.slice(1)] : [undefined, args];
}
