/** A person at a terminal: `expect` gives the program a terminal of its own, waits for what it prints, and types. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ChildOptions, type ChildResult, runChild } from './child.ts';
import type { Environment } from './clean-environment.ts';

export interface Exchange {
  /** Text that must appear, as it is. */
  readonly sees: string;
  /** What is typed then; a function is called once the text is there. */
  readonly types: string | (() => Promise<string>);
}

export const ENTER = '\r';
export const CTRL_C = '\u0003';
export const CTRL_Z = '\u001a';
export const DOWN = '\u001b[B';

/** Twenty AWS CLIs that start at once on a busy machine take most of a minute before the first of them asks. */
const EXCHANGE_SECONDS = 90;

const SCRIPT = fileURLToPath(new URL('terminal.exp', import.meta.url));

/** Runs the command to its end; its output, as the person saw it, is `stdout`. */
export async function atTerminal(
  command: readonly string[],
  exchanges: readonly Exchange[],
  env: Environment,
): Promise<ChildResult> {
  const talk = {
    TERM: 'xterm',
    EXCHANGE_SECONDS: String(EXCHANGE_SECONDS),
    EXCHANGES: String(exchanges.length),
    ...Object.fromEntries(exchanges.map(({ sees }, index) => [`SEES_${index}`, sees])),
  };
  const person = async ({ stderr, stdin }: ChildProcessWithoutNullStreams): Promise<void> => {
    const lines = createInterface({ input: stderr })[Symbol.asyncIterator]();
    for (const { types } of exchanges) {
      if ((await lines.next()).done) return;
      const text = typeof types === 'string' ? types : await types();
      stdin.write(`${Buffer.from(text).toString('hex')}\n`);
    }
  };
  return runChild('expect', [SCRIPT, ...command], { env: { ...env, ...talk }, input: person, timeoutMs: 170_000 });
}

/** Starts a command in a session of its own, where there is no terminal at all, whatever the tests run in. */
export const WITHOUT_TERMINAL = ['setsid', '--wait'] as const;

/** Runs the command so. */
export function withoutTerminal(
  command: readonly string[],
  env: Environment,
  options: Pick<ChildOptions, 'input' | 'timeoutMs'> = {},
): Promise<ChildResult> {
  const [program, ...args] = WITHOUT_TERMINAL;
  return runChild(program, [...args, ...command], { env, ...options });
}
