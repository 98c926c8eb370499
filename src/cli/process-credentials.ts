/** A base whose credentials another program gives: `credential_process`. */
import type { Credentials } from '../aws/credentials.ts';
import { readProcessDocument } from '../aws/read-process-document.ts';
import { StepupError } from '../errors.ts';
import { describeEnding } from '../process/ending.ts';
import { runProgram } from '../process/run.ts';
import { findSystemProgram } from '../process/system-program.ts';
import type { CredentialProcess } from '../profiles/credentials.ts';
import { approvedProgram } from './approved-program.ts';
import type { Io } from './io.ts';

/** The program may have a person sign in. */
const TIMEOUT_MS = 5 * 60_000;

/** @throws StepupError `base-without-credentials`; `program-…` for a program that may not run */
export async function processCredentials(
  io: Io,
  base: string,
  { command, place }: CredentialProcess,
): Promise<Credentials> {
  const byName = (name: string): string | undefined => findSystemProgram(name, io.platform);
  const program = await approvedProgram(io, 'credential_process', { value: command, place }, byName);
  const outcome = await runProgram({
    ...program,
    // All of it, as the AWS CLI does: which account such a program signs in to is often said there.
    env: Object.fromEntries(
      Object.entries(io.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    timeoutMs: TIMEOUT_MS,
    signal: io.interrupted,
  });
  if (outcome.type === 'exited' && outcome.code === 0) return readProcessDocument(outcome.stdout, base, io.now());
  throw new StepupError('base-without-credentials', {
    base,
    detail: `its credential_process, ${program.path}, ${describeEnding(outcome, TIMEOUT_MS)}`,
  });
}
