import { type Define, withExamples } from './define.ts';

export const defineStatus: Define = (program, io, done) => {
  withExamples(
    program
      .command('status')
      .description('show each session, and for each role profile whether AWS would let you in right now')
      .option('--json', 'print it as JSON')
      .action(async (options) => {
        const { statusCommand } = await import('../status.ts');
        done(await statusCommand(io, options));
      }),
    [
      ['stepup status', 'asks nobody, AWS neither'],
      [`stepup status --json | jq '.roles[] | select(.verdict == "opens") | .profile'`, 'role profiles that open now'],
    ],
  );
};
