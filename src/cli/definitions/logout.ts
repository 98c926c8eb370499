import { type Define, withExamples } from './define.ts';

export const defineLogout: Define = (program, io, done) => {
  withExamples(
    program
      .command('logout [profile]')
      .description("forget the MFA session and the role sessions made from it, the AWS CLI's copies included")
      .option('--all', 'of every profile')
      .action(async (profile: string | undefined, options) => {
        const { logoutCommand } = await import('../logout.ts');
        done(await logoutCommand(io, profile, options));
      }),
    [
      ['stepup logout work', 'profile work-mfa loses its session; AWS honours copies until they end'],
      ['stepup logout --all', 'before you hand the machine on'],
    ],
  );
};
