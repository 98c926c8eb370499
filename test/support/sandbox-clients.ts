/** A sandbox, and the SDK's clients and raw requests to try it with. */
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { SandboxAccount } from '../../src/sandbox/accounts.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { signedFormHeaders } from './signed-form.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface TriedSandbox {
  readonly sandbox: Sandbox;
  readonly root: SandboxAccount;
  /** Errors that aren't refusals; empty unless a test provokes one. */
  readonly failures: unknown[];
  iam(keys?: Keys): IAMClient;
  sts(keys?: Keys): STSClient;
  s3(keys?: Keys, region?: string): S3Client;
  /** A signed form, to any path. */
  post(service: string, body: string, options?: PostOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface PostOptions {
  readonly keys?: Keys;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function trySandbox(options: SandboxOptions = {}): Promise<TriedSandbox> {
  const failures: unknown[] = [];
  const sandbox = await startSandbox({ onFailure: (error) => failures.push(error), ...options });
  const [root] = sandbox.accounts;
  const clients: { destroy(): void }[] = [];
  const settings = (keys: Keys, region = 'us-east-1') => ({
    ...{ endpoint: sandbox.endpoint, region, maxAttempts: 1 },
    credentials: { ...keys },
  });
  const kept = <C extends { destroy(): void }>(client: C): C => {
    clients.push(client);
    return client;
  };
  return {
    sandbox,
    root,
    failures,
    iam: (keys = root) => kept(new IAMClient(settings(keys))),
    sts: (keys = root) => kept(new STSClient(settings(keys))),
    s3: (keys = root, region) => kept(new S3Client({ ...settings(keys, region), forcePathStyle: true })),
    post(service, body, { keys = root, path = '/', headers = {} } = {}) {
      const url = new URL(path, sandbox.endpoint);
      return fetch(url, {
        method: 'POST',
        body,
        headers: { ...signedFormHeaders(url, service, body, keys), ...headers },
      });
    },
    async close() {
      for (const client of clients) client.destroy();
      await sandbox.close();
    },
  };
}
