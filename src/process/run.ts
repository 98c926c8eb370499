import { type ChildProcess, spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { StepupError } from '../errors.ts';

export interface Program {
  /** Absolute: what a PATH of others names isn't run. */
  readonly path: string;
  /** Never a secret: any process may read them. Secrets go to stdin. */
  readonly args: readonly string[];
  /** The whole environment; nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** An open terminal in place of stdin and stderr, for a program that talks to the person; it is not closed. */
  readonly terminalFd?: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type ProgramOutcome =
  | { readonly type: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly type: 'killed'; readonly signal: NodeJS.Signals; readonly stderr: string }
  | { readonly type: 'timed-out' }
  | { readonly type: 'too-much-output' }
  | { readonly type: 'not-started'; readonly detail: string };

/** An answer of a program that we ask is a line or a small document; more is a mistake or an attack. */
const mostOutputBytes = 1024 * 1024;
/** Of what a program said when it failed; what went wrong stands at its end. */
const mostErrorBytes = 4_096;
/** Between asking a program to end and ending it. */
const graceMs = 1_000;

/**
 * Runs a program without a shell, gives it its input, and collects what it prints. The environment is the one given.
 * @throws the signal's reason when it is aborted; StepupError `internal` for a path that isn't absolute
 */
export function runProgram(program: Program): Promise<ProgramOutcome> {
  if (!isAbsolute(program.path)) throw new StepupError('internal', { problem: `${program.path} isn't absolute` });
  program.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const ownStreams = program.terminalFd === undefined;
    // Never the error's message: Node quotes what it refuses, a secret of the environment among it.
    const notStarted = (error: NodeJS.ErrnoException): void =>
      resolve({ type: 'not-started', detail: error.code ?? 'unknown' });
    let child: ChildProcess;
    try {
      child = spawn(program.path, program.args, {
        env: program.env,
        shell: false,
        stdio: [ownStreams ? 'pipe' : program.terminalFd, 'pipe', ownStreams ? 'pipe' : program.terminalFd],
        windowsHide: true,
      });
    } catch (error) {
      notStarted(error as NodeJS.ErrnoException);
      return;
    }
    const stdout = new Collected(mostOutputBytes);
    const stderr = new LastLines(mostErrorBytes);
    let timedOut = false;
    let overflowed = false;
    const end = (): void => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, program.timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      program.signal?.removeEventListener('abort', end);
    };
    program.signal?.addEventListener('abort', end, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => {
      if (overflowed || stdout.add(chunk)) return;
      overflowed = true;
      end();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr.add(chunk);
    });
    // A program that ends without reading its input closes the pipe: how it ended says more.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(program.input ?? '');
    child.once('error', (error) => {
      settle();
      notStarted(error);
    });
    // What it started may live on and hold our pipes open: that isn't waited for.
    child.once('exit', () => {
      const close = (): void => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      };
      if (timedOut || program.signal?.aborted) close();
      else setTimeout(close, graceMs).unref();
    });
    child.once('close', (code, signal) => {
      settle();
      if (program.signal?.aborted) reject(program.signal.reason);
      else if (timedOut) resolve({ type: 'timed-out' });
      else if (overflowed) resolve({ type: 'too-much-output' });
      else if (signal !== null) resolve({ type: 'killed', signal, stderr: stderr.text() });
      else resolve({ type: 'exited', code: code ?? 1, stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}

/** The first bytes of a stream, up to a limit. */
class Collected {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False once there was more than the limit. */
  add(chunk: Buffer): boolean {
    const room = this.#limit - this.#length;
    this.#chunks.push(chunk.subarray(0, room));
    this.#length += Math.min(chunk.length, room);
    return chunk.length <= room;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** The last whole lines of a stream, up to a limit of bytes. */
class LastLines {
  readonly #limit: number;
  #kept: Buffer = Buffer.alloc(0);
  #isCut = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    const all = Buffer.concat([this.#kept, chunk]);
    this.#isCut ||= all.length > this.#limit;
    this.#kept = all.subarray(-this.#limit);
  }

  text(): string {
    const text = this.#kept.toString('utf8');
    return this.#isCut ? text.replace(/^[^\n]*\n?/, '') : text;
  }
}
