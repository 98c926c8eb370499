import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, type AwsClient, type ClientCredentials, type Output, UnknownOperation } from './aws-client.ts';
import { runChild } from './child.ts';
import type { Environment } from './clean-environment.ts';
import type { Home } from './home.ts';
import type { Program } from './programs.ts';

/** The AWS CLI, a process a call; the home's rule sets lead it to the sandbox. */
export function cliClient(aws: Program, home: Home): AwsClient {
  let calls = 0;

  return {
    name: aws.name,
    async call(service, operation, input, credentials): Promise<Answer> {
      calls += 1;
      const scratch = join(home.path, `call-${calls}`);
      const { Body, ...parameters } = input;
      const args = [service === 's3' ? 's3api' : service, kebab(operation), '--output', 'json'];
      // These two write to a file, and then take no JSON for their input.
      if (operation === 'GetObject') args.push(...flags(parameters), scratch);
      else if (operation === 'CreateVirtualMFADevice') {
        args.push(...flags(parameters), '--outfile', scratch, '--bootstrap-method', 'Base32StringSeed');
      } else args.push('--cli-input-json', JSON.stringify(parameters));
      if (Body !== undefined) {
        await writeFile(scratch, Body);
        args.push('--body', scratch);
      }
      const env = { ...home.env, ...variablesOf(credentials) };
      const { exitCode, stdout, stderr } = await runChild(aws.path, args, { env });
      // argparse's own words for a command that it doesn't know.
      if (exitCode === 252 || exitCode === 2) {
        if (stderr.includes('Invalid choice') || stderr.includes('invalid choice')) {
          throw new UnknownOperation(service, operation);
        }
      }
      if (exitCode !== 0) return { refusal: readRefusal(aws, operation, stderr) };
      const output: Output = stdout.trim() === '' ? {} : JSON.parse(stdout);
      if (operation === 'GetObject') output['Body'] = await readFile(scratch);
      if (operation === 'CreateVirtualMFADevice') {
        output['VirtualMFADevice'].Base32StringSeed = await readFile(scratch, 'utf8');
      }
      await rm(scratch, { force: true });
      return { output };
    },
    async close() {},
  };
}

function flags(parameters: Output): readonly string[] {
  return Object.entries(parameters).flatMap(([name, value]) => [`--${kebab(name)}`, String(value)]);
}

/** `ListMFADevices` to `list-mfa-devices`, as the CLI does it. */
function kebab(operation: string): string {
  return operation
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

export function variablesOf({ accessKeyId, secretAccessKey, sessionToken }: ClientCredentials): Environment {
  const pair = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  return sessionToken === undefined ? pair : { ...pair, AWS_SESSION_TOKEN: sessionToken };
}

function readRefusal(aws: Program, operation: string, stderr: string): { code: string; message: string } {
  const match = /An error occurred \(([^)]+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)/s.exec(stderr);
  if (match?.[1] === undefined) throw new Error(`${aws.name} ${operation}: ${stderr}`);
  return { code: match[1], message: (match[2] ?? '').trimEnd() };
}
