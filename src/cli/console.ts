/** `stepup console PROFILE`: the AWS console in a browser, signed in with the profile's credentials. */
import { offerOnce } from '../delivery/one-shot.ts';
import { signInUrl } from '../delivery/sign-in.ts';
import { openBrowser } from '../process/open-browser.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { brokerFor } from './broker-for.ts';
import { customEndpoint } from './custom-endpoint.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { readSpan } from './span.ts';

export interface ConsoleOptions {
  readonly service?: string;
  readonly region?: string;
  readonly destination?: string;
  readonly duration?: string;
  readonly print?: boolean;
  readonly browser?: string;
  readonly firefoxContainer?: string;
  readonly chromeProfile?: string;
}

/** Signs in; the browser is given an address that is worth one fetch, and never the sign-in address itself. */
export async function consoleCommand(io: Io, profile: string, options: ConsoleOptions): Promise<number> {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const endpoint = customEndpoint(io, files, profile, 'signin');
  const broker = await brokerFor(io);
  const granted = await broker.credentialsFor({ profile, mayAsk: true });
  const region = options.region ?? granted.region;
  const target = await signInUrl({
    credentials: granted.credentials,
    signal: io.interrupted,
    ...(region !== undefined && { region }),
    ...(options.service !== undefined && { service: options.service }),
    ...(options.destination !== undefined && { destination: options.destination }),
    ...(options.duration !== undefined && { sessionDurationSeconds: readSpan('--duration', options.duration) }),
    ...(endpoint !== undefined && { endpoint }),
  });
  if (options.print === true) {
    io.stdout.write(`${target.href}\n`);
    return ExitCode.done;
  }
  return inBrowser(io, target, options);
}

async function inBrowser(io: Io, target: URL, options: ConsoleOptions): Promise<number> {
  const offer = await offerOnce({ target });
  io.atEnd(() => offer.cancel());
  const opened = await openBrowser(browserWish(io, offer.url, options), io.env);
  if (!opened) {
    await offer.cancel();
    io.stderr.write('stepup: there is no browser to start; name one with --browser, or use --print.\n');
    return ExitCode.failed;
  }
  const ending = await offer.ended;
  if (ending.type === 'unused') {
    io.stderr.write('stepup: the browser did not come for the address in 30 s; it is worth nothing now.\n');
    return ExitCode.failed;
  }
  if (ending.fetchedTwice) {
    io.stderr.write(
      'stepup: the address was fetched twice. If your browser did not sign in, another program on this machine did: run stepup logout.\n',
    );
    return ExitCode.failed;
  }
  return ExitCode.done;
}

function browserWish(io: Io, url: string, { browser, firefoxContainer, chromeProfile }: ConsoleOptions) {
  const program = browser ?? (io.env['BROWSER'] || undefined);
  if (firefoxContainer !== undefined) {
    const place = `ext+container:name=${encodeURIComponent(firefoxContainer)}&url=${encodeURIComponent(url)}`;
    return { url: place, program: program ?? 'firefox' };
  }
  return {
    url,
    ...(program !== undefined && { program }),
    ...(chromeProfile !== undefined && {
      program: program ?? 'google-chrome',
      args: [`--profile-directory=${chromeProfile}`],
    }),
  };
}
