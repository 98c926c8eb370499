/**
 * The `aws` program as the demo's client, redirected so that no version of it ever calls real AWS: versions before
 * 2.13 know no `endpoint_url`, but all of them read endpoint rules from `~/.aws/models`. And should one find its own
 * way out, its HTTPS ends at a proxy that isn't there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { describeEnding } from '../../process/ending.ts';
import { isExecutable } from '../../process/find-program.ts';
import { type ProgramOutcome, runProgram } from '../../process/run.ts';
import { escapeText } from '../../terminal/escape.ts';
import { DEMO_SESSION_NAME, type DemoAnswer, type DemoClient, type DemoOutcome } from './client.ts';

export interface AwsProgramOptions {
  /** The demo's own home. */
  readonly home: string;
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Folders that botocore looks for a service's rules in: service and API version. */
const RULE_FOLDERS: readonly string[] = ['sts/2011-06-15', 's3/2006-03-01', 'iam/2010-05-08'];
const NO_PROXY_THERE = 'http://127.0.0.1:1';
const FOREIGN_VARIABLES = /^(AWS_|_AWS_|BOTO|HTTPS?_PROXY$|ALL_PROXY$|NO_PROXY$)/i;
const TIMEOUT_MS = 20_000;

/** The client, if there is an `aws` on the PATH that runs and says that it is the AWS CLI. */
export async function awsProgram(options: AwsProgramOptions): Promise<DemoClient | undefined> {
  writeEndpointRules(options);
  for (const path of programsOnPath(options)) {
    const client = await clientOf(path, options);
    if (client !== undefined) return client;
  }
  return undefined;
}

async function clientOf(path: string, options: AwsProgramOptions): Promise<DemoClient | undefined> {
  const run = (args: readonly string[]): Promise<ProgramOutcome> =>
    runProgram({ path, args, env: childEnvironment(options), timeoutMs: TIMEOUT_MS, signal: options.signal });
  const version = await run(['--version']);
  if (version.type !== 'exited') return undefined;
  // Old versions print it to stderr.
  const [, name] = /^(aws-cli\/\S+)/m.exec(`${version.stdout}\n${version.stderr}`) ?? [];
  if (name === undefined) return undefined;
  const attempt = async (
    args: readonly string[],
    linesOf: (stdout: string) => readonly string[],
  ): Promise<DemoAnswer> => ({ tried: `aws ${args.join(' ')}`, outcome: outcomeOf(await run(args), linesOf) });
  return {
    name,
    listBuckets: (profile) => attempt(['--profile', profile, 's3', 'ls'], bucketNames),
    assumeRole: (profile, roleArn) =>
      attempt(
        ['--profile', profile, 'sts', 'assume-role', '--role-arn', roleArn, '--role-session-name', DEMO_SESSION_NAME],
        // The credentials themselves are nobody's to read.
        () => ['credentials'],
      ),
  };
}

function writeEndpointRules({ home, endpoint }: AwsProgramOptions): void {
  const rules = JSON.stringify({
    version: '1.0',
    parameters: { Region: { builtIn: 'AWS::Region', required: false, documentation: 'The region', type: 'String' } },
    rules: [{ conditions: [], endpoint: { url: endpoint, properties: {}, headers: {} }, type: 'endpoint' }],
  });
  for (const folder of RULE_FOLDERS) {
    const path = join(home, '.aws', 'models', folder);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'endpoint-rule-set-1.json'), rules);
  }
}

function outcomeOf(ran: ProgramOutcome, linesOf: (stdout: string) => readonly string[]): DemoOutcome {
  if (ran.type !== 'exited') return { type: 'failed', problem: `aws ${describeEnding(ran, TIMEOUT_MS)}` };
  return ran.code === 0 ? { type: 'allowed', lines: linesOf(ran.stdout) } : refusalIn(ran.stderr);
}

/** `An error occurred (AccessDenied) when calling the AssumeRole operation: …`, as every version words it. */
function refusalIn(stderr: string): DemoOutcome {
  const [, awsCode, operation, message] =
    /An error occurred \((\S+)\) when calling the (\w+) operation(?: \([^)]*\))?: (.*)/.exec(stderr) ?? [];
  if (awsCode === undefined || operation === undefined || message === undefined) {
    return { type: 'failed', problem: escapeText(stderr.trim().split('\n').at(-1) ?? '') };
  }
  return { type: 'refused', operation, awsCode, message: escapeText(message) };
}

/** `2026-01-31 09:00:00 my-bucket` a line. */
function bucketNames(stdout: string): readonly string[] {
  return stdout.split('\n').flatMap((line) => line.trim().split(/\s+/).slice(2, 3));
}

/** Each `aws` on the PATH, in full. */
function programsOnPath({ env }: AwsProgramOptions): readonly string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const names = process.platform === 'win32' ? ['aws.exe', 'aws.cmd'] : ['aws'];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).filter(isExecutable);
}

/** The person's environment without anything that is AWS's or a proxy's, and the demo's home. */
function childEnvironment({ home, env }: AwsProgramOptions): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || FOREIGN_VARIABLES.test(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    HTTPS_PROXY: NO_PROXY_THERE,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
}
