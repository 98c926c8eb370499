/**
 * Any other store (1Password, Bitwarden, a company's vault) by two commands of the person's. The secret comes on
 * stdout and goes to stdin; the name is in `STEPUP_SECRET_NAME`, and in place of `{name}` in the arguments. Nothing
 * on stdout means that there is no such secret; nothing on stdin means that it shall go.
 */
import { StepupError } from '../errors.ts';
import { describeEnding } from '../process/ending.ts';
import { runProgram } from '../process/run.ts';
import type { SecretStore } from './secret-store.ts';

/** A program that config names, checked and split by the rule of `process/`: absolute, no shell. */
export interface StoreCommand {
  readonly path: string;
  readonly args: readonly string[];
}

export interface CommandStoreOptions {
  readonly readCommand: StoreCommand;
  readonly writeCommand: StoreCommand;
  readonly env: Readonly<Record<string, string>>;
}

/** A vault may ask a person to unlock it. */
const timeoutMs = 5 * 60_000;

export function commandStore({ readCommand, writeCommand, env }: CommandStoreOptions): SecretStore {
  async function call({ path, args }: StoreCommand, name: string, input: string): Promise<string> {
    const outcome = await runProgram({
      path,
      args: args.map((argument) => argument.replaceAll('{name}', name)),
      env: { ...env, STEPUP_SECRET_NAME: name },
      input,
      timeoutMs,
    });
    if (outcome.type === 'exited' && outcome.code === 0) return outcome.stdout;
    const detail = `${path} ${describeEnding(outcome, timeoutMs)}`;
    throw new StepupError(outcome.type === 'not-started' ? 'store-unavailable' : 'store-locked', {
      store: 'command',
      detail,
    });
  }

  async function read(name: string): Promise<string | undefined> {
    const secret = await call(readCommand, name, '');
    // Most programs end what they print with a line end; no secret of ours does.
    const text = secret.replace(/\r?\n$/, '');
    return text === '' ? undefined : text;
  }

  return {
    kind: 'command',
    read,
    write: async (name, secret) => {
      await call(writeCommand, name, secret);
    },
    remove: async (name) => {
      const wasThere = (await read(name)) !== undefined;
      if (wasThere) await call(writeCommand, name, '');
      return wasThere;
    },
  };
}
