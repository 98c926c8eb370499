/** The world as a command sees it. `main.ts` makes it from `process`; a test makes its own. */
import type { Readable, Writable } from 'node:stream';
import type { PersonTerminal } from '../terminal/controlling.ts';

export interface Input extends Readable {
  readonly isTTY?: boolean;
}

export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Io {
  /** Without the interpreter and the script. */
  readonly argv: readonly string[];
  /** What starts this stepup again, by absolute paths (see `own-command.ts`). */
  readonly ownCommand: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** `$HOME`: where the AWS CLI looks for `~/.aws`. */
  readonly homeDirectory: string;
  /** The home of the system's user database, which no environment variable moves: where stepup's own rules are kept. */
  readonly accountHomeDirectory: string;
  readonly stdin: Input;
  /** Data, and nothing else. */
  readonly stdout: Output;
  /** All that is said to a person. */
  readonly stderr: Output;
  /** Opens the terminal that the person sits at; undefined where there is none. */
  readonly openTerminal: () => PersonTerminal | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Aborts at Ctrl-C, SIGTERM and SIGHUP; `main.ts` then runs the clean-ups and ends the program. */
  readonly interrupted: AbortSignal;
  /** Resolves at Ctrl-C, SIGTERM or SIGHUP, which from here on is the program's ordinary end: its exit code is the command's. */
  readonly untilInterrupted: () => Promise<void>;
  /** From here on signals are the command's own business: it runs another program that they are meant for. */
  readonly takeSignals: () => void;
  /** Registers what must be undone however the program ends (short of SIGKILL). Called newest first, once. */
  readonly atEnd: (cleanUp: () => void | Promise<void>) => void;
}
