/** A person at a terminal: `expect` gives the program a terminal of its own, waits for what it prints, and types. */
import { type ChildOptions, type ChildResult, runChild } from './child.ts';
import type { Environment } from './clean-environment.ts';

export interface Exchange {
  /** Text that must appear, as it is. */
  readonly sees: string;
  readonly types: string | (() => Promise<string>);
}

export const ENTER = '\r';
export const CTRL_C = '\u0003';
export const CTRL_Z = '\u001a';
export const DOWN = '\u001b[B';

/** Twenty AWS CLIs that start at once on a busy machine take most of a minute before the first of them asks. */
const EXCHANGE_SECONDS = 90;

/** One process for all exchanges, so what is typed must be known before: each `types` function is called first. */
const SCRIPT = `
set timeout ${EXCHANGE_SECONDS}
set stty_init "rows 50 columns 200"
# What is typed may be a secret: the program isn't given it beforehand.
for {set i 0} {$i < $env(EXCHANGES)} {incr i} {
  set types($i) $env(TYPES_$i)
  unset env(TYPES_$i)
}
spawn -noecho {*}$argv
for {set i 0} {$i < $env(EXCHANGES)} {incr i} {
  expect {
    -exact $env(SEES_$i) { send -- $types($i) }
    timeout { puts "\\nNOT SEEN IN TIME: $env(SEES_$i)"; exit 124 }
    eof { puts "\\nENDED BEFORE IT SHOWED: $env(SEES_$i)"; exit 125 }
  }
}
expect {
  eof {}
  timeout { puts "\\nDOES NOT END"; exit 124 }
}
exit [lindex [wait] 3]
`;

/** Runs the command to its end; its output, as the person saw it, is `stdout`. */
export async function atTerminal(
  command: readonly string[],
  exchanges: readonly Exchange[],
  env: Environment,
): Promise<ChildResult> {
  const talk: Record<string, string> = { EXCHANGES: String(exchanges.length), TERM: 'xterm' };
  for (const [index, { sees, types }] of exchanges.entries()) {
    talk[`SEES_${index}`] = sees;
    talk[`TYPES_${index}`] = typeof types === 'string' ? types : await types();
  }
  return runChild('expect', ['-', ...command], { env: { ...env, ...talk }, input: SCRIPT, timeoutMs: 170_000 });
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
