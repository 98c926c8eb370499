import { Argument } from 'commander';
import { type Define, withExamples } from './define.ts';

export const defineCompletion: Define = (program, io, done) => {
  withExamples(
    program
      .command('completion')
      .description('print completions of commands, options and profiles for a shell')
      .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish', 'profiles']))
      .action(async (shell: string) => {
        const { completionCommand } = await import('../completion/completion.ts');
        done(completionCommand(io, shell, program));
      }),
    [
      ['source <(stepup completion bash)', 'in ~/.bashrc'],
      ['stepup completion fish > ~/.config/fish/completions/stepup.fish', 'once'],
    ],
  );
};
