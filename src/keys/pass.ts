/** `pass`, the standard Unix password manager: one GPG-encrypted file a secret, below `stepup/`. */
import { StepupError } from '../errors.ts';
import { type ProgramOutcome, runProgram } from '../process/run.ts';
import type { SecretStore } from './secret-store.ts';

export interface PassOptions {
  /** Where `pass` lies. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** gpg-agent may ask a person for the passphrase. */
const timeoutMs = 5 * 60_000;

export function passStore({ path, env }: PassOptions): SecretStore {
  const pass = (args: readonly string[], input?: string): Promise<ProgramOutcome> =>
    runProgram({ path, args, env, timeoutMs, ...(input !== undefined && { input }) });
  return {
    kind: 'pass',
    async read(name) {
      const outcome = await pass(['show', entryOf(name)]);
      if (isMissing(outcome)) return undefined;
      return stdoutOf(outcome);
    },
    async write(name, secret) {
      stdoutOf(await pass(['insert', '--multiline', '--force', entryOf(name)], secret));
    },
    async remove(name) {
      const outcome = await pass(['rm', '--force', entryOf(name)]);
      if (isMissing(outcome)) return false;
      stdoutOf(outcome);
      return true;
    },
  };
}

/** No `..`, no option: only our own folder of the password store. */
function entryOf(name: string): string {
  return `stepup/${name
    .split('/')
    .map(encodeURIComponent)
    .map((part) => part.replaceAll('.', '%2E'))
    .join('/')}`;
}

function isMissing(outcome: ProgramOutcome): boolean {
  return outcome.type === 'exited' && outcome.code === 1 && /is not in the password store/.test(outcome.stderr);
}

function stdoutOf(outcome: ProgramOutcome): string {
  if (outcome.type === 'exited' && outcome.code === 0) return outcome.stdout;
  if (outcome.type === 'not-started') {
    throw new StepupError('store-unavailable', { store: 'pass', detail: outcome.detail });
  }
  const detail = outcome.type === 'timed-out' ? 'nobody answered in five minutes' : outcome.stderr.trim();
  const isAbsent = /store is empty|pass init/.test(detail);
  throw new StepupError(isAbsent ? 'store-unavailable' : 'store-locked', { store: 'pass', detail });
}
