/** The real clients of a test run, each to be opened against a sandbox. */
import { inject } from 'vitest';
import type { AwsClient } from './aws-client.ts';
import { botoClient } from './boto-client.ts';
import { cliClient } from './cli-client.ts';
import { makeHome } from './home.ts';
import { jsClient } from './js-client.ts';

export interface ClientKind {
  readonly name: string;
  open(endpoint: string): Promise<AwsClient>;
}

/** The AWS CLI, each version; a call takes a third of a second. */
export function commandLineClients(): readonly ClientKind[] {
  return inject('awsClis').map((aws) => ({
    name: aws.name,
    async open(endpoint) {
      const home = await makeHome(endpoint);
      return { ...cliClient(aws, home), close: home.remove };
    },
  }));
}

/** The SDK for JavaScript and boto3, each version. */
export function libraryClients(): readonly ClientKind[] {
  const pythons = inject('pythons').map((python) => ({
    name: python.name,
    async open(endpoint: string): Promise<AwsClient> {
      const home = await makeHome(endpoint);
      const client = botoClient(python, endpoint, home);
      const close = async () => {
        await client.close();
        await home.remove();
      };
      return { ...client, close };
    },
  }));
  return [{ name: 'SDK for JavaScript', open: async (endpoint) => jsClient(endpoint) }, ...pythons];
}
