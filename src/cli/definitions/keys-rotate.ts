import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withExamples } from './define.ts';

/** `rotate`, of `stepup keys`. */
export function defineKeysRotate(keys: Command, io: Io, done: (exitCode: number) => void): void {
  withExamples(
    keys
      .command('rotate [profile]')
      .description('a new key in place of the old one; run it again to go on after a crash')
      .option('--with <profile>', 'the profile whose rights are used, in place of the user’s own')
      .option('--long-term', 'with --with: its long-term key itself signs, without MFA')
      .option('--json', 'print the ids of the old and the new key as JSON')
      .action(async (profile: string | undefined, options) => {
        const { keysRotateCommand } = await import('../keys/rotate.ts');
        done(await keysRotateCommand(io, profile, options));
      }),
    [
      ['stepup keys rotate work', 'by a session with MFA of your own, where self_service allows it'],
      ['stepup keys rotate work --with admin', 'by the rights of profile admin'],
    ],
  );
}
