/** The SDK as the demo's client, where no `aws` program is there. It reads the files that a person's tools would read. */

import { join } from 'node:path';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import type { Credentials } from '../../aws/credentials.ts';
import { StepupError } from '../../errors.ts';
import { escapeText } from '../../terminal/escape.ts';
import { DEMO_SESSION_NAME, type DemoAnswer, type DemoClient, type DemoOutcome } from './client.ts';

export interface SdkOptions {
  /** The demo's own home. */
  readonly home: string;
  readonly endpoint: string;
  readonly signal: AbortSignal;
}

const REGION = 'us-east-1';
/** A refusal is the answer that the demo wants to see; none of them gets better by asking again. */
const MAX_ATTEMPTS = 1;

export function sdkClient(options: SdkOptions): DemoClient {
  return {
    name: 'the AWS SDK for JavaScript (no aws program on the PATH)',
    listBuckets: (profile) =>
      attempt(`ListBuckets as profile ${profile}`, async (step) => {
        step('AssumeRole');
        const credentials = await profileCredentials(profile, options);
        step('ListBuckets');
        const client = new S3Client({ ...clientConfig(options), credentials, forcePathStyle: true });
        const { Buckets = [] } = await client.send(new ListBucketsCommand({}), { abortSignal: options.signal });
        return Buckets.map(({ Name = '' }) => Name);
      }),
    assumeRole: (profile, roleArn) =>
      attempt(`AssumeRole ${roleArn} as profile ${profile}`, async (step) => {
        step('AssumeRole');
        const credentials = await profileCredentials(profile, options);
        await assumeRole(credentials, { RoleArn: roleArn, RoleSessionName: DEMO_SESSION_NAME }, options);
        return ['credentials'];
      }),
  };
}

/** Makes a bucket as the account's root. Throws what the SDK throws. */
export async function createBucket(name: string, root: Credentials, options: Omit<SdkOptions, 'home'>): Promise<void> {
  const client = new S3Client({ ...clientConfig(options), credentials: root, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: name }), { abortSignal: options.signal });
}

function clientConfig({ endpoint }: Pick<SdkOptions, 'endpoint'>) {
  return { endpoint, region: REGION, maxAttempts: MAX_ATTEMPTS };
}

function profileCredentials(profile: string, options: SdkOptions) {
  const provider = fromIni({
    profile,
    filepath: join(options.home, '.aws', 'credentials'),
    configFilepath: join(options.home, '.aws', 'config'),
    // The login between two steps changes the files.
    ignoreCache: true,
    roleAssumer: (source, params) => assumeRole(source, params, options),
  });
  return provider();
}

async function assumeRole(credentials: Credentials, input: AssumeRoleCommandInput, options: SdkOptions) {
  const client = new STSClient({ ...clientConfig(options), credentials });
  const { Credentials: issued } = await client.send(new AssumeRoleCommand(input), { abortSignal: options.signal });
  if (!issued?.AccessKeyId || !issued.SecretAccessKey || !issued.SessionToken) {
    throw new StepupError('internal', { problem: 'AssumeRole gave no credentials' });
  }
  return {
    accessKeyId: issued.AccessKeyId,
    secretAccessKey: issued.SecretAccessKey,
    sessionToken: issued.SessionToken,
  };
}

/** Runs the calls of one try; `step` names the call that runs, for a refusal of it. */
async function attempt(
  tried: string,
  calls: (step: (operation: string) => void) => Promise<readonly string[]>,
): Promise<DemoAnswer> {
  let operation = '';
  let outcome: DemoOutcome;
  try {
    const lines = await calls((next) => {
      operation = next;
    });
    outcome = { type: 'allowed', lines };
  } catch (error) {
    outcome = outcomeOf(error, operation);
  }
  return { tried, outcome };
}

function outcomeOf(error: unknown, operation: string): DemoOutcome {
  if (!(error instanceof Error)) return { type: 'failed', problem: String(error) };
  const answeredByAws = '$metadata' in error && '$fault' in error;
  if (!answeredByAws) return { type: 'failed', problem: escapeText(error.message) };
  return { type: 'refused', operation, awsCode: error.name, message: escapeText(error.message) };
}
