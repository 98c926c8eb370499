import type { Command } from 'commander';
import { type Define, withExamples } from './define.ts';

const WITH = ['--with <profile>', 'the profile whose rights are used, in place of the user’s own'] as const;
const LONG_TERM = ['--long-term', 'with --with: its long-term key itself signs, without MFA'] as const;

function signed(command: Command): Command {
  return command.option(...WITH).option(...LONG_TERM);
}

export const defineMfa: Define = (program, io, done) => {
  const mfa = program.command('mfa').description('the MFA devices of the user behind a profile').helpCommand(false);
  withExamples(mfa, [
    ['stepup mfa enrol work', 'an authenticator app becomes a device, by QR code'],
    ['stepup mfa list work', 'which devices there are, and which one is used here'],
  ]);

  withExamples(
    signed(mfa.command('list [profile]').description("list a user's devices"))
      .option('--user <name>', 'of another user of the account')
      .option('--json', 'print them as JSON')
      .action(async (profile: string | undefined, options) => {
        const { mfaListCommand } = await import('../mfa/list.ts');
        done(await mfaListCommand(io, profile, options));
      }),
    [
      ['stepup mfa list work', 'the devices of the user behind profile work'],
      ['stepup mfa list work --with admin --user bob --json', "another user's, by the rights of profile admin"],
    ],
  );

  withExamples(
    signed(mfa.command('enrol [profile]').description('make an authenticator app a device of the user, by QR code'))
      .option('--name <name>', "the device's name (default: the user's, then NAME-2 and so on)")
      .action(async (profile: string | undefined, options) => {
        const { mfaEnrolCommand } = await import('../mfa/enrol.ts');
        done(await mfaEnrolCommand(io, profile, options));
      }),
    [
      ['stepup mfa enrol work --with admin', 'the first device, by the rights of profile admin'],
      ['stepup mfa enrol work', 'a second one for backup, by a session of your own'],
      ['stepup mfa enrol work --name alice-tablet', 'with a name of its own'],
    ],
  );

  withExamples(
    signed(mfa.command('resync [profile]').description('bring AWS back into step with a device, by two codes'))
      .option('--serial-number <arn>', 'the device (default: the one in use)')
      .action(async (profile: string | undefined, options) => {
        const { mfaResyncCommand } = await import('../mfa/resync.ts');
        done(await mfaResyncCommand(io, profile, options));
      }),
    [['stepup mfa resync work --with admin', 'a token whose clock has drifted']],
  );

  withExamples(
    signed(mfa.command('remove [profile]').description('take a device from the user'))
      .option('--serial-number <arn>', 'the device; without it you choose')
      .option('--force', 'though it is the last one that makes codes')
      .option('-y, --yes', 'without asking')
      .action(async (profile: string | undefined, options) => {
        const { mfaRemoveCommand } = await import('../mfa/remove.ts');
        done(await mfaRemoveCommand(io, profile, options));
      }),
    [
      ['stepup mfa remove work', 'choose one, and say yes'],
      ['stepup mfa remove work --serial-number arn:aws:iam::123456789012:mfa/old-phone --yes', 'for scripts'],
    ],
  );
};
