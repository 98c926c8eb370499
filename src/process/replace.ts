import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Supervision } from './become.ts';
import { findProgram } from './find-program.ts';

/** Node's own (22.15 and newer); it ends the whole process with an abort where the system refuses. */
export type Execve = (path: string, args: readonly string[], env: Readonly<Record<string, string>>) => void;

/** What this Node has of it. */
export const execve: Execve | undefined =
  process.platform === 'win32' ? undefined : (process as { readonly execve?: Execve }).execve?.bind(process);

/** The first bytes of what the system can run: ELF, Mach-O in its two byte orders and as a universal file, a script. */
const MAGIC = ['7f454c46', 'cffaedfe', 'cefaedfe', 'cafebabe'];

/** Node ignores these, and what is ignored stays so over execve(2); what has a handler gets its default again. */
const IGNORED_BY_NODE = ['SIGPIPE', 'SIGXFSZ'] as const;

/**
 * Becomes the program: same process id, no process of ours left between it and who started us, so that each signal,
 * stop and exit is its own. Returns, and has changed nothing, where that can't be done for certain; supervise it then.
 * @param streams those of ours that were opened: pipes that Node has written to don't block, and their other holders
 * would see that
 */
export function replaceSelf(
  { command, args, env }: Supervision,
  run: Execve | undefined,
  streams: readonly object[] = [],
): void {
  if (run === undefined) return;
  const path = isAbsolute(command) ? command : command.includes('/') ? undefined : findProgram(command, env);
  if (path === undefined || !isRunnable(path) || [...args, ...Object.values(env)].some(hasNul)) return;
  for (const signal of IGNORED_BY_NODE) process.on(signal, () => undefined);
  for (const stream of streams) blockAgain(stream);
  run(path, [command, ...args], env);
}

/** Node refuses it in words that quote it. */
function hasNul(text: string): boolean {
  return text.includes('\0');
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) return false;
    const head = firstBytes(path);
    if (MAGIC.includes(head.subarray(0, 4).toString('hex'))) return true;
    const [, interpreter] = /^#![ \t]*(\/[^ \t\r\n]*)[ \t\n]/.exec(head.toString('latin1')) ?? [];
    if (interpreter === undefined) return false;
    accessSync(interpreter, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstBytes(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(256);
    return bytes.subarray(0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

function blockAgain(stream: object): void {
  const { _handle: handle } = stream as { readonly _handle?: { readonly setBlocking?: (value: boolean) => void } };
  handle?.setBlocking?.(true);
}
