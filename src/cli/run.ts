/** One run of the command line: from an `Io` to an exit code. Never throws. */
import type { Io } from './io.ts';

/**
 * Everything but the way to the command is loaded when the command is known: start-up time is felt on every AWS call
 * that goes through `credential_process`.
 */
export async function run(io: Io): Promise<number> {
  try {
    const { runProgram } = await import('./program.ts');
    return await runProgram(io);
  } catch (error) {
    const { reportError } = await import('./report-error.ts');
    return reportError(error, io);
  }
}
