/** The real world as an `Io`: the only file that touches `process` for the commands. */
import { homedir, userInfo } from 'node:os';
import { StepupError } from '../errors.ts';
import { openPersonTerminal } from '../terminal/controlling.ts';
import type { Io } from './io.ts';
import { ownCommand } from './own-command.ts';

/** What a shell reports for a program that a signal ended: 128 and the signal's number. */
const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** A clean-up that takes longer than this is left behind. */
const CLEAN_UP_MS = 3000;

const cleanUps: (() => void | Promise<void>)[] = [];
const interruption = new AbortController();
/** True once a command runs until it is interrupted; it then ends by itself. */
let endsWhenInterrupted = false;

/** Undoes what commands registered. The last clean-up registered runs first; one that fails doesn't keep the others from running. */
export async function cleanUp(): Promise<void> {
  for (let next = cleanUps.pop(); next !== undefined; next = cleanUps.pop()) {
    try {
      await next();
    } catch {
      // We are on the way out; there is nobody left to tell.
    }
  }
}

const signalHandlers = Object.entries(SIGNAL_EXIT_CODES).map(([signal, exitCode]) => {
  const handler = (): void => {
    // A second Ctrl-C waits for nothing.
    if (interruption.signal.aborted) process.exit(exitCode);
    interruption.abort();
    setTimeout(() => process.exit(exitCode), CLEAN_UP_MS).unref();
    if (endsWhenInterrupted) return;
    cleanUp().finally(() => process.exit(exitCode));
  };
  process.on(signal, handler);
  return { signal, handler };
});

// What is left to print is dropped, what is left to do is done. Of stderr, there is nowhere to say so.
process.stderr.on('error', () => undefined);
process.stdout.on('error', stdoutFailed);

let hasStdoutFailed = false;

/** Says once that stdout can't be written; but of `stepup status | head -1`, which closes it early, there is nothing to say. */
export async function stdoutFailed(error: NodeJS.ErrnoException): Promise<void> {
  if (error.code === 'EPIPE' || hasStdoutFailed) return;
  hasStdoutFailed = true;
  const fields = { code: error.code ?? error.message, path: 'stdout', operation: 'write' };
  const { reportError } = await import('./report-error.ts');
  const exitCode = reportError(new StepupError('file-system', fields, { cause: error }), process);
  process.exitCode ||= exitCode;
}

/** The home that the system's user database names; `$HOME` and what a repository's `.env` did to it have no say in it. */
function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return homedir();
  }
}

/** Made once, when the program starts. */
export const processIo: Io = {
  argv: process.argv.slice(2),
  ownCommand: ownCommand({ execPath: process.execPath, script: process.argv[1] }),
  env: process.env,
  cwd: process.cwd(),
  platform: process.platform,
  homeDirectory: homedir(),
  accountHomeDirectory: accountHome(),
  // Opened when it is first asked for: most commands read nothing.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  openTerminal: () => openPersonTerminal(process.platform, process),
  now: Date.now,
  interrupted: interruption.signal,
  untilInterrupted: () => {
    endsWhenInterrupted = true;
    return new Promise((resolve) => {
      if (interruption.signal.aborted) resolve();
      else interruption.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  },
  takeSignals: () => {
    for (const { signal, handler } of signalHandlers) process.off(signal, handler);
  },
  atEnd: (cleanUp) => {
    cleanUps.push(cleanUp);
  },
};
