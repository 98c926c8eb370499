/** The whole program: from the process to an exit code. */
import { cleanUp, processIo, stdoutFailed } from './process-io.ts';
import { run } from './run.ts';

export async function start(): Promise<void> {
  const exitCode = await run(processIo);
  await cleanUp();
  process.exitCode = exitCode || process.exitCode;
}

/** For an answer that was found without the whole program, and that stdout didn't take. */
export { stdoutFailed };
