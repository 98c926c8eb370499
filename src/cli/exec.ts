/** `stepup exec PROFILE -- CMD…`: a program with a profile's credentials in its environment, or served to it. */
import { serveContainerCredentials } from '../delivery/container-endpoint.ts';
import {
  childEnvironment,
  childProfileOf,
  profileEnvironment,
  servedChildEnvironment,
} from '../delivery/environment.ts';
import { makeHandoverFolder, newToken } from '../delivery/handover.ts';
import { outerProfile } from '../delivery/nesting.ts';
import { StepupError } from '../errors.ts';
import { dieOf, type Ending, supervise } from '../process/become.ts';
import { execve, replaceSelf } from '../process/replace.ts';
import type { Broker, CredentialWish, GrantedCredentials } from '../sessions/wish.ts';
import { brokerFor } from './broker-for.ts';
import { describeForClient } from './describe-for-client.ts';
import type { Io } from './io.ts';
import { reportError } from './report-error.ts';
import { readSpan } from './span.ts';

export interface ExecOptions {
  readonly server?: boolean;
  readonly minLeft?: string;
  readonly profileEnv?: boolean;
  readonly longTerm?: boolean;
  readonly nested?: boolean;
}

/** What a shell answers for a program that it can't find, or can't run. */
const notFound = 127;
const notExecutable = 126;

/** Runs the command, or a shell where none is named, and answers its exit code; dies of the signal that it died of. */
export async function execCommand(
  io: Io,
  profile: string,
  command: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const outer = outerProfile(io.env);
  if (outer !== undefined && options.nested !== true) throw new StepupError('nested-exec', { outer });
  const broker = await brokerFor(io);
  const wish: CredentialWish = {
    profile,
    mayAsk: true,
    ...(options.minLeft !== undefined && { minLeftSeconds: readSpan('--min-left', options.minLeft) }),
    ...(options.longTerm === true && { longTerm: true }),
  };
  const granted = await broker.credentialsFor(wish);
  const [file, ...args] = command.length > 0 ? command : shellOf(io);
  if (file === undefined) throw new StepupError('usage', { problem: 'there is no command to run' });

  const run = (env: Readonly<Record<string, string>>): Promise<Ending> => {
    io.takeSignals();
    return supervise({ command: file, args, env });
  };
  // All that must be cleared away is by the time we die of a signal.
  if (options.server === true) return exitCodeOf(await withServer(io, broker, wish, granted, run), file, io);
  const env =
    options.profileEnv === true
      ? profileEnvironment(io.env, granted.profile)
      : childEnvironment(io.env, childProfileOf(granted), granted.credentials);
  // With nothing left to do for us, we become the program, where Node can.
  replaceSelf({ command: file, args, env }, execve, [io.stdout, io.stderr]);
  return exitCodeOf(await run(env), file, io);
}

function exitCodeOf(ending: Ending, file: string, io: Io): number {
  switch (ending.type) {
    case 'exited':
      return ending.code;
    case 'killed':
      return dieOf(ending.signal);
    case 'not-started':
      reportError(new StepupError('program-not-started', { program: file, detail: ending.detail }), io);
      return ending.reason === 'not-found' ? notFound : notExecutable;
  }
}

/** The child asks an endpoint of ours, which lives exactly as long as it does and refreshes under it. */
async function withServer(
  io: Io,
  broker: Broker,
  wish: CredentialWish,
  granted: GrantedCredentials,
  work: (env: Readonly<Record<string, string>>) => Promise<Ending>,
): Promise<Ending> {
  const token = newToken();
  const folder = makeHandoverFolder(io.env);
  io.atEnd(() => folder.remove());
  const endpoint = await serveContainerCredentials({
    port: 0,
    describe: describeForClient,
    profiles: [
      {
        name: granted.profile,
        token,
        ...(granted.roleArn !== undefined && { roleArn: granted.roleArn }),
        credentials: async ({ mayAsk }) => (await broker.credentialsFor({ ...wish, mayAsk })).credentials,
      },
    ],
  });
  try {
    return await work(
      servedChildEnvironment(io.env, childProfileOf(granted), {
        url: endpoint.urlOf(granted.profile),
        tokenFile: folder.write('token', token),
        configFile: folder.write('config', ''),
        credentialsFile: folder.write('credentials', ''),
      }),
    );
  } finally {
    await endpoint.close();
    folder.remove();
  }
}

function shellOf(io: Io): readonly string[] {
  return io.platform === 'win32' ? [io.env['COMSPEC'] ?? 'cmd.exe'] : [io.env['SHELL'] || '/bin/sh'];
}
