/**
 * Every program that a contract test runs is started here (the linter sees to it), so that what stepup shows is looked
 * through for secrets when all tests have run.
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { shown } from '../../support/made-secrets.ts';
import type { Environment } from './clean-environment.ts';

export interface ChildOptions {
  readonly env: Environment;
  readonly cwd?: string;
  /** What it reads, or who writes that while it runs; where that one fails, the program is killed and the promise rejects. */
  readonly input?: string | ((child: ChildProcessWithoutNullStreams) => Promise<void>);
  /** After this long it is killed and the promise rejects. */
  readonly timeoutMs?: number;
}

export interface ChildResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts a program. Its outputs flow from the start: who wants them listens before anything is awaited.
 * @param options `detached`: in a session of its own, so without a terminal
 */
export function startChild(
  command: string,
  args: readonly string[],
  { env, cwd, detached = false }: Pick<ChildOptions, 'env' | 'cwd'> & { readonly detached?: boolean },
): ChildProcessWithoutNullStreams {
  const child = spawn(command, args, { env, detached, ...(cwd === undefined ? {} : { cwd }), stdio: 'pipe' });
  const stdout = collect(child, 'stdout');
  const stderr = collect(child, 'stderr');
  child.on('close', () => noteOutput([command, ...args], stdout(), stderr()));
  child.stdin.on('error', () => {
    // It ended without reading its input.
  });
  return child;
}

/** Runs a program to its end. Whatever its exit code, it resolves; it rejects if the program can't start or hangs. */
export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const { env, cwd, input = '', timeoutMs = 60_000 } = options;
  return new Promise((resolve, reject) => {
    const child = startChild(command, args, { env, ...(cwd === undefined ? {} : { cwd }) });
    const stdout = collect(child, 'stdout');
    const stderr = collect(child, 'stderr');
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${command} ${args.join(' ')}: no end after ${timeoutMs} ms\n${stdout()}\n${stderr()}`));
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, signal, stdout: stdout(), stderr: stderr() });
    });
    if (typeof input === 'string') {
      child.stdin.end(input);
      return;
    }
    const stop = (error: Error): void => {
      child.kill('SIGKILL');
      reject(error);
    };
    input(child).then(() => child.stdin.end(), stop);
  });
}

const IS_STEPUP = /\/dist\/stepup\.c?js$/;

/** Commands of stepup that hand out secrets: on stdout (at a terminal: on what is seen of it), and nowhere else. */
const HAND_OUT: ReadonlySet<string> = new Set(['credentials', 'exec', 'sandbox', 'serve', 'enrol']);

/** What stepup showed is looked through for secrets when all tests have run. */
export function noteOutput(words: readonly string[], stdout: string, stderr: string): void {
  const at = words.findIndex((word) => IS_STEPUP.test(word) || word === process.env['STEPUP_PROGRAM']);
  if (at === -1) return;
  const of = `stepup ${words[at + 1] ?? ''}`;
  shown({ what: 'the stderr', of, text: stderr });
  if (!words.slice(at).some((word) => HAND_OUT.has(word))) shown({ what: 'the stdout', of, text: stdout });
}

function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = [];
  // Text, where somebody else has set an encoding.
  child[stream]?.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk)));
  return () => Buffer.concat(chunks).toString('utf8');
}
