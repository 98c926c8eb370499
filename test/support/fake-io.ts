/** An `Io` for tests: streams that collect, an environment and a home of its own, a clock that stands still. */
import { PassThrough, Readable, Writable } from 'node:stream';
import type { Io } from '../../src/cli/io.ts';
import type { PersonTerminal } from '../../src/terminal/controlling.ts';

export interface FakeIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  readonly cleanUps: (() => void | Promise<void>)[];
  readonly interrupt: () => void;
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, callback) {
      chunks.push(String(chunk));
      callback();
    },
  });
  return { stream, text: () => chunks.join('') };
}

export function fakeIo(
  argv: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    readonly home?: string;
    readonly nowMs?: number;
    readonly stdin?: string;
    readonly terminal?: PersonTerminal;
  } = {},
): FakeIo {
  const out = collector();
  const err = collector();
  const interruption = new AbortController();
  const cleanUps: (() => void | Promise<void>)[] = [];
  const home = options.home ?? '/nonexistent';
  return {
    argv,
    ownCommand: ['/usr/bin/node', '/opt/stepup/dist/stepup.cjs'],
    env: options.env ?? {},
    cwd: '/',
    platform: 'linux',
    homeDirectory: home,
    accountHomeDirectory: home,
    stdin: options.stdin === undefined ? new PassThrough() : Readable.from([options.stdin]),
    stdout: out.stream,
    stderr: err.stream,
    openTerminal: () => options.terminal,
    now: () => options.nowMs ?? Date.UTC(2026, 0, 2, 3, 4, 5),
    interrupted: interruption.signal,
    untilInterrupted: () =>
      new Promise((resolve) => {
        interruption.signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    takeSignals: () => undefined,
    atEnd: (cleanUp) => {
      cleanUps.push(cleanUp);
    },
    out: out.text,
    err: err.text,
    cleanUps,
    interrupt: () => interruption.abort(),
  };
}
