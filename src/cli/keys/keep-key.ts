/** Keeping a key that is new here, for whichever way it came. */
import { StepupError } from '../../errors.ts';
import { addKey, profileForKey } from '../../keys/add-key.ts';
import type { StoreKind } from '../../keys/secret-store.ts';
import type { StoredKey } from '../../keys/stored-key.ts';
import type { Settings } from '../../profiles/aws-files.ts';
import type { Io } from '../io.ts';
import { storeOf } from '../open-store.ts';
import { keyPorts, targetKind } from './ports.ts';

/** Verified unless the options say otherwise, kept, and named in the profile. @throws as `addKey` */
export async function keep(
  io: Io,
  { profile, key, kind }: { readonly profile: string; readonly key: StoredKey; readonly kind: StoreKind },
  { replace, verify }: { readonly replace?: boolean; readonly verify?: boolean },
): Promise<void> {
  const ports = keyPorts(io);
  const store = await storeOf(io, kind, profileForKey(profile, ports).settings);
  await addKey({ profile, key, mayReplace: replace === true, verify: verify !== false }, store, ports);
}

/** @throws StepupError `usage` for the AWS files, which are no store */
export async function storeKind(io: Io, settings: Settings, given: string | undefined): Promise<StoreKind> {
  const kind = await targetKind(io, settings, given, '--store');
  if (kind !== 'file') return kind;
  throw new StepupError('usage', {
    problem: 'stepup keys add puts no key into a plain-text file',
    hint: '`aws configure` does; stepup keys move takes it out again.',
  });
}
