import { Option } from 'commander';
import { type Define, withExamples } from './define.ts';

export const defineSandbox: Define = (program, io, done) => {
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
        const { sandboxCommand } = await import('../sandbox.ts');
        done(await sandboxCommand(io, options));
      }),
    [
      ['stepup sandbox', 'until Ctrl-C; prints what to export'],
      ['stepup sandbox --port 4750 --data ./aws', 'the same address and the same state next time'],
      ['stepup sandbox --account 111111111111 --account 222222222222', 'two accounts, to try cross-account roles'],
    ],
  );
};

/** An option that may be given several times: its values so far, and one more. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
