import { type Define, withExamples } from './define.ts';

export const defineConsole: Define = (program, io, done) => {
  withExamples(
    program
      .command('console <profile>')
      .description('sign a browser in to the AWS console as the role')
      .option('--service <name>', 'the service to open: s3, ec2, cloudwatch')
      .option('--region <region>', 'the region to open')
      .option('--destination <url>', 'an address in the console to open')
      .option('--duration <time>', 'how long the sign-in lasts, 15m to 12h (for roles that were entered directly)')
      .option('--print', 'print the sign-in address in place of opening it: it is as good as the credentials')
      .option('--browser <program>', 'the browser to start (default: BROWSER, or that of the system)')
      .option('--firefox-container <name>', 'open it in this container of Firefox')
      .option('--chrome-profile <folder>', 'open it in this profile of Chrome')
      .action(async (profile: string, options) => {
        const { consoleCommand } = await import('../console.ts');
        done(await consoleCommand(io, profile, options));
      }),
    [
      ['stepup console myrole --service s3', 'the buckets, in the browser'],
      ['stepup console myrole --firefox-container prod', 'beside sign-ins of other accounts'],
    ],
  );
};
