import { type Command, Option } from 'commander';
import { type Define, withExamples } from './define.ts';

const EXPORT_FORMATS = ['cloudformation', 'terraform', 'cli'];

export const defineSetup: Define = (program, io, done) => {
  const setup = program
    .command('setup')
    .description('the guardrails as one desired state: planned, shown, asked about, applied')
    // What stands behind a subcommand is the subcommand's, though both have options of that name.
    .enablePositionalOptions()
    .option('--file <file>', 'the desired state (default: stepup.yaml)')
    .option('--profile <name>', 'the administrator’s profile, for accounts that name none')
    .option('--long-term', 'use the long-term keys of those profiles themselves')
    .option('--user <name>', 'without a file: the one user')
    .option('--role <name>', 'and the one role')
    .option('--managed <arn...>', 'managed policies of that role')
    .option('--max-age <span>', 'how old a code may be for it (default: 12h)')
    .option('--me <user>', 'this user is you: key into a store, device enrolled, profiles written')
    .option('--base <name>', 'with --me: the profile with the key (default: the setup’s name)')
    .option('--store <store>', 'with --me: keychain, age, pass or command')
    .option('--plan-only', 'show the plan, change nothing')
    .option('--yes', 'apply without asking')
    .option('--json', 'print plan and report as JSON')
    .addOption(
      new Option('--export <format>', 'print the desired state for another tool, and change nothing').choices(
        EXPORT_FORMATS,
      ),
    )
    .option('--account <name>', 'the account of a CloudFormation template, where there are several')
    .action(async (options) => {
      if (options.export !== undefined) {
        const { setupExportCommand } = await import('../setup/export.ts');
        done(setupExportCommand(io, options));
        return;
      }
      const { setupCommand } = await import('../setup/setup.ts');
      done(await setupCommand(io, options));
    });
  withExamples(setup, [
    ['stepup setup --plan-only', 'what stepup.yaml would change'],
    ['stepup setup', 'plan, show, ask, apply'],
    [
      'stepup setup --profile admin --user alice --role ops --managed arn:aws:iam::aws:policy/ReadOnlyAccess --me alice --base work',
      'one user and one role, for oneself; writes stepup.yaml',
    ],
    ['stepup setup --yes --json > report.json', 'in a pipeline'],
    ['stepup setup --export terraform > guardrails.tf', 'for people who apply by other means'],
  ]);
  withExamples(
    setup
      .command('verify')
      .description('whether the guardrails stand: proved from the policies as they are, tried with one’s own key')
      .option('--file <file>', 'the desired state (default: stepup.yaml)')
      .option('--profile <name>', 'the administrator’s profile, for accounts that name none')
      .option('--long-term', 'use the long-term keys of those profiles themselves')
      .option('--as <profile>', 'the profile with one’s own key: try it, alone and with one code')
      .option('--code <code>', 'the six digits for --as; - reads them from stdin')
      .option('--move-sandbox-clock', 'for --as on a sandbox: move its clock past each gate and try again')
      .option('--json', 'print what was found as JSON')
      .action(async (options) => {
        const { setupVerifyCommand } = await import('../setup/verify.ts');
        done(await setupVerifyCommand(io, options));
      }),
    [
      ['stepup setup verify', 'exit code 3 where something doesn’t hold'],
      ['stepup setup verify --as work', 'also try it, with one code'],
    ],
  );
  withExamples(
    setup
      .command('remove')
      .description('take away what the setup made, and bring back what it replaced')
      .option('--file <file>', 'the desired state (default: stepup.yaml)')
      .option('--profile <name>', 'the administrator’s profile, for accounts that name none')
      .option('--long-term', 'use the long-term keys of those profiles themselves')
      .option('--leftovers', 'only what the file no longer names')
      .option('--restore-open-trusts', 'bring back trust policies that let somebody in without a code, too')
      .option('--plan-only', 'show what would go, change nothing')
      .option('--yes', 'remove without asking')
      .option('--json', 'print what goes and the report as JSON')
      .action(async (options) => {
        const { setupRemoveCommand } = await import('../setup/remove.ts');
        done(await setupRemoveCommand(io, options));
      }),
    [
      ['stepup setup remove --plan-only', 'what would go, and what would come back'],
      ['stepup setup remove --leftovers', 'users and roles that were taken out of stepup.yaml'],
    ],
  );
  withExamples(
    setup
      .command('reset-device')
      .description('a lost phone: sessions end, the device goes, another may be enrolled')
      .argument('<user>', 'the user in stepup.yaml')
      .option('--device <serial...>', 'the lost ones, where the user has several')
      .option('--bootstrap <span>', 'how long another may be enrolled (default: as in the file, 48h)')
      .option('--file <file>', 'the desired state (default: stepup.yaml)')
      .option('--profile <name>', 'the administrator’s profile, for accounts that name none')
      .option('--long-term', 'use the long-term keys of those profiles themselves')
      .option('--plan-only', 'show what would be done, change nothing')
      .option('--yes', 'without asking')
      .option('--json', 'print what is to be done and the report as JSON')
      .action(async (user: string, options) => {
        const { setupResetDeviceCommand } = await import('../setup/reset-device.ts');
        done(await setupResetDeviceCommand(io, user, options));
      }),
    [
      ['stepup setup reset-device alice', 'shows what it does, asks, does it'],
      ['stepup setup reset-device alice --bootstrap 2h', 'with a short window for the new device'],
    ],
  );
  withExamples(
    setup
      .command('adopt')
      .description('write an account as stepup.yaml; or move a user’s rights into a gated role')
      .argument('[user]', 'the user whose own and group rights move')
      .option('--into <role>', 'the gated role that gets them')
      .option('--max-age <span>', 'how old a code may be for it (default: 12h)')
      .option('--file <file>', 'with a user: the setup that gets the role (default: stepup.yaml)')
      .option(
        '--as <profile>',
        'with a user: the profile with its own key; the way in is tried before anything is taken',
      )
      .option('--code <code>', 'the six digits for --as; - reads them from stdin')
      .option('--undo', 'give the user back what was taken')
      .option('--yes', 'with a user: without asking')
      .option('--profile <name>', 'the administrator’s profile')
      .option('--long-term', 'use the long-term key of that profile itself')
      .option('--output <file>', 'where to; - is stdout (default: stepup.yaml)')
      .action(async (user: string | undefined, options) => {
        if (user !== undefined) {
          const { setupAdoptUserCommand } = await import('../setup/adopt-user.ts');
          done(await setupAdoptUserCommand(io, user, options));
          return;
        }
        const { setupAdoptCommand } = await import('../setup/adopt.ts');
        done(await setupAdoptCommand(io, options));
      }),
    [
      ['stepup setup adopt --profile admin', 'stepup.yaml from what is there; changes nothing in the account'],
      ['stepup setup --plan-only', 'then: what gating those roles would change'],
      [
        'stepup setup adopt alice --into ops --profile admin',
        'alice keeps her key, and gets at her rights with a code',
      ],
    ],
  );
  withExamples(
    setup
      .command('profiles')
      .description('print a user’s profiles as a fragment of the AWS config file')
      .argument('<user>', 'the user in stepup.yaml')
      .option('--file <file>', 'the desired state (default: stepup.yaml)')
      .option('--base <name>', 'the name of the profile with the key (default: the setup’s name)')
      .option('--region <region>', 'a region for each of them')
      .action(async (user: string, _options, command: Command) => {
        const { setupProfilesCommand } = await import('../setup/profiles.ts');
        // --file is also the parent's option, which then gets it wherever it stands.
        done(setupProfilesCommand(io, user, command.optsWithGlobals()));
      }),
    [['stepup setup profiles alice >> ~/.aws/config', 'for oneself, or to send to alice']],
  );
};
