import { Option } from 'commander';
import { type Define, withExamples } from './define.ts';

const EXPORT_FORMATS = ['cloudformation', 'terraform', 'cli'];

export const defineSetup: Define = (program, io, done) => {
  const setup = program
    .command('setup')
    .description('the guardrails as one desired state: planned, shown, asked about, applied')
    .option('--file <file>', 'the desired state (default: stepup.yaml)')
    .option('--profile <name>', 'the administrator’s profile, for accounts that name none')
    .option('--long-term', 'use the long-term keys of those profiles themselves')
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
        const { setupExportCommand } = await import('../setup-export.ts');
        done(setupExportCommand(io, options));
        return;
      }
      const { setupCommand } = await import('../setup.ts');
      done(await setupCommand(io, options));
    });
  withExamples(setup, [
    ['stepup setup --plan-only', 'what stepup.yaml would change'],
    ['stepup setup', 'plan, show, ask, apply'],
    ['stepup setup --yes --json > report.json', 'in a pipeline'],
    ['stepup setup --export terraform > guardrails.tf', 'for people who apply by other means'],
  ]);
  withExamples(
    setup
      .command('profiles')
      .description('print a user’s profiles as a fragment of the AWS config file')
      .argument('<user>', 'the user in stepup.yaml')
      .option('--file <file>', 'the desired state (default: stepup.yaml)')
      .option('--base <name>', 'the name of the profile with the key (default: the setup’s name)')
      .option('--region <region>', 'a region for each of them')
      .action(async (user: string, options) => {
        const { setupProfilesCommand } = await import('../setup-profiles.ts');
        done(setupProfilesCommand(io, user, options));
      }),
    [['stepup setup profiles alice >> ~/.aws/config', 'for oneself, or to send to alice']],
  );
};
