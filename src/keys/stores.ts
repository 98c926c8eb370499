/** The stores by name: what `stepup_key_store` may say, and how each is opened. */
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { findSystemProgram, systemEnvironment, systemFolders } from '../process/system-program.ts';
import { type AgeKeys, ageStore } from './age-files.ts';
import { commandStore, type StoreCommand } from './command-store.ts';
import { keychainStore } from './keychain.ts';
import { passStore } from './pass.ts';
import { type SecretStore, type StoreKind, storeKinds } from './secret-store.ts';

export interface StoreSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** A private folder of ours: age files and the keychain's lock lie there. */
  readonly folder: string;
  readonly age: AgeKeys;
  /** The programs that a profile names, once the rule for such programs has let them pass. */
  readonly commands: () => Promise<{ readonly read: StoreCommand; readonly write: StoreCommand }>;
}

type Opener = (surroundings: StoreSurroundings) => SecretStore | Promise<SecretStore>;

const openers: Readonly<Record<StoreKind, Opener>> = {
  keychain: ({ platform, folder }) =>
    keychainStore({ platform, lockFile: join(folder, 'keychain.lock'), now: Date.now }),
  age: ({ folder, age }) => ageStore({ folder: join(folder, 'keys'), keys: age }),
  pass: ({ platform, env, homeDirectory, folder }) => {
    const path = findSystemProgram('pass', platform);
    if (path === undefined) {
      const detail = `there is no pass in ${systemFolders(platform).join(', ')}; one elsewhere can be a store by commands`;
      throw new StepupError('store-unavailable', { store: 'pass', detail });
    }
    const sessionsFolder = join(folder, 'pass-sessions');
    return passStore({ path, env: passEnvironment(env, platform), homeDirectory, sessionsFolder });
  },
  command: async ({ env, commands }) => {
    const { read, write } = await commands();
    return commandStore({ readCommand: read, writeCommand: write, env: withoutAws(env) });
  },
};

/** Nothing is asked of anybody yet. @throws StepupError `store-unavailable`; what `commands` throws */
export async function openStore(kind: StoreKind, surroundings: StoreSurroundings): Promise<SecretStore> {
  return openers[kind](surroundings);
}

/** @throws StepupError `usage` for a name that is no store's; `origin` says where it was read, where `also` may stand as well */
export function readStoreKind(name: string, origin: string, also: readonly string[] = []): StoreKind {
  const kind = storeKinds.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new StepupError('usage', {
    problem: `${name} is no key store`,
    hint: `${origin} is one of ${[...storeKinds, ...also].join(', ')}.`,
  });
}

/** `pass` runs extensions and gives gpg options that its own variables name: of those, only the keys go to it. */
function passEnvironment(env: StoreSurroundings['env'], platform: NodeJS.Platform): Record<string, string> {
  const key = env['PASSWORD_STORE_KEY'];
  return { ...systemEnvironment(env, platform), ...(key && { PASSWORD_STORE_KEY: key }) };
}

/** A store's program has no business with the credentials of this shell. */
export function withoutAws(env: StoreSurroundings['env']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith('AWS_')) kept[name] = value;
  }
  return kept;
}
