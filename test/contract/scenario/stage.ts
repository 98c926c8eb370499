import {
  type AwsClient,
  beRefused,
  type ClientCredentials,
  type ClientRefusal,
  type Output,
  type ServiceName,
  succeed,
  UnknownOperation,
} from '../harness/aws-client.ts';
import type { ClientKind } from '../harness/clients.ts';
import { jsClient } from '../harness/js-client.ts';
import { openSandbox, type TestAccount, type TestSandbox } from '../harness/test-sandbox.ts';

/** One client against a sandbox of its own with two accounts. */
export interface Stage {
  readonly client: AwsClient;
  /** For what a step needs and isn't about. */
  readonly setUp: AwsClient;
  readonly sandbox: TestSandbox;
  readonly account: TestAccount;
  readonly otherAccount: TestAccount;
  /** `service:Operation` of each call that was answered, and of those that the client is too old for. */
  readonly called: ReadonlySet<string>;
  readonly unknown: ReadonlySet<string>;
  /** Calls that must succeed; root's credentials if none are given. */
  iam(operation: string, input?: Output, credentials?: ClientCredentials): Promise<Output>;
  sts(operation: string, input?: Output, credentials?: ClientCredentials): Promise<Output>;
  s3(operation: string, input?: Output, credentials?: ClientCredentials): Promise<Output>;
  /** A call that must be refused. */
  refused(
    service: ServiceName,
    operation: string,
    input: Output,
    credentials?: ClientCredentials,
  ): Promise<ClientRefusal>;
  close(): Promise<void>;
}

/** One thing that a person does with AWS; later steps of a scenario build on earlier ones. */
export interface Step {
  readonly does: string;
  readonly run: (stage: Stage) => Promise<void>;
}

export async function openStage(kind: ClientKind): Promise<Stage> {
  const sandbox = await openSandbox({ accounts: ['111122223333', '444455556666'] });
  const [account, otherAccount] = sandbox.accounts;
  if (otherAccount === undefined) throw new Error('the sandbox has one account');
  const opened = await kind.open(sandbox.endpoint);
  const setUp = jsClient(sandbox.endpoint);
  const called = new Set<string>();
  const unknown = new Set<string>();
  const client: AwsClient = {
    ...opened,
    async call(service, operation, input, credentials) {
      try {
        const answer = await opened.call(service, operation, input, credentials);
        called.add(`${service}:${operation}`);
        return answer;
      } catch (error) {
        if (error instanceof UnknownOperation) unknown.add(`${service}:${operation}`);
        throw error;
      }
    },
  };
  const caller =
    (service: ServiceName) =>
    (operation: string, input: Output = {}, credentials: ClientCredentials = account.root) =>
      succeed(client, service, operation, input, credentials);
  return {
    client,
    setUp,
    sandbox,
    account,
    otherAccount,
    called,
    unknown,
    iam: caller('iam'),
    sts: caller('sts'),
    s3: caller('s3'),
    refused: (service, operation, input, credentials = account.root) =>
      beRefused(client, service, operation, input, credentials),
    async close() {
      await Promise.all([opened.close(), setUp.close()]);
      await sandbox.close();
    },
  };
}
