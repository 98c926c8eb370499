/** Runs the program behind a code source; what it prints on stdout is the answer. */
import { StepupError } from '../errors.ts';
import { describeEnding } from '../process/ending.ts';
import { runProgram } from '../process/run.ts';

export interface CodeProgram {
  readonly path: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ProgramPorts {
  /** The program of the source, once it is known that it may run. Throws if it isn't there or may not. */
  readonly program: () => Promise<CodeProgram>;
  /** A terminal for a program that talks to the person (`touch your key`), and what closes it. */
  readonly terminal: () => { readonly fd: number; readonly close: () => void } | undefined;
  /** `stepup_code_entry`: the account of the YubiKey, the entry of `pass`. */
  readonly entry: string | undefined;
  /** Passes the time until the next code, and shows it; absent where nobody would see why it takes so long. */
  readonly untilNextCode?: (signal: AbortSignal | undefined) => Promise<void>;
}

/** A person may have to find the key and touch it. */
const TIMEOUT_MS = 120_000;

/** What the program printed. Throws `code-program-failed` for any end but a good one, and what `program` throws. */
export async function runForCode(
  ports: ProgramPorts,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly path: string; readonly stdout: string }> {
  const program = await ports.program();
  const { path } = program;
  const terminal = ports.terminal();
  try {
    const outcome = await runProgram({
      ...program,
      args: [...program.args, ...args],
      timeoutMs: TIMEOUT_MS,
      ...(terminal !== undefined && { terminalFd: terminal.fd }),
      ...(signal !== undefined && { signal }),
    });
    if (outcome.type === 'exited' && outcome.code === 0) return { path, stdout: outcome.stdout };
    throw new StepupError('code-program-failed', {
      program: path,
      detail: `it ${describeEnding(outcome, TIMEOUT_MS)}`,
    });
  } finally {
    terminal?.close();
  }
}
