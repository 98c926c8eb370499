/** A key that is new here: proved to work, kept in a store, and named in the profile. */
import { StepupError } from '../errors.ts';
import { readAwsFiles } from '../profiles/aws-files.ts';
import { planKeyToStore } from '../profiles/key-section.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import { sectionOwner } from '../profiles/section-owner.ts';
import { requireProfileName } from '../profiles/section-title.ts';
import { baseOfSessionProfile } from '../profiles/session-profiles.ts';
import { updateAwsFiles } from '../profiles/update.ts';
import type { KeyPorts } from './move-key.ts';
import { putKey } from './put-key.ts';
import type { SecretStore } from './secret-store.ts';
import { readStoredKey, type StoredKey } from './stored-key.ts';

export interface AddRequest {
  readonly profile: string;
  readonly key: StoredKey;
  /** Another key that the profile has in a store may be lost. */
  readonly mayReplace: boolean;
  /** False: AWS isn't asked whether the key works. */
  readonly verify: boolean;
}

/**
 * Keeps the key. A run that was broken off can be run again.
 * @throws StepupError `key-exists`, `section-not-ours`, `profile-name-unwritable`, `usage` for a session's profile; what `putKey` and `verify` throw
 */
export async function addKey(request: AddRequest, store: SecretStore, ports: KeyPorts): Promise<void> {
  const { profile: name, key, mayReplace } = request;
  const profile = profileForKey(name, ports);
  const here = profile.credentials;
  // What only the environment says of the store holds for every profile: the store itself knows whether it has one.
  if (here.type === 'stored-key' && here.place !== undefined && !mayReplace) {
    const held = here.store === store.kind ? await readStoredKey(store, name) : undefined;
    if (held?.accessKeyId !== key.accessKeyId)
      throw new StepupError('key-exists', { profile: name, has: 'stored-key' });
  }
  if (request.verify) await ports.verify(key, profile);
  await putKey(store, name, key, { mayReplace });
  const inStore = { profile: name, store: store.kind, accessKeyId: key.accessKeyId, process: ports.processLine(name) };
  await updateAwsFiles(ports.paths, (files) => planKeyToStore(files, inStore, undefined), ports.lock);
}

/** The profile as it is, or as it would be made. @throws as {@link addKey}, before anybody is asked for a key */
export function profileForKey(name: string, { paths, env }: Pick<KeyPorts, 'paths' | 'env'>): ResolvedProfile {
  const files = readAwsFiles(paths);
  if (!files.profiles.has(name)) requireProfileName(name);
  const profile: ResolvedProfile = files.profiles.has(name)
    ? resolveProfile(files, name, env)
    : { name, credentials: { type: 'none' }, settings: new Map() };
  if (profile.credentials.type === 'long-term-key')
    throw new StepupError('key-exists', { profile: name, has: 'plain-key' });
  if (profile.credentials.type === 'stored-key') return profile;
  const base = baseOfSessionProfile(files, name);
  if (base !== undefined) {
    throw new StepupError('usage', {
      problem: `Profile ${name} is there for the MFA session of ${base}`,
      hint: `Name the profile of the key: stepup keys add ${base}`,
    });
  }
  const owner = sectionOwner(files, name);
  if (owner.type === 'foreign') {
    const { path, section, line } = owner.place;
    throw new StepupError('section-not-ours', { path, section, line, because: owner.because });
  }
  return profile;
}
