import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a program ended, in the terms of wait(2). */
export type Ending =
  | { readonly type: 'exited'; readonly code: number }
  | { readonly type: 'killed'; readonly signal: NodeJS.Signals }
  | {
      readonly type: 'not-started';
      readonly reason: 'not-found' | 'not-executable' | 'failed';
      readonly detail: string;
    };

export interface Supervision {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Signals that are handed on to the child. */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'] as const;

/** Those that a terminal sends to its whole foreground group: the child has them already. */
const sentByTerminal: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGWINCH']);

/**
 * Runs a program in our place: its own stdin, stdout and stderr are ours, signals reach it, and we learn how it ended.
 *
 * A key pressed in the terminal signals the whole foreground group, so the child has that signal already; a second
 * SIGINT would make Terraform give up its state. Node doesn't say who sent a signal, so the rule is: while our group is
 * the terminal's foreground group, INT, QUIT and WINCH are the terminal's; otherwise they were meant for us alone and
 * are handed on. `kill -INT` from elsewhere at a foreground stepup is thereby not handed on; TERM and HUP always are.
 */
export function supervise({ command, args, env }: Supervision): Promise<Ending> {
  return new Promise((resolve) => {
    const handlers = new Map<NodeJS.Signals, () => void>();
    for (const signal of forwarded) {
      const handler = (): void => {
        if (sentByTerminal.has(signal) && inForeground()) return;
        child.kill(signal);
      };
      handlers.set(signal, handler);
      process.on(signal, handler);
    }
    // Stopped by `kill -TSTP` or Ctrl-Z: the child stops first, then we do for real, so that the shell sees a stopped job.
    const stop = (): void => {
      child.kill('SIGTSTP');
      process.kill(process.pid, 'SIGSTOP');
    };
    process.on('SIGTSTP', stop);
    const finish = (ending: Ending): void => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
      process.off('SIGTSTP', stop);
      resolve(ending);
    };
    // Never the error's message: Node quotes what it refuses, a secret of the environment among it.
    const refused = (error: NodeJS.ErrnoException): void =>
      finish({ type: 'not-started', reason: reasonOf(error), detail: error.code ?? 'unknown' });
    // Last: a signal that comes while the child starts finds its handler, which runs once there is a child.
    let child: ChildProcess;
    try {
      child = spawn(command, args, { stdio: 'inherit', env });
    } catch (error) {
      refused(error as NodeJS.ErrnoException);
      return;
    }
    child.once('error', refused);
    child.once('close', (code, signal) => {
      finish(signal === null ? { type: 'exited', code: code ?? 1 } : { type: 'killed', signal });
    });
  });
}

/** Dies of the signal that the child died of, so that our parent sees what it would have seen without us. */
export function dieOf(signal: NodeJS.Signals): number {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // A signal whose default is to be ignored leaves us alive: the shell's convention then.
  return 128 + (process.getBuiltinModule('node:os').constants.signals[signal] ?? 0);
}

function reasonOf(error: NodeJS.ErrnoException): 'not-found' | 'not-executable' | 'failed' {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return 'not-found';
  return error.code === 'EACCES' ? 'not-executable' : 'failed';
}

/** True while our process group is the controlling terminal's foreground group (proc(5), fields pgrp and tpgid). */
function inForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] !== undefined && fields[2] === fields[5];
  } catch {
    return process.stdin.isTTY === true || process.stderr.isTTY === true;
  }
}
