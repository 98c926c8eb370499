/** The stores by name: what `stepup_key_store` may say, and how each is opened. */
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { findProgram } from '../process/find-program.ts';
import { type AgeLock, ageStore } from './age-files.ts';
import { commandStore, type StoreCommand } from './command-store.ts';
import { keychainStore } from './keychain.ts';
import { passStore } from './pass.ts';
import { type SecretStore, type StoreKind, storeKinds } from './secret-store.ts';

export interface StoreSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A private folder of ours: age files and the keychain's lock lie there. */
  readonly folder: string;
  readonly ageLock: AgeLock;
  /** The programs that a profile names, once the rule for such programs has let them pass. */
  readonly commands: () => { readonly read: StoreCommand; readonly write: StoreCommand };
}

const openers: Readonly<Record<StoreKind, (surroundings: StoreSurroundings) => SecretStore>> = {
  keychain: ({ platform, folder }) => keychainStore({ platform, lockFile: join(folder, 'keychain.lock') }),
  age: ({ folder, ageLock }) => ageStore({ folder: join(folder, 'keys'), lock: ageLock }),
  pass: ({ env }) => {
    const path = findProgram('pass', env);
    if (path === undefined) {
      throw new StepupError('store-unavailable', { store: 'pass', detail: 'there is no pass on the PATH' });
    }
    return passStore({ path, env: withoutAws(env) });
  },
  command: ({ env, commands }) => {
    const { read, write } = commands();
    return commandStore({ readCommand: read, writeCommand: write, env: withoutAws(env) });
  },
};

/** @throws StepupError `usage` for a name that is no store's; `store-unavailable`; what `commands` throws */
export function openStore(name: string, surroundings: StoreSurroundings): SecretStore {
  const kind = storeKinds.find((known) => known === name);
  if (kind === undefined) {
    throw new StepupError('usage', {
      problem: `${name} is no key store`,
      hint: `stepup_key_store is one of ${storeKinds.join(', ')}.`,
    });
  }
  return openers[kind](surroundings);
}

/** A store's program has no business with the credentials of this shell. */
function withoutAws(env: StoreSurroundings['env']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith('AWS_')) kept[name] = value;
  }
  return kept;
}
