/** A person at a screen: Xvfb has no glass, xdotool has the fingers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { runChild } from './child.ts';
import { cleanEnvironment, type Environment } from './clean-environment.ts';

export interface Screen {
  readonly env: Environment;
  /** Waits for the window of this title, and gives it the keys. */
  shows(title: string): Promise<void>;
  /** Waits for the window of this title, then types, and presses the key. */
  answer(title: string, text: string, key: 'Return' | 'Escape'): Promise<void>;
  close(): Promise<void>;
}

const WINDOW_WAIT_MS = 60_000;

export async function openScreen(): Promise<Screen> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    env: cleanEnvironment('/nonexistent'),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const display = `:${await firstNumber(server)}`;
  server.stdout.resume();
  const env = { DISPLAY: display, GTK_A11Y: 'none', NO_AT_BRIDGE: '1' };
  const environment = cleanEnvironment('/nonexistent', env);
  const xdotool = (...args: string[]) => runChild('xdotool', args, { env: environment });
  async function shows(title: string): Promise<void> {
    const deadline = Date.now() + WINDOW_WAIT_MS;
    for (;;) {
      const { exitCode, stdout } = await xdotool('search', '--onlyvisible', '--name', title);
      const window = stdout.trim().split('\n').at(-1);
      // Without a window manager nobody gives the window the keys: it is done here.
      if (exitCode === 0 && window && (await xdotool('windowfocus', '--sync', window)).exitCode === 0) return;
      if (Date.now() > deadline) throw new Error(`no window ${title}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    env,
    shows,
    async answer(title, text, key) {
      await shows(title);
      // By its stdin: what is typed may be a secret, and any process may read its arguments.
      const typing = ['type', '--delay', '40', '--file', '-'];
      if (text !== '') await runChild('xdotool', typing, { env: environment, input: text });
      await xdotool('key', key);
    },
    async close() {
      const ended = once(server, 'close');
      server.kill();
      await ended;
    },
  };
}

/** Xvfb says which display it took once it serves it. The pipe stays open: it may say more. */
async function firstNumber({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no pipe');
  const [chunk] = await Promise.race([once(stdout, 'data'), once(stdout, 'end')]);
  if (chunk === undefined) throw new Error('Xvfb did not start');
  return String(chunk).trim();
}
