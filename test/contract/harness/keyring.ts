/** gnome-keyring on a message bus of its own, open or locked: the Secret Service as a desktop has it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runChild } from './child.ts';
import type { Environment } from './clean-environment.ts';

export interface Keyring {
  /** What a program needs to find it. */
  readonly env: Environment;
  close(): Promise<void>;
}

const KEYRING_PASSWORD = 'open sesame';

/** `home` holds its files. Its default collection is made, and open until the daemon ends. */
export async function openKeyring(home: { readonly path: string; readonly env: Environment }): Promise<Keyring> {
  const runtime = join(home.path, 'run');
  await mkdir(runtime, { mode: 0o700, recursive: true });
  const bare = { ...home.env, XDG_RUNTIME_DIR: runtime };
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: bare,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await firstLine(bus);
  const env = { ...bare, DBUS_SESSION_BUS_ADDRESS: address };
  const daemon = await startDaemon(env, KEYRING_PASSWORD);
  return {
    env,
    async close() {
      await Promise.all([end(daemon), end(bus)]);
    },
  };
}

/** The daemon alone; without a password its collections stay locked. */
async function startDaemon(env: Environment, password?: string): Promise<ChildProcess> {
  const unlock = password === undefined ? [] : ['--unlock'];
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...unlock], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  daemon.stdin?.end(password ?? '');
  await answers(env);
  return daemon;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** A search for what isn't there unlocks nothing, and succeeds or not only by who answers. */
async function answers(env: Environment): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { stderr } = await runChild('secret-tool', ['search', 'nothing', 'at-all'], { env });
    if (stderr.trim() === '') return;
    if (Date.now() > deadline) throw new Error(`the keyring does not answer: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return String(value);
}
