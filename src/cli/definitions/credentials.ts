import { Option } from 'commander';
import { type Define, withExamples } from './define.ts';

/** Those of `delivery/formats.ts`, which is loaded when the command runs; a test holds the two together. */
const FORMATS = ['process', 'env', 'env-no-export', 'fish', 'powershell', 'windows-cmd', 'dotenv'];

export const defineCredentials: Define = (program, io, done) => {
  withExamples(
    program
      .command('credentials <profile>')
      .description("print a profile's credentials, for credential_process and for shells")
      .addOption(new Option('--format <format>', 'how to print them').choices(FORMATS).default('process'))
      .option('--min-left <time>', 'renew them if less than this is left')
      .option('--no-prompt', 'ask nobody for a code; exit 4 where one is needed')
      .option('--long-term', 'the long-term key itself, without MFA')
      .action(async (profile: string, options) => {
        const { credentialsCommand } = await import('../credentials.ts');
        done(await credentialsCommand(io, profile, options));
      }),
    [
      ['credential_process = stepup credentials myrole', 'in ~/.aws/config'],
      ['eval "$(stepup credentials myrole --format env)"', 'into this shell'],
    ],
  );
};
