/**
 * The system's keychain: macOS Keychain, Windows Credential Manager, the Secret Service (GNOME Keyring, KWallet,
 * KeePassXC). What it resists and what it doesn't stands in docs/keys.md.
 */
import type { AsyncEntry, EntryOptions } from '@napi-rs/keyring';
import { isStepupError, StepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { withLock } from '../files/lock.ts';
import { readText } from '../files/read.ts';
import { type Entries, inPieces } from './pieces.ts';
import type { SecretStore } from './secret-store.ts';

const service = 'stepup';

/** The kernel keyring, which the library would fall back on, forgets at the next start of the machine. */
const options: EntryOptions = { linux: { store: 'secret-service' } };

/** Windows: 2,560 bytes of UTF-16 an entry. */
const windowsLimit = 1_200;

/** An unlock dialog waits for a person. */
const unlockWaitMs = 5 * 60_000;

export interface KeychainOptions {
  readonly platform: NodeJS.Platform;
  /**
   * Held while the keychain is asked: fifty cold processes open one dialog, not fifty. Beside it stands when a person
   * last left one shut: those who waited for that dialog don't open it again.
   */
  readonly lockFile: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function keychainStore({ platform, lockFile, now }: KeychainOptions): SecretStore {
  const one = <T>(work: () => Promise<T>): Promise<T> => {
    const sinceMs = now();
    return withLock(lockFile, { program: 'stepup, at the keychain', waitMs: unlockWaitMs }, async () => {
      if (refusedAtMs(lockFile) > sinceMs) {
        const detail = 'it was not unlocked for another process, which asked while this one waited';
        throw new StepupError('store-locked', { store: 'keychain', detail });
      }
      try {
        return await work();
      } catch (error) {
        if (isStepupError(error, 'store-locked')) writeFileAtomic(refusalFile(lockFile), String(now()));
        throw error;
      }
    });
  };
  const raw: Entries = {
    read: async (name) => (await asked((entry) => entry.getPassword(), name)) ?? undefined,
    write: (name, text) => asked((entry) => entry.setPassword(text), name),
    remove: (name) => asked((entry) => entry.deletePassword(), name),
  };
  const entries = platform === 'win32' ? inPieces(raw, windowsLimit) : raw;
  return {
    kind: 'keychain',
    read: (name) => one(() => entries.read(name)),
    write: (name, secret) => one(() => entries.write(name, secret)),
    remove: (name) => one(() => entries.remove(name)),
  };
}

function refusalFile(lockFile: string): string {
  return `${lockFile}.refused`;
}

function refusedAtMs(lockFile: string): number {
  return Number(readText(refusalFile(lockFile)) ?? 0) || 0;
}

/** Loaded when it is needed: the native library costs more than a cached answer does. */
async function asked<T>(ask: (entry: AsyncEntry) => Promise<T>, name: string): Promise<T> {
  try {
    const { AsyncEntry: Entry } = await import('@napi-rs/keyring');
    return await ask(new Entry(service, name, options));
  } catch (error) {
    throw translated(error);
  }
}

/** The library has no codes, only texts of the stores behind it; they hold no secret. */
function translated(error: unknown): StepupError {
  const detail = error instanceof Error ? error.message : String(error);
  const isLocked = /unlock|locked|dismiss|cancel|interaction is not allowed|denied/i.test(detail);
  return new StepupError(
    isLocked ? 'store-locked' : 'store-unavailable',
    { store: 'keychain', detail },
    { cause: error },
  );
}
