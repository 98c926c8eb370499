/**
 * The keys that aws-vault keeps: in its encrypted files, in `pass`, or in the system's keychain. They are read, and
 * stay where they are.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { readText } from '../files/read.ts';
import { describeEnding } from '../process/ending.ts';
import { runProgram } from '../process/run.ts';
import { systemEnvironment } from '../process/system-program.ts';
import { openVaultFile } from './aws-vault-file.ts';
import { keyFromText } from './key-text.ts';
import type { StoredKey } from './stored-key.ts';

export interface VaultSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** The profiles of the AWS files: a keychain answers only for names. */
  readonly profiles: readonly string[];
  /** The whole path of a program of the system's. */
  readonly find: (name: string) => string | undefined;
  /** Of its encrypted files; called once. */
  readonly passphrase: () => Promise<string>;
}

export interface VaultKey {
  /** aws-vault's name for it: a profile. */
  readonly profile: string;
  readonly kind: 'file' | 'pass' | 'keychain';
  /** @throws StepupError `store-locked`, `key-malformed` */
  readonly read: () => Promise<StoredKey>;
}

/** A dialog may wait for a person. */
const UNLOCK_WAIT_MS = 5 * 60_000;

/** Sessions and tokens lie beside the keys, under names with commas and colons (aws-vault, `vault/sessionkeyring.go`). */
const NO_KEY = /^(session|sts\.\w+|sso\.\w+),|^oidc:|^aws-vault \(|[\u0000-\u001f]/;

/** All that are found; nobody is asked for anything yet, except by a locked keychain. */
export async function awsVaultKeys(surroundings: VaultSurroundings): Promise<readonly VaultKey[]> {
  return [...fileKeys(surroundings), ...passKeys(surroundings), ...(await keychainKeys(surroundings))];
}

function fileKeys({ env, homeDirectory, passphrase }: VaultSurroundings): readonly VaultKey[] {
  const folder = (env['AWS_VAULT_FILE_DIR'] || '~/.awsvault/keys').replace(/^~(?=\/|$)/, homeDirectory);
  let asked: Promise<string> | undefined;
  const once = (): Promise<string> => {
    asked ??= passphrase();
    return asked;
  };
  return entriesOf(folder).map((name) => ({
    profile: unescaped(name),
    kind: 'file',
    read: async () => keyOfItem(await openVaultFile(readText(join(folder, name)) ?? '', await once()), name),
  }));
}

function passKeys({ env, platform, homeDirectory, find }: VaultSurroundings): readonly VaultKey[] {
  // A name, of a program of the system's: a whole path here would be one that a repository's `.env` chose.
  const named = env['AWS_VAULT_PASS_CMD'] ?? '';
  const path = find(/^\w[\w.-]*$/.test(named) ? named : 'pass');
  if (path === undefined) return [];
  const root =
    env['AWS_VAULT_PASS_PASSWORD_STORE_DIR'] || env['PASSWORD_STORE_DIR'] || join(homeDirectory, '.password-store');
  const prefix = env['AWS_VAULT_PASS_PREFIX'] || 'aws-vault';
  return entriesOf(join(root, prefix))
    .filter((entry) => entry.endsWith('.gpg'))
    .map((entry) => entry.slice(0, -'.gpg'.length))
    .map((name) => ({
      profile: name,
      kind: 'pass',
      read: async () =>
        keyOfItem(
          await printed(path, ['show', `${prefix}/${name}`], {
            ...systemEnvironment(env, platform),
            PASSWORD_STORE_DIR: root,
          }),
          name,
        ),
    }));
}

interface KeychainProgram {
  readonly name: string;
  readonly args: (profile: string) => readonly string[];
  /** What it prints is the item of aws-vault's library, or the key itself. */
  readonly prints: 'item' | 'key';
}

/** By the system's own programs: aws-vault's keychain is another than ours, and ours would not look there. */
const KEYCHAIN_PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, KeychainProgram>>> = {
  linux: { name: 'secret-tool', args: (profile) => ['lookup', 'profile', profile], prints: 'item' },
  darwin: {
    name: 'security',
    args: (profile) => ['find-generic-password', '-w', '-s', 'aws-vault', '-a', profile, 'aws-vault.keychain-db'],
    prints: 'key',
  },
};

async function keychainKeys({ platform, env, profiles, find }: VaultSurroundings): Promise<readonly VaultKey[]> {
  const program = KEYCHAIN_PROGRAMS[platform];
  const path = program === undefined ? undefined : find(program.name);
  if (program === undefined || path === undefined) return [];
  const found: VaultKey[] = [];
  for (const profile of profiles) {
    const outcome = await runProgram({
      path,
      args: program.args(profile),
      env: systemEnvironment(env, platform),
      timeoutMs: UNLOCK_WAIT_MS,
    });
    if (outcome.type !== 'exited' || outcome.code !== 0 || outcome.stdout.trim() === '') continue;
    const text = outcome.stdout;
    const read = async (): Promise<StoredKey> =>
      program.prints === 'item' ? keyOfItem(text, profile) : keyFromText(text, sourceOf(profile));
    found.push({ profile, kind: 'keychain', read });
  }
  return found;
}

async function printed(path: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const outcome = await runProgram({ path, args, env, timeoutMs: UNLOCK_WAIT_MS });
  if (outcome.type === 'exited' && outcome.code === 0) return outcome.stdout;
  const detail = `${path} ${describeEnding(outcome, UNLOCK_WAIT_MS)}`;
  throw new StepupError('store-locked', { store: 'pass', detail });
}

/** `{"Key": …, "Data": base64}`, and the key in the data. */
function keyOfItem(text: string, name: string): StoredKey {
  const source = sourceOf(name);
  let data: unknown;
  try {
    data = (JSON.parse(text) as { readonly Data?: unknown } | null)?.Data;
  } catch {
    // Said below.
  }
  if (typeof data !== 'string')
    throw new StepupError('key-malformed', { source, problem: "it is no item of aws-vault's" });
  return keyFromText(Buffer.from(data, 'base64').toString('utf8'), source);
}

function sourceOf(name: string): string {
  return `aws-vault's ${name}`;
}

/** Newer versions write a slash as `%2F`. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !NO_KEY.test(unescaped(name)) && !name.startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}
