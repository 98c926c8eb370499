/** A sandbox in a process of its own, so that a test can kill it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { madeSecrets } from '../../support/made-secrets.ts';
import type { ClientCredentials } from './aws-client.ts';
import { startChild } from './child.ts';
import { cleanEnvironment, type Environment } from './clean-environment.ts';
import { stepupCommand } from './stepup.ts';
import type { TestAccount } from './test-sandbox.ts';

const withLibrary = fileURLToPath(new URL('start-sandbox.mjs', import.meta.url));

export interface SandboxProcess {
  readonly endpoint: string;
  readonly port: number;
  readonly accounts: readonly [TestAccount, ...TestAccount[]];
  /** What it printed first, as it is. */
  readonly announcement: Announcement;
  readonly pid: number;
  stderr(): string;
  /** Ends it and answers its exit code, or the signal that it died of. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

export interface Announcement extends ClientCredentials {
  readonly endpoint: string;
  readonly accountId: string;
  readonly accounts: readonly (ClientCredentials & { readonly accountId: string })[];
}

/** `stepup sandbox --json` and these arguments, as it is built. */
export function sandboxCommand(args: readonly string[], env: Environment = {}): Promise<SandboxProcess> {
  return launch(...stepupCommand(['sandbox', '--json', ...args]), env);
}

/** `startSandbox` of the built library: takes faults, which the command doesn't. */
export function sandboxLibrary(options: { readonly dataDir: string; readonly faults?: readonly Fault[] }) {
  return launch(process.execPath, [withLibrary, JSON.stringify(options)]);
}

async function launch(command: string, args: readonly string[], env: Environment = {}): Promise<SandboxProcess> {
  const child = startChild(command, args, { env: cleanEnvironment('/nonexistent', env) });
  child.stdin.end();
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const announcement = await firstLine(child);
  if (announcement === undefined) throw new Error(`the sandbox did not start: ${stderr}`);
  const parsed = JSON.parse(announcement) as Announcement;
  madeSecrets(...parsed.accounts.map(({ secretAccessKey }) => secretAccessKey));
  const [first, ...others] = parsed.accounts.map(accountOf);
  if (first === undefined || child.pid === undefined) throw new Error('a sandbox without an account');
  return {
    endpoint: parsed.endpoint,
    port: Number(new URL(parsed.endpoint).port),
    accounts: [first, ...others],
    announcement: parsed,
    pid: child.pid,
    stderr: () => stderr,
    async end(signal) {
      child.kill(signal);
      const [exitCode, endedBy] = await ended;
      return endedBy ?? exitCode;
    },
  };
}

function accountOf({ accountId, ...root }: Announcement['accounts'][0]): TestAccount {
  return { accountId, root };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  const { value, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return done ? undefined : value;
}
