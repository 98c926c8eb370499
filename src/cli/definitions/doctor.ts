import { Option } from 'commander';
import { type Define, withExamples } from './define.ts';

export const defineDoctor: Define = (program, io, done) => {
  withExamples(
    program
      .command('doctor [profile]')
      .description('check files, modes, keys, device, clock and endpoint, and say what mends each')
      .option('--json', 'print the findings as JSON')
      .addOption(new Option('--try-keychain').hideHelp())
      .action(async (profile: string | undefined, options) => {
        const { doctorCommand } = await import('../doctor/doctor.ts');
        done(await doctorCommand(io, profile, options));
      }),
    [
      ['stepup doctor', 'asks nobody and changes nothing; exit code 1 if anything fails'],
      ['stepup doctor work', 'what concerns the base work and its role profiles'],
      [`stepup doctor --json | jq '.findings[] | select(.verdict != "ok")'`, 'what is not as it should be'],
    ],
  );
};
