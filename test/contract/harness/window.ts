/** A program in a terminal window whose screen can be looked at: tmux draws it, and keeps what scrolled out of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noteOutput, runChild } from './child.ts';
import type { Environment } from './clean-environment.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

export interface Window {
  /** The screen, and all that scrolled out of it. */
  history(): Promise<string>;
  /** Waits until the text is on the screen, and answers the screen. */
  shows(text: string): Promise<string>;
  types(keys: string): Promise<void>;
  pid(): Promise<number>;
  /** Waits for the program's end: its exit code, or 128 and the number of the signal that ended it. */
  ended(): Promise<number>;
  close(): Promise<void>;
}

/**
 * The shell waits for the program, and keeps the window open afterwards: tmux itself can miss that one has ended.
 */
const SCRIPT = 'trap : INT; ending=$1; shift; "$@"; echo $? >"$ending"; exec sleep 600';

const WAIT_MS = 60_000;
const POLL_MS = 50;

export async function openWindow(
  command: readonly string[],
  env: Environment,
  { rows = 50, columns = 120 } = {},
): Promise<Window> {
  const folder = await makeTemporaryFolder();
  const socket = join(folder.path, 'tmux');
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runChild('tmux', ['-u', '-S', socket, '-f', '/dev/null', ...args], {
      env: { ...env, TERM: 'xterm-256color' },
    });
    if (exitCode !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
    return stdout;
  };
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${what}\n${await tmux('capture-pane', '-p')}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const size = ['-x', String(columns), '-y', String(rows)];
  const ending = join(folder.path, 'exit-code');
  await tmux('new-session', '-d', ...size, 'sh', '-c', SCRIPT, 'sh', ending, ...command);
  return {
    history: () => tmux('capture-pane', '-p', '-S', '-'),
    shows: (text) =>
      until(`not shown: ${text}`, async () => {
        const screen = await tmux('capture-pane', '-p');
        return screen.includes(text) ? screen : undefined;
      }),
    types: async (keys) => {
      await tmux('send-keys', '-l', keys);
    },
    pid: async () => {
      const shell = (await tmux('display-message', '-p', '#{pane_pid}')).trim();
      const { stdout } = await runChild('ps', ['-o', 'pid=', '--ppid', shell], { env });
      return Number(stdout);
    },
    ended: () =>
      until('does not end', async () => {
        const text = await readFile(ending, 'utf8').catch(() => '');
        return text.endsWith('\n') ? Number(text) : undefined;
      }),
    close: async () => {
      noteOutput(command, await tmux('capture-pane', '-p', '-S', '-').catch(() => ''), '');
      await tmux('kill-server').catch(() => undefined);
      await folder.remove();
    },
  };
}
