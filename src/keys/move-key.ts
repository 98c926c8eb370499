/**
 * Moves a long-term key: out of the files into a store, from one store to another, or back.
 *
 * What is promised: at every moment, whatever dies, the key is in a place that the profile names or in the files; the
 * place that it leaves is cleared only after the new one has given it back and AWS has answered a call signed with what
 * it gave back. A move that was broken off is finished by the next one.
 */
import { StepupError } from '../errors.ts';
import type { LockOptions } from '../files/lock.ts';
import { type AwsFilePaths, type AwsFiles, type Environment, readAwsFiles } from '../profiles/aws-files.ts';
import {
  holdersOf,
  KEY_LEFT_IN_KEY,
  KEY_STORE_KEY,
  type KeyInStore,
  planForgetStore,
  planKeyToFile,
  planKeyToStore,
} from '../profiles/key-section.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import { type AwsEdit, type UpdateOutcome, updateAwsFiles } from '../profiles/update.ts';
import { putKey, removeThisKey } from './put-key.ts';
import type { SecretStore, StoreKind } from './secret-store.ts';
import { readStoredKey, type StoredKey } from './stored-key.ts';

export interface MoveRequest {
  readonly profile: string;
  readonly to: StoreKind | 'file';
  /** The store may lose another key that it holds under this name. */
  readonly mayReplace: boolean;
}

export interface KeyPorts {
  readonly env: Environment;
  readonly paths: AwsFilePaths;
  readonly lock: LockOptions;
  /** The store of this name; the profile's settings describe it. @throws `usage` for a name that is no store's */
  readonly openStore: (name: string, profile: ResolvedProfile) => Promise<SecretStore>;
  /** A call signed with the key. @throws if AWS doesn't answer it */
  readonly verify: (key: StoredKey, profile: ResolvedProfile) => Promise<void>;
  /** The `credential_process` line that serves a profile's MFA session. */
  readonly processLine: (profile: string) => string;
}

export interface MoveOutcome {
  readonly from: string;
  readonly to: StoreKind | 'file';
  readonly key: StoredKey;
  /** The profiles whose sections held the key in plain text. */
  readonly cleared: readonly string[];
  /** A credentials file that others could read, and can't any more. */
  readonly narrowed?: string;
}

/** @throws StepupError `login-without-key`, `key-changed`, `key-stays-visible`; what `putKey`, `verify` and the stores throw */
export async function moveKey(request: MoveRequest, ports: KeyPorts): Promise<MoveOutcome> {
  const files = readAwsFiles(ports.paths);
  const profile = resolveProfile(files, request.profile, ports.env);
  const { credentials, name } = profile;
  if (credentials.type === 'long-term-key') {
    const { accessKeyId, secretAccessKey } = credentials;
    const key = { accessKeyId, secretAccessKey };
    await finishEarlierMove(profile, key, ports);
    return request.to === 'file'
      ? finishReturn(profile, key, ports)
      : fromFileToStore(files, profile, key, { ...request, to: request.to }, ports);
  }
  if (credentials.type !== 'stored-key')
    throw new StepupError('login-without-key', { profile: name, found: 'nothing' });
  const source = await ports.openStore(credentials.store, profile);
  const key = await readStoredKey(source, name);
  if (key === undefined) throw new StepupError('login-without-key', { profile: name, found: 'nothing' });
  await finishEarlierMove(profile, key, ports);
  if (request.to === 'file') return fromStoreToFile(profile, source, key, ports);
  return fromStoreToStore(profile, source, key, { ...request, to: request.to }, ports);
}

type ToStore = MoveRequest & { readonly to: StoreKind };

async function fromFileToStore(
  files: AwsFiles,
  profile: ResolvedProfile,
  key: StoredKey,
  { to, mayReplace }: ToStore,
  ports: KeyPorts,
): Promise<MoveOutcome> {
  const { name } = profile;
  const plan = (fresh: AwsFiles, leftIn?: string): AwsEdit[] =>
    planKeyToStore(fresh, { ...keyInStore(profile, to, key, ports), ...(leftIn !== undefined && { leftIn }) }, key);
  // What would stop the edit stops the move before a store has a copy.
  plan(files);
  const store = await ports.openStore(to, profile);
  const back = await putKey(store, name, key, { mayReplace });
  await ports.verify(back, profile);
  // A way back that was broken off: the key is in the files and in the store that it came from.
  const before = profile.settings.get(KEY_STORE_KEY)?.value;
  const leftIn = before === undefined || before === to ? undefined : before;
  const written = await update(ports, (fresh) => plan(fresh, leftIn));
  if (leftIn !== undefined) {
    await removeThisKey(await ports.openStore(leftIn, profile), name, key.accessKeyId);
    await forgetLeftIn(name, ports);
  }
  return outcomeOf(
    'file',
    to,
    key,
    written,
    holdersOf(files, key).map((holder) => holder.name),
  );
}

async function fromStoreToStore(
  profile: ResolvedProfile,
  source: SecretStore,
  key: StoredKey,
  { to, mayReplace }: ToStore,
  ports: KeyPorts,
): Promise<MoveOutcome> {
  const { name } = profile;
  const isMoved = to === source.kind;
  if (!isMoved) {
    const target = await ports.openStore(to, profile);
    await ports.verify(await putKey(target, name, key, { mayReplace }), profile);
  }
  // The line is written anew in each case: this stepup may lie elsewhere than the one that wrote it.
  const leftIn = isMoved ? {} : { leftIn: source.kind };
  const written = await update(ports, (fresh) =>
    planKeyToStore(fresh, { ...keyInStore(profile, to, key, ports), ...leftIn }, undefined),
  );
  if (!isMoved) {
    await removeThisKey(source, name, key.accessKeyId);
    await forgetLeftIn(name, ports);
  }
  return outcomeOf(source.kind, to, key, written);
}

async function fromStoreToFile(
  profile: ResolvedProfile,
  source: SecretStore,
  key: StoredKey,
  ports: KeyPorts,
): Promise<MoveOutcome> {
  await ports.verify(key, profile);
  const written = await update(ports, () => planKeyToFile(profile.name, key));
  const back = resolveProfile(readAwsFiles(ports.paths), profile.name, ports.env);
  const { credentials } = back;
  if (credentials.type !== 'long-term-key' || credentials.secretAccessKey !== key.secretAccessKey) {
    throw new StepupError('key-changed', { profile: profile.name });
  }
  await finishReturn(back, key, ports);
  return outcomeOf(source.kind, 'file', key, written);
}

/** The key is in the files, and wins there: the store that still has it is cleared, then forgotten. */
async function finishReturn(profile: ResolvedProfile, key: StoredKey, ports: KeyPorts): Promise<MoveOutcome> {
  const store = profile.settings.get(KEY_STORE_KEY)?.value;
  if (store !== undefined) {
    await removeThisKey(await ports.openStore(store, profile), profile.name, key.accessKeyId);
    await update(ports, (fresh) => planForgetStore(fresh, profile.name));
  }
  return { from: store ?? 'file', to: 'file', key, cleared: [] };
}

/** A move between stores that was broken off has left the key in the one that it came from. */
async function finishEarlierMove(profile: ResolvedProfile, key: StoredKey, ports: KeyPorts): Promise<void> {
  const { credentials, settings } = profile;
  const leftIn = settings.get(KEY_LEFT_IN_KEY)?.value;
  if (leftIn === undefined) return;
  const isWhereItIs = credentials.type === 'stored-key' && credentials.store === leftIn;
  if (!isWhereItIs) await removeThisKey(await ports.openStore(leftIn, profile), profile.name, key.accessKeyId);
  await forgetLeftIn(profile.name, ports);
}

async function forgetLeftIn(profile: string, ports: KeyPorts): Promise<void> {
  await update(ports, (files) => {
    const held = files.profiles.get(profile)?.settings.get(KEY_LEFT_IN_KEY);
    return held === undefined ? [] : [{ type: 'remove-keys', file: held.place.file, profile, keys: [KEY_LEFT_IN_KEY] }];
  });
}

function keyInStore(
  { name }: ResolvedProfile,
  store: StoreKind,
  { accessKeyId }: StoredKey,
  ports: KeyPorts,
): KeyInStore {
  return { profile: name, store, accessKeyId, process: ports.processLine(name) };
}

function update(ports: KeyPorts, plan: (files: AwsFiles) => readonly AwsEdit[]): Promise<UpdateOutcome> {
  return updateAwsFiles(ports.paths, plan, ports.lock);
}

function outcomeOf(
  from: string,
  to: MoveOutcome['to'],
  key: StoredKey,
  { credentials }: UpdateOutcome,
  cleared: readonly string[] = [],
): MoveOutcome {
  const narrowed =
    credentials.type === 'written' && credentials.narrowedFrom !== undefined ? credentials.path : undefined;
  return { from, to, key, cleared, ...(narrowed === undefined ? {} : { narrowed }) };
}
