/**
 * A home folder in which every version of the AWS CLI and boto3 talks to the sandbox. Older ones know no
 * `endpoint_url`; all of them read endpoint rule sets from `~/.aws/models`, so those name one fixed URL.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { secretsOfFile } from '../../support/made-secrets.ts';
import { cleanEnvironment, type Environment } from './clean-environment.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

export interface Home {
  readonly path: string;
  readonly env: Environment;
  remove(): Promise<void>;
}

/** For a program on Node whose account's home is the test's one, by the system's user database. */
export function asAccountHome(env: Environment): Environment {
  return { ...env, NODE_OPTIONS: `--import=${new URL('account-home.mjs', import.meta.url).href}` };
}

export interface HomeFiles {
  /** The text of `~/.aws/config` and of `~/.aws/credentials`. */
  readonly config?: string;
  readonly credentials?: string;
}

export async function makeHome(endpoint: string, files: HomeFiles = {}): Promise<Home> {
  const folder = await makeTemporaryFolder();
  const path = folder.path;
  await Promise.all([
    writeNew(join(path, '.aws/models/sts/2011-06-15/endpoint-rule-set-1.json'), JSON.stringify(fixedUrl(endpoint))),
    writeNew(join(path, '.aws/models/iam/2010-05-08/endpoint-rule-set-1.json'), JSON.stringify(fixedUrl(endpoint))),
    writeNew(join(path, '.aws/models/s3/2006-03-01/endpoint-rule-set-1.json'), JSON.stringify(fixedS3Url(endpoint))),
    writeNew(join(path, '.aws/config'), files.config ?? ''),
    writeNew(join(path, '.aws/credentials'), files.credentials ?? ''),
  ]);
  secretsOfFile(files.credentials ?? '');
  return {
    path,
    env: cleanEnvironment(path),
    remove: async () => {
      // The sessions that are there by now.
      secretsOfFile(await readFile(join(path, '.aws/credentials'), 'utf8').catch(() => ''));
      await folder.remove();
    },
  };
}

async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, text, { mode: 0o600 });
}

const region = { builtIn: 'AWS::Region', required: false, documentation: 'the region', type: 'String' };

function fixedUrl(url: string): object {
  return {
    version: '1.0',
    parameters: { Region: region },
    rules: [{ conditions: [], endpoint: { url, properties: {}, headers: {} }, type: 'endpoint' }],
  };
}

/** S3's rule set also puts the bucket into the path and names the signature's dialect. */
function fixedS3Url(endpoint: string): object {
  const properties = {
    authSchemes: [{ name: 'sigv4', signingName: 's3', signingRegion: '{Region}', disableDoubleEncoding: true }],
  };
  const withBucket = [{ fn: 'isSet', argv: [{ ref: 'Bucket' }] }];
  return {
    version: '1.0',
    parameters: { Region: region, Bucket: { required: false, documentation: 'the bucket', type: 'String' } },
    rules: [
      { conditions: withBucket, endpoint: { url: `${endpoint}/{Bucket}`, properties, headers: {} }, type: 'endpoint' },
      { conditions: [], endpoint: { url: endpoint, properties, headers: {} }, type: 'endpoint' },
    ],
  };
}
