/** Opens the stores that secrets lie in, with what a profile and the environment say of them. */
import { join } from 'node:path';
import { isStepupError, StepupError } from '../errors.ts';
import { readText } from '../files/read.ts';
import type { SecretStore, StoreKind } from '../keys/secret-store.ts';
import { openStore, readStoreKind } from '../keys/stores.ts';
import { awsFilePaths, readAwsFiles, type Setting, type Settings } from '../profiles/aws-files.ts';
import type { NamedProgram } from '../profiles/named-program.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { approvedProgram } from './approved-program.ts';
import type { Io } from './io.ts';
import { ownFolders } from './own-folders.ts';
import { passphrase } from './passphrase.ts';

/** One object a store and process: what it was told, a passphrase above all, isn't asked for twice. */
const opened = new WeakMap<Io, Map<string, Promise<SecretStore>>>();

const SETTINGS = ['stepup_age_recipient', 'stepup_age_identity', 'stepup_store_read', 'stepup_store_write'] as const;
type SettingName = (typeof SETTINGS)[number];

/**
 * The store of this kind as the profile describes it. A person is asked when it is read or written, not before.
 * @throws StepupError `store-unavailable`, `usage`; `program-…` for a program that may not run
 */
export function storeOf(io: Io, kind: StoreKind, settings: Settings): Promise<SecretStore> {
  const stores = opened.get(io) ?? new Map<string, Promise<SecretStore>>();
  opened.set(io, stores);
  const key = JSON.stringify([kind, ...SETTINGS.map((name) => settings.get(name)?.value)]);
  const known = stores.get(key);
  if (known !== undefined) return known;
  const store = open(io, kind, settings);
  stores.set(key, store);
  store.catch(() => stores.delete(key));
  return store;
}

/** Where a key that is new goes: the store that the profile or the environment names, else the keychain if it answers, else an age file. */
export async function storeForNewKey(io: Io, settings: Settings): Promise<SecretStore> {
  const setting = settings.get('stepup_key_store')?.value;
  const named = setting ?? io.env['STEPUP_KEY_STORE'];
  if (named) {
    const origin = setting === undefined ? 'STEPUP_KEY_STORE' : 'stepup_key_store';
    return storeOf(io, readStoreKind(named, origin), settings);
  }
  const keychain = await storeOf(io, 'keychain', settings);
  try {
    await keychain.read('probe');
    return keychain;
  } catch (error) {
    if (!isStepupError(error, 'store-unavailable')) throw error;
    return storeOf(io, 'age', settings);
  }
}

/** The store that sessions of this base are kept in, as the base's profile describes it. */
export async function sessionStore(io: Io, store: string, base: string): Promise<SecretStore> {
  const { settings } = resolveProfile(readAwsFiles(awsFilePaths(io.env, io.homeDirectory)), base, io.env);
  return storeOf(io, readStoreKind(store, 'stepup_session_store'), settings);
}

function open(io: Io, kind: StoreKind, settings: Settings): Promise<SecretStore> {
  const ageSetting = (name: 'stepup_age_recipient' | 'stepup_age_identity'): string | undefined =>
    settings.get(name)?.value || io.env[name.toUpperCase()] || undefined;
  return openStore(kind, {
    platform: io.platform,
    env: io.env,
    homeDirectory: io.homeDirectory,
    folder: ownFolders(io).state,
    age: {
      passphrase: (question) => passphrase(io, question),
      recipients: (ageSetting('stepup_age_recipient') ?? '').split(/[\s,]+/).filter((word) => word !== ''),
      identities: async () => identitiesIn(io, ageSetting('stepup_age_identity')),
    },
    commands: async () => ({
      read: await program(io, 'stepup_store_read', settings),
      write: await program(io, 'stepup_store_write', settings),
    }),
  });
}

function identitiesIn(io: Io, named: string | undefined): readonly string[] {
  if (named === undefined) {
    const detail = 'it is encrypted to a recipient, and stepup_age_identity names no file with the identity';
    throw new StepupError('store-locked', { store: 'age', detail });
  }
  const path = named.startsWith('~/') ? join(io.homeDirectory, named.slice(2)) : named;
  const text = readText(path);
  if (text === undefined) throw new StepupError('store-locked', { store: 'age', detail: `${path} isn't there` });
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (lines.length > 0) return lines;
  throw new StepupError('store-locked', { store: 'age', detail: `${path} holds no AGE-SECRET-KEY-1… line` });
}

function program(io: Io, name: SettingName, settings: Settings): Promise<NamedProgram> {
  const setting: Setting | undefined = settings.get(name);
  if (setting === undefined) throw new StepupError('usage', { problem: `the store "command" needs ${name}` });
  return approvedProgram(io, name, setting);
}
