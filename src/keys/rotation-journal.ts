/**
 * What a rotation has begun, so that the next run can go on after a crash at any point: ids of keys, and never a secret.
 * It is about a user, for whom AWS allows two keys, and is there exactly while a rotation isn't finished.
 */
import { unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { StepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { fileSystemError, makePrivateFolder, systemErrorCode } from '../files/modes.ts';
import { readText } from '../files/read.ts';

export interface BegunRotation {
  readonly profile: string;
  /** The key that is to go. */
  readonly oldKeyId: string;
  /** All of the user's keys before the new one was asked for. */
  readonly keyIdsBefore: readonly string[];
  /** When it was asked for: epoch milliseconds, by this machine's clock. */
  readonly startedAtMs: number;
  /** The new key, once AWS has said its id. */
  readonly newKeyId?: string;
}

export interface RotationJournal {
  /** Undefined: nothing is unfinished. @throws StepupError `rotation-journal-unreadable`, `file-system` */
  readonly read: () => BegunRotation | undefined;
  /** On the disk when it returns. @throws StepupError `file-system` */
  readonly write: (rotation: BegunRotation) => void;
  readonly clear: () => void;
}

export function rotationJournal(path: string): RotationJournal {
  return {
    read: () => {
      const text = readText(path);
      if (text === undefined) return undefined;
      const rotation = parse(text);
      if (rotation === undefined) throw new StepupError('rotation-journal-unreadable', { path });
      return rotation;
    },
    write: (rotation) => {
      makePrivateFolder(dirname(path));
      writeFileAtomic(path, `${JSON.stringify(rotation)}\n`, { narrow: true });
    },
    clear: () => {
      try {
        unlinkSync(path);
      } catch (error) {
        if (systemErrorCode(error) !== 'ENOENT') throw fileSystemError(error, path, 'remove');
      }
    },
  };
}

function parse(text: string): BegunRotation | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isBegunRotation(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isBegunRotation(value: unknown): value is BegunRotation {
  if (typeof value !== 'object' || value === null) return false;
  const { profile, oldKeyId, keyIdsBefore, startedAtMs, newKeyId } = value as Partial<BegunRotation>;
  return (
    typeof profile === 'string' &&
    typeof oldKeyId === 'string' &&
    Array.isArray(keyIdsBefore) &&
    keyIdsBefore.every((id) => typeof id === 'string') &&
    Number.isSafeInteger(startedAtMs) &&
    (newKeyId === undefined || typeof newKeyId === 'string')
  );
}
