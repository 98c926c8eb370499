import { type Define, withExamples } from './define.ts';

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
    .action(async (options) => {
      const { setupCommand } = await import('../setup.ts');
      done(await setupCommand(io, options));
    });
  withExamples(setup, [
    ['stepup setup --plan-only', 'what stepup.yaml would change'],
    ['stepup setup', 'plan, show, ask, apply'],
    ['stepup setup --yes --json > report.json', 'in a pipeline'],
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
