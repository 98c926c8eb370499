/**
 * Where the long-term key of a profile is kept now, one of the stores or a section of the AWS files, and how to read
 * and replace it there.
 */
import { StepupError } from '../errors.ts';
import type { LockOptions } from '../files/lock.ts';
import type { AwsFilePaths } from '../profiles/aws-files.ts';
import { KEY_ID_KEY } from '../profiles/key-id.ts';
import { planKeyReplacement, planSessionsOfNewKey } from '../profiles/key-replacement.ts';
import type { ResolvedProfile } from '../profiles/resolve.ts';
import { updateAwsFiles } from '../profiles/update.ts';
import type { SecretStore, StoreKind } from './secret-store.ts';
import { readStoredKey, type StoredKey, writeStoredKey } from './stored-key.ts';

export interface KeyHome {
  readonly kind: StoreKind | 'file';
  /** Undefined only where the store was open and holds none. @throws what the store throws */
  readonly read: () => Promise<StoredKey | undefined>;
  /**
   * Keeps this key in place of the one that is there, in every section that holds that one; sessions made with it go on
   * with the new key. With a store, the profile's `stepup_key_id` follows.
   * @throws what the store and `updateAwsFiles` throw; `key-changed` if the file holds another key than `old`
   */
  readonly replace: (old: StoredKey, key: StoredKey) => Promise<void>;
}

export interface KeyHomePorts {
  readonly paths: AwsFilePaths;
  readonly lock: LockOptions;
  readonly openStore: (name: string) => Promise<SecretStore>;
}

/** Undefined for a profile without a long-term key. @throws what opening the store throws */
export async function keyHome(profile: ResolvedProfile, ports: KeyHomePorts): Promise<KeyHome | undefined> {
  const { name, credentials } = profile;
  if (credentials.type === 'long-term-key') {
    const { accessKeyId, secretAccessKey, place } = credentials;
    return {
      kind: 'file',
      read: async () => ({ accessKeyId, secretAccessKey }),
      replace: async (old, key) => {
        await updateAwsFiles(
          ports.paths,
          (files) => {
            const held = files.profiles.get(name)?.[place.file].get('aws_access_key_id')?.value;
            if (held !== old.accessKeyId) throw new StepupError('key-changed', { profile: name });
            return [
              ...planKeyReplacement(files, old, key),
              ...planSessionsOfNewKey(files, old.accessKeyId, key.accessKeyId),
            ];
          },
          ports.lock,
        );
      },
    };
  }
  if (credentials.type !== 'stored-key') return undefined;
  const store = await ports.openStore(credentials.store);
  return {
    kind: store.kind,
    read: () => readStoredKey(store, name),
    replace: async (old, key) => {
      await writeStoredKey(store, name, key);
      await updateAwsFiles(
        ports.paths,
        (files) => [
          { type: 'set', file: 'config', profile: name, values: { [KEY_ID_KEY]: key.accessKeyId } },
          ...planSessionsOfNewKey(files, old.accessKeyId, key.accessKeyId),
        ],
        ports.lock,
      );
    },
  };
}
