/** `stepup sandbox`: a local AWS on 127.0.0.1, until it is interrupted. */
import { quotePosix } from '../process/quote.ts';
import { type Sandbox, startSandbox } from '../sandbox/start.ts';
import { escapeText } from '../terminal/escape.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { readPort } from './port-option.ts';

export interface SandboxOptions {
  readonly port?: string;
  readonly data?: string;
  readonly account?: readonly string[];
  readonly roleSessionMfa?: 'false' | 'inherited';
  readonly json?: boolean;
}

/** The root credentials that it prints are made up by the sandbox and open nothing else. */
export async function sandboxCommand(io: Io, options: SandboxOptions): Promise<number> {
  const sandbox = await startSandbox({
    port: readPort(options.port),
    ...(options.data !== undefined && { dataDir: options.data }),
    ...(options.account !== undefined && { accounts: options.account }),
    ...(options.roleSessionMfa !== undefined && { roleSessionMfa: options.roleSessionMfa }),
    onFailure: (error) => io.stderr.write(`The sandbox could not answer a request: ${escapeText(String(error))}\n`),
  });
  io.atEnd(() => sandbox.close());
  if (sandbox.cutBytes > 0) {
    const unfinished = `${sandbox.cutBytes} bytes of an unfinished record`;
    io.stderr.write(`The sandbox was killed last time: ${unfinished}, never acknowledged, were cut off its journal.\n`);
  }
  io.stdout.write(options.json === true ? jsonLine(sandbox) : exportLines(sandbox));
  io.stderr.write(options.json === true ? '' : explanation(sandbox, options.data));
  await io.untilInterrupted();
  return ExitCode.done;
}

/** The contract with scripts: the first account's root key, then all. */
function jsonLine({ endpoint, accounts }: Sandbox): string {
  return `${JSON.stringify({ endpoint, ...accounts[0], accounts })}\n`;
}

function exportLines({ endpoint, accounts: [first, ...others] }: Sandbox): string {
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: first.accessKeyId,
    AWS_SECRET_ACCESS_KEY: first.secretAccessKey,
  };
  return [
    `# root of account ${first.accountId}, made up by this sandbox`,
    'unset AWS_PROFILE AWS_SESSION_TOKEN',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quotePosix(value)}`),
    ...others.map(
      ({ accountId, accessKeyId, secretAccessKey }) =>
        `# root of account ${accountId}: ${accessKeyId} ${secretAccessKey}`,
    ),
    '',
  ].join('\n');
}

function explanation({ endpoint }: Sandbox, data: string | undefined): string {
  const state = data === undefined ? 'in memory, gone when it ends' : `in ${escapeText(data)}`;
  return [
    '',
    `A local AWS listens on ${endpoint}: STS, IAM, S3 and console sign-in. Its state is ${state}.`,
    'Paste the lines above into another shell, then try: aws sts get-caller-identity',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}
