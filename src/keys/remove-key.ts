/** Removes the only copy that is known here of a profile's long-term key. AWS goes on honouring the key. */
import { StepupError } from '../errors.ts';
import { readAwsFiles } from '../profiles/aws-files.ts';
import { KEY_ID_KEY } from '../profiles/key-id.ts';
import { KEY_LEFT_IN_KEY, planForgetStore, planPlainRemoval } from '../profiles/key-section.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { updateAwsFiles } from '../profiles/update.ts';
import type { KeyPorts } from './move-key.ts';
import { removeStoredKey } from './stored-key.ts';

export interface KeyToRemove {
  readonly profile: string;
  readonly from: string;
  /** Unknown where only the store could tell. */
  readonly accessKeyId?: string;
  /** Removes it. May be called again after it was broken off. @throws StepupError `login-without-key` where a store has none */
  readonly remove: () => Promise<void>;
}

type Ports = Pick<KeyPorts, 'paths' | 'env' | 'openStore' | 'lock'>;

/** What would go, for a person to look at first. @throws StepupError `login-without-key` where there is none */
export function keyToRemove(name: string, ports: Ports): KeyToRemove {
  const { paths, lock } = ports;
  const profile = resolveProfile(readAwsFiles(paths), name, ports.env);
  const { credentials, settings } = profile;
  if (credentials.type === 'long-term-key') {
    const { accessKeyId } = credentials;
    const remove = async (): Promise<void> => {
      await updateAwsFiles(paths, (files) => planPlainRemoval(files, credentials), lock);
    };
    return { profile: name, from: 'file', accessKeyId, remove };
  }
  if (credentials.type !== 'stored-key')
    throw new StepupError('login-without-key', { profile: name, found: 'nothing' });
  const { store } = credentials;
  const accessKeyId = settings.get(KEY_ID_KEY)?.value;
  const leftIn = settings.get(KEY_LEFT_IN_KEY)?.value;
  const remove = async (): Promise<void> => {
    let wasThere = false;
    for (const each of leftIn === undefined ? [store] : [leftIn, store]) {
      const isRemoved = await removeStoredKey(await ports.openStore(each, profile), name);
      wasThere ||= isRemoved;
    }
    await updateAwsFiles(
      paths,
      (files) => {
        const edits = planForgetStore(files, name);
        // A run that was broken off left lines that name the store; without them there never was a key here.
        if (!wasThere && edits.length === 0)
          throw new StepupError('login-without-key', { profile: name, found: 'nothing' });
        return edits;
      },
      lock,
    );
  };
  return { profile: name, from: store, remove, ...(accessKeyId === undefined ? {} : { accessKeyId }) };
}
