import type { Define } from './define.ts';

/** For packages, which install what it prints; nobody types it. */
export const defineMan: Define = (program, io, done) => {
  program
    .command('man', { hidden: true })
    .description('print the manual page')
    .action(async () => {
      const [{ manPage }, { VERSION }] = await Promise.all([import('../man-page.ts'), import('../version.ts')]);
      io.stdout.write(manPage(program, VERSION));
      done(0);
    });
};
