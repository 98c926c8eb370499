/**
 * Secrets as files in the age format, one a name: the standard `age` program opens them, and they can be backed up.
 * New files are for the recipients, whose identity file lies elsewhere (a token, an encrypted disk); without recipients
 * they get a passphrase. How a file is opened says the file itself.
 */
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Decrypter } from 'age-encryption';
import { StepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { fileSystemError, systemErrorCode } from '../files/modes.ts';
import { readBytes } from '../files/read.ts';
import type { SecretStore } from './secret-store.ts';

export interface AgeKeys {
  /** Called once, and again after a wrong passphrase; `isNew`: nothing can tell whether it is right, so a person should type it twice. */
  readonly passphrase: (question: { readonly isNew: boolean }) => Promise<string>;
  /** `age1…` */
  readonly recipients: readonly string[];
  /** The lines `AGE-SECRET-KEY-1…` of an identity file. */
  readonly identities: () => Promise<readonly string[]>;
}

export interface AgeOptions {
  /** A private folder. */
  readonly folder: string;
  readonly keys: AgeKeys;
}

/** The one stanza of a file with a passphrase (C2SP age.md, "The scrypt recipient type"). */
const PASSPHRASE_HEADER = 'age-encryption.org/v1\n-> scrypt ';

export function ageStore({ folder, keys }: AgeOptions): SecretStore {
  let passphrase: Promise<string> | undefined;
  const passphraseFor = (isNew: boolean): Promise<string> => {
    passphrase ??= keys.passphrase({ isNew });
    return passphrase;
  };

  async function opened(sealed: Uint8Array): Promise<string> {
    const { Decrypter } = await import('age-encryption');
    const decrypter: Decrypter = new Decrypter();
    try {
      if (hasPassphrase(sealed)) decrypter.addPassphrase(await passphraseFor(false));
      else for (const identity of await keys.identities()) decrypter.addIdentity(identity);
      return await decrypter.decrypt(sealed, 'text');
    } catch (error) {
      // A passphrase that was wrong, or couldn't be asked for, is asked for again.
      passphrase = undefined;
      if (error instanceof StepupError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw new StepupError('store-locked', { store: 'age', detail }, { cause: error });
    }
  }

  /** One passphrase opens all: a slip of the fingers would lock a new file for good, so an older one tries it first. */
  async function provenPassphrase(): Promise<string> {
    const older = filesOf(folder).map((path) => readBytes(path));
    const sealed = older.find((bytes) => bytes !== undefined && hasPassphrase(bytes));
    if (sealed === undefined) return passphraseFor(true);
    if (passphrase === undefined) await opened(sealed);
    return passphraseFor(false);
  }

  return {
    kind: 'age',

    async read(name) {
      const sealed = readBytes(pathOf(folder, name));
      return sealed === undefined ? undefined : opened(sealed);
    },

    async write(name, secret) {
      const { Encrypter } = await import('age-encryption');
      const encrypter = new Encrypter();
      for (const recipient of keys.recipients) addRecipient(encrypter, recipient);
      if (keys.recipients.length === 0) encrypter.setPassphrase(await provenPassphrase());
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

function addRecipient(encrypter: { addRecipient(recipient: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (error) {
    const problem = `${recipient} is no recipient of age`;
    throw new StepupError(
      'usage',
      { problem, hint: 'age-keygen -y FILE prints the one of an identity.' },
      { cause: error },
    );
  }
}

function hasPassphrase(sealed: Uint8Array): boolean {
  return Buffer.from(sealed.subarray(0, PASSPHRASE_HEADER.length)).toString('latin1') === PASSPHRASE_HEADER;
}

/** Percent-encoding leaves no separator, no dot file and no name that a system keeps for itself. */
function pathOf(folder: string, name: string): string {
  return join(folder, `${encodeURIComponent(name).replaceAll('.', '%2E')}.age`);
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((entry) => entry.endsWith('.age'))
      .map((entry) => join(folder, entry));
  } catch {
    return [];
  }
}
