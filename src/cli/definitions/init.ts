import { Argument, Option } from 'commander';
import { type Define, withExamples } from './define.ts';

export const defineInit: Define = (program, io, done) => {
  withExamples(
    program
      .command('init')
      .description('print the shell function sup, which puts credentials into the present shell')
      .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish', 'powershell']))
      .addOption(new Option('--enter <profile>').hideHelp())
      .addOption(new Option('--leave').hideHelp())
      .addOption(new Option('--no-prompt').hideHelp())
      .action(async (shell, options) => {
        const { initCommand } = await import('../init.ts');
        done(await initCommand(io, shell, options));
      }),
    [
      ['eval "$(stepup init bash)"', 'in ~/.bashrc; then: sup myrole, sup --leave'],
      ['stepup init fish | source', 'in config.fish'],
    ],
  );
};
