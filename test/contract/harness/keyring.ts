/** gnome-keyring on a message bus of its own, open or locked: the Secret Service as a desktop has it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { newPassphrase } from '../../support/new-passphrase.ts';
import { runChild } from './child.ts';
import type { Environment } from './clean-environment.ts';

export interface Keyring {
  /** What a program needs to find it. */
  readonly env: Environment;
  /** Its collections are shut from now on: whoever wants a secret must ask a person. */
  lock(): Promise<void>;
  close(): Promise<void>;
}

export const KEYRING_PASSWORD = newPassphrase();
/** How the window is called in which it asks for that. */
export const UNLOCK_WINDOW = 'Unlock';

/**
 * @param home holds its files; the default collection is made, and open until the keyring is locked
 * @param more of the environment: `DISPLAY`, where its dialogs shall be seen
 */
export async function openKeyring(
  home: { readonly path: string; readonly env: Environment },
  more: Environment = {},
): Promise<Keyring> {
  const runtime = join(home.path, 'run');
  await mkdir(runtime, { mode: 0o700, recursive: true });
  const bare = { ...home.env, ...more, XDG_RUNTIME_DIR: runtime };
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: bare,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await firstLine(bus);
  const env = { ...bare, DBUS_SESSION_BUS_ADDRESS: address };
  let daemon = await startDaemon(env, KEYRING_PASSWORD);
  return {
    env,
    async lock() {
      await end(daemon);
      daemon = await startDaemon(env, undefined);
    },
    async close() {
      await Promise.all([end(daemon), end(bus)]);
    },
  };
}

/** How many dialogs are opened on this bus while the work is done. */
export async function countDialogs(env: Environment, work: () => Promise<void>): Promise<number> {
  const watch = "type='method_call',interface='org.gnome.keyring.internal.Prompter',member='BeginPrompting'";
  const monitor = spawn('dbus-monitor', ['--session', watch], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let seen = '';
  monitor.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  // It says that it listens, by what the bus answers it.
  await once(monitor.stdout, 'data');
  await work();
  await end(monitor);
  return seen.split('member=BeginPrompting').length - 1;
}

async function startDaemon(env: Environment, password: string | undefined): Promise<ChildProcess> {
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

/** Whoever talks to the service before it is there makes the bus start another one: so only the bus is asked. */
async function answers(env: Environment): Promise<void> {
  const bus = ['--session', '--dest=org.freedesktop.DBus', '--print-reply', '/org/freedesktop/DBus'];
  const question = ['org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'];
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { stdout, stderr } = await runChild('dbus-send', [...bus, ...question], { env });
    if (stdout.includes('boolean true')) return;
    if (Date.now() > deadline) throw new Error(`the keyring does not answer: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return String(value);
}
