import { type Define, withExamples } from './define.ts';

/** For packages, which install what it prints; nobody types it. */
export const defineMan: Define = (program, io, done) => {
  withExamples(
    program
      .command('man', { hidden: true })
      .description('print the manual page')
      .action(async () => {
        const [{ manPage }, { VERSION }] = await Promise.all([import('../man-page.ts'), import('../version.ts')]);
        io.stdout.write(manPage(program, VERSION));
        done(0);
      }),
    [['stepup man > stepup.1', 'as the Debian package has it']],
  );
};
