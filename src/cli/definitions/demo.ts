import { type Define, withExamples } from './define.ts';

export const defineDemo: Define = (program, io, done) => {
  withExamples(
    program
      .command('demo')
      .description('run the whole pattern, end to end, on a local AWS, and check every answer')
      .option('--json', 'print each step and its outcome as JSON')
      .action(async (options) => {
        const { demoCommand } = await import('../demo/demo.ts');
        done(await demoCommand(io, options));
      }),
    [
      ['stepup demo', 'needs no AWS account and touches nothing of yours'],
      ['stepup demo --json | jq .held', 'true if every answer was as it must be'],
    ],
  );
};
