import { type Define, withExamples } from './define.ts';

export const defineLogin: Define = (program, io, done) => {
  withExamples(
    program
      .command('login [profile]')
      .description('ask for one MFA code and keep the session as profile <profile>-mfa')
      .option('--update-profile <name>', 'profile to write the session to (default: <profile>-mfa)')
      .option('--code <code>', 'the six digits; - reads them from stdin')
      .option('--serial-number <arn>', 'the MFA device to use')
      .option('--duration <time>', 'how long the session lives, 15m to 36h (default: 12h)')
      .option('--force', 'make a new session though the present one is still good')
      .option('--same-store', 'allow key and code to come from one place')
      .option('--store <store>', 'keep the session in keychain, age, pass, command or file (default: file)')
      .option('--json', 'print the session, without its secrets, as JSON')
      .action(async (profile: string | undefined, options) => {
        const { loginCommand } = await import('../login/login.ts');
        done(await loginCommand(io, profile, options));
      }),
    [
      ['stepup login', 'for the profile of AWS_PROFILE, or default'],
      ['stepup login work --store keychain', 'no plain text: work-mfa gets the session from stepup'],
      ['stepup login work --duration 4h', 'a session of four hours in profile work-mfa'],
      ['STEPUP_CODE_SOURCE=ykman stepup login work', 'the code from a YubiKey; docs/codes.md has more sources'],
      ['some-program | stepup login work --code -', 'the code from a program, in place of the prompt'],
    ],
  );
};
