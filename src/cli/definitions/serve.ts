import { type Define, withExamples } from './define.ts';

export const defineServe: Define = (program, io, done) => {
  withExamples(
    program
      .command('serve <profiles...>')
      .description('serve credentials on 127.0.0.1 to long-running programs, and renew them')
      .option('--port <port>', 'port to listen on (default: one that is free)')
      .option('--json', 'print endpoint, addresses and token files as one line of JSON, then serve')
      .action(async (profiles: readonly string[], options) => {
        const { serveCommand } = await import('../serve.ts');
        done(await serveCommand(io, profiles, options));
      }),
    [
      ['stepup serve myrole', 'until Ctrl-C; prints what to export'],
      ['stepup serve myrole other --port 9911', 'two profiles, each with a token of its own'],
    ],
  );
};
