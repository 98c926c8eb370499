/**
 * `pass`, the standard Unix password manager: one GPG-encrypted file a secret, below `stepup/`. People keep their
 * password store in git, which would keep every session for ever: sessions lie in a store of their own, encrypted to the
 * same GPG keys, where no git is (`pass` itself lets git look no further up than its store).
 */
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { readText } from '../files/read.ts';
import { describeEnding } from '../process/ending.ts';
import { type ProgramOutcome, runProgram } from '../process/run.ts';
import type { SecretStore } from './secret-store.ts';

export interface PassOptions {
  /** Where `pass` lies. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly homeDirectory: string;
  /** A private folder of ours. */
  readonly sessionsFolder: string;
}

/** gpg-agent may ask a person for the passphrase. */
const timeoutMs = 5 * 60_000;

export function passStore({ path, env, homeDirectory, sessionsFolder }: PassOptions): SecretStore {
  const pass = (name: string, args: readonly string[], input?: string): Promise<ProgramOutcome> => {
    const at = name.startsWith('session/') ? sessionEnvironment() : env;
    return runProgram({
      path,
      args: [...args, entryOf(name)],
      env: at,
      timeoutMs,
      ...(input !== undefined && { input }),
    });
  };
  const sessionEnvironment = (): Readonly<Record<string, string>> => {
    const store = env['PASSWORD_STORE_DIR'] || join(homeDirectory, '.password-store');
    const keys = env['PASSWORD_STORE_KEY'] || readText(join(store, '.gpg-id'))?.split(/\s+/).join(' ').trim();
    return { ...env, PASSWORD_STORE_DIR: sessionsFolder, ...(keys && { PASSWORD_STORE_KEY: keys }) };
  };
  return {
    kind: 'pass',
    async read(name) {
      const outcome = await pass(name, ['show']);
      if (isMissing(outcome)) return undefined;
      return stdoutOf(outcome);
    },
    async write(name, secret) {
      stdoutOf(await pass(name, ['insert', '--multiline', '--force'], secret));
    },
    async remove(name) {
      const outcome = await pass(name, ['rm', '--force']);
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
  const isAbsent =
    outcome.type === 'not-started' || ('stderr' in outcome && /store is empty|pass init/.test(outcome.stderr));
  throw new StepupError(isAbsent ? 'store-unavailable' : 'store-locked', {
    store: 'pass',
    detail: `pass ${describeEnding(outcome, timeoutMs)}`,
  });
}
