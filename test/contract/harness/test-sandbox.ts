/** A sandbox inside the test's own process, whose authority's clock the test moves. */
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/start.ts';
import { madeSecrets } from '../../support/made-secrets.ts';
import type { ClientCredentials } from './aws-client.ts';

export interface TestAccount {
  readonly accountId: string;
  readonly root: ClientCredentials;
}

export interface TestSandbox {
  readonly endpoint: string;
  readonly port: number;
  /** At least one. */
  readonly accounts: readonly [TestAccount, ...TestAccount[]];
  readonly clock: TestClock;
  readonly addFault: Sandbox['addFault'];
  readonly addDevice: Sandbox['addDevice'];
  close(): Promise<void>;
}

/** The authority's clock. */
export interface TestClock {
  now(): number;
  advance(ms: number): void | Promise<void>;
}

/** What goes wrong inside fails the test at `close`, unless the options take care of it. */
export async function openSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const failures: unknown[] = [];
  const sandbox = await startSandbox({ onFailure: (error) => failures.push(error), ...options });
  const [first, ...others] = sandbox.accounts;
  madeSecrets(...sandbox.accounts.map(({ secretAccessKey }) => secretAccessKey));
  return {
    endpoint: sandbox.endpoint,
    port: Number(new URL(sandbox.endpoint).port),
    accounts: [accountOf(first), ...others.map(accountOf)],
    clock: {
      now: () => sandbox.clock.now().getTime(),
      advance: (ms) => sandbox.clock.advanceSeconds(ms / 1000),
    },
    addFault: sandbox.addFault,
    addDevice: sandbox.addDevice,
    async close() {
      await sandbox.close();
      if (failures.length > 0) throw new AggregateError(failures, 'the sandbox failed inside');
    },
  };
}

function accountOf({ accountId, accessKeyId, secretAccessKey }: Sandbox['accounts'][0]): TestAccount {
  return { accountId, root: { accessKeyId, secretAccessKey } };
}
