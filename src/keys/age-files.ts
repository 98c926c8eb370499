/**
 * Secrets as files in the age format, one a name: the standard `age` program opens them, and they can be backed up.
 * By passphrase, or to a recipient whose identity file lies elsewhere (a token, an encrypted disk).
 */
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { fileSystemError, systemErrorCode } from '../files/modes.ts';
import { readBytes } from '../files/read.ts';
import type { SecretStore } from './secret-store.ts';

export interface AgeOptions {
  /** A private folder. */
  readonly folder: string;
  readonly lock: AgeLock;
}

export type AgeLock =
  /** Asked for once a process; `isNew`: it will encrypt, so a person should type it twice. */
  | { readonly type: 'passphrase'; readonly ask: (question: { readonly isNew: boolean }) => Promise<string> }
  /** `age1…` recipients, and the lines of identity files (`AGE-SECRET-KEY-1…`). */
  | {
      readonly type: 'recipient';
      readonly recipients: readonly string[];
      readonly identities: () => Promise<readonly string[]>;
    };

export function ageStore({ folder, lock }: AgeOptions): SecretStore {
  let passphrase: Promise<string> | undefined;
  const passphraseFor = (isNew: boolean): Promise<string> => {
    if (lock.type !== 'passphrase') throw new StepupError('internal', { problem: 'no passphrase here' });
    passphrase ??= lock.ask({ isNew });
    return passphrase;
  };

  return {
    kind: 'age',

    async read(name) {
      const sealed = readBytes(pathOf(folder, name));
      if (sealed === undefined) return undefined;
      const { Decrypter } = await import('age-encryption');
      const decrypter = new Decrypter();
      if (lock.type === 'passphrase') decrypter.addPassphrase(await passphraseFor(false));
      else for (const identity of await lock.identities()) decrypter.addIdentity(identity);
      try {
        return await decrypter.decrypt(sealed, 'text');
      } catch (error) {
        // A passphrase that was wrong once is asked for again.
        passphrase = undefined;
        const detail = error instanceof Error ? error.message : String(error);
        throw new StepupError('store-locked', { store: 'age', detail }, { cause: error });
      }
    },

    async write(name, secret) {
      const { Encrypter } = await import('age-encryption');
      const encrypter = new Encrypter();
      if (lock.type === 'passphrase') encrypter.setPassphrase(await passphraseFor(isEmpty(folder)));
      else for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
      writeFileAtomic(pathOf(folder, name), await encrypter.encrypt(secret), { narrow: true });
    },

    async remove(name) {
      const path = pathOf(folder, name);
      try {
        unlinkSync(path);
        return true;
      } catch (error) {
        if (systemErrorCode(error) === 'ENOENT') return false;
        throw fileSystemError(error, path, 'remove');
      }
    },
  };
}

/** Percent-encoding leaves no separator, no dot file and no name that a system keeps for itself. */
function pathOf(folder: string, name: string): string {
  return join(folder, `${encodeURIComponent(name).replaceAll('.', '%2E')}.age`);
}

function isEmpty(folder: string): boolean {
  try {
    return !readdirSync(folder).some((entry) => entry.endsWith('.age'));
  } catch {
    return true;
  }
}
