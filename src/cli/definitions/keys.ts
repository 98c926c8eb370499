import { Option } from 'commander';
import { type Define, withExamples } from './define.ts';
import { defineKeysRotate } from './keys-rotate.ts';

export const defineKeys: Define = (program, io, done) => {
  const keys = program
    .command('keys')
    .description('long-term keys: where they are kept, and how they get there')
    .helpCommand(false);
  withExamples(keys, [
    ['stepup keys list', 'where each key is kept, how old it is, when it was last used'],
    ['stepup keys move work', "out of the plain-text file, into the system's keychain"],
  ]);

  withExamples(
    keys
      .command('list')
      .description('each long-term key: where it is kept, how old it is, when it was last used')
      .option('--with <profile>', 'the profile whose rights are used to ask IAM')
      .option('--long-term', 'with --with: its long-term key itself signs, without MFA')
      .option('--json', 'print it as JSON')
      .action(async (options) => {
        const { keysListCommand } = await import('../keys/list.ts');
        done(await keysListCommand(io, options));
      }),
    [
      ['stepup keys list', 'opens no store; what IAM does not tell prints as unknown'],
      ['stepup keys list --with work', "asks IAM by work's own session with MFA, after a code if need be"],
    ],
  );

  withExamples(
    keys
      .command('add [profile]')
      .description('verify a key by a call to AWS, and keep it in a store')
      .option('--store <store>', 'keychain, age, pass or command (default: the keychain if it answers, else age)')
      .option('--csv <file>', 'the CSV that the console offers; - reads it from stdin')
      .addOption(
        new Option('--from <source>', 'where the key comes from (default: you are asked)').choices([
          'environment',
          'stdin',
          'aws-vault',
        ]),
      )
      .option('--replace', 'lose the key that the profile has in a store')
      .option('--no-verify', 'do not ask AWS whether the key works')
      .option('--yes', 'with --from aws-vault: do what was shown')
      .action(async (profile: string | undefined, options) => {
        const { keysAddCommand } = await import('../keys/add.ts');
        done(await keysAddCommand(io, profile, options));
      }),
    [
      ['stepup keys add work', 'asks for the key, and shows nothing of the secret'],
      ['stepup keys add work --csv ~/Downloads/accessKeys.csv', 'from the file that the console gave'],
      ['aws iam create-access-key | stepup keys add work --from stdin', 'from the program that made it'],
      ['stepup keys add --from aws-vault', 'shows what would be taken over; --yes does it'],
    ],
  );

  withExamples(
    keys
      .command('move [profile]')
      .description('move the key from the plain-text file to a store, or between stores')
      .option('--to <store>', 'keychain, age, pass, command or file (default: the keychain if it answers, else age)')
      .option('--replace', 'lose another key that the store holds for this profile')
      .action(async (profile: string | undefined, options) => {
        const { keysMoveCommand } = await import('../keys/move.ts');
        done(await keysMoveCommand(io, profile, options));
      }),
    [
      ['stepup keys move work', "out of ~/.aws/credentials into the system's keychain"],
      ['stepup keys move work --to age', 'into a file that a passphrase opens'],
      ['stepup keys move work --to file', 'back to where every program reads it'],
    ],
  );

  defineKeysRotate(keys, io, done);

  withExamples(
    keys
      .command('remove [profile]')
      .description('forget the key here; AWS goes on honouring it')
      .option('--yes', 'do not ask')
      .action(async (profile: string | undefined, options) => {
        const { keysRemoveCommand } = await import('../keys/remove.ts');
        done(await keysRemoveCommand(io, profile, options));
      }),
    [['stepup keys remove old', 'after it was deleted in IAM']],
  );
};
