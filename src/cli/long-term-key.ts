/** The long-term key of a base, from the credentials file or from the store that `stepup_key_store` names. */
import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import type { KeyHome } from '../keys/key-home.ts';
import { awsFilePaths } from '../profiles/aws-files.ts';
import type { ResolvedProfile } from '../profiles/resolve.ts';
import type { Io } from './io.ts';

/** @throws StepupError `login-without-key` where there is none; what the store throws */
export async function longTermKey(io: Io, profile: ResolvedProfile): Promise<Credentials> {
  const { name, credentials } = profile;
  if (credentials.type === 'long-term-key') {
    return { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey };
  }
  const key = await (await keyHomeOf(io, profile))?.read();
  if (key === undefined) throw new StepupError('login-without-key', { profile: name, found: 'nothing' });
  return { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey };
}

/** Where the profile's key is kept; undefined for a profile without one. @throws what opening the store throws */
export async function keyHomeOf(io: Io, profile: ResolvedProfile): Promise<KeyHome | undefined> {
  const [{ keyHome }, { storeOf }, { readStoreKind }] = await Promise.all([
    import('../keys/key-home.ts'),
    import('./open-store.ts'),
    import('../keys/stores.ts'),
  ]);
  return keyHome(profile, {
    paths: awsFilePaths(io.env, io.homeDirectory),
    lock: { program: `stepup ${io.argv[0] ?? ''}`, waitMs: LOCK_WAIT_MS },
    openStore: (store) => storeOf(io, readStoreKind(store, 'stepup_key_store'), profile.settings),
  });
}

/** How long another process may hold the AWS files. */
const LOCK_WAIT_MS = 20_000;
