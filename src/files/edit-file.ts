/**
 * Read, change, write: under a lock, so that no update is lost.
 *
 * What is promised: of all edits of one file by `editFiles`, in any number of processes, each sees the text that the one
 * before it left, and its result is written whole before the next one reads; one that fails or dies leaves the text that
 * it found. An editor that was stopped in the middle and continued still holds the lock, so it overwrites nobody.
 *
 * What is not: a program that takes no lock (a text editor, `aws configure set`) isn't kept out. A change that it makes
 * while we edit is noticed, and the edit done again on the new text, up to the moment of the rename itself.
 * Of several files each is atomic, all of them together are not: they are written in the order in which they are named.
 * A file that we couldn't replace anyway (in a folder of somebody else's, on a read-only disk) is read without its lock,
 * for the lock file would be made in that folder.
 */
import { type Stats, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { StepupError } from '../errors.ts';
import {
  requireReplaceable,
  resolveLinks,
  type WriteOptions,
  type WriteOutcome,
  writeFileAtomic,
} from './atomic-write.ts';
import { acquireLock, type HeldLock, type LockOptions } from './lock.ts';
import { readText } from './read.ts';

export interface EditedFile extends Pick<WriteOptions, 'narrow'> {
  readonly path: string;
  /** What is meant for the null device (`AWS_CONFIG_FILE=/dev/null`) is dropped; otherwise that is an error. */
  readonly mayBeNull?: boolean;
}

/** `unchanged`: the edit gave the text back, and nothing was written. */
export type EditOutcome =
  | { readonly type: 'unchanged'; readonly path: string }
  | ({ readonly type: 'written' } & WriteOutcome);

/** When a program without our lock keeps changing a file, we give up after so many edits. */
const MOST_ATTEMPTS = 10;

/**
 * Edits one file: `edit` gets its whole text (empty for a file that isn't there) and gives the whole new one; it may be
 * called again.
 * @throws as {@link editFiles}
 */
export async function editFile(
  file: EditedFile,
  edit: (text: string) => string,
  lock: LockOptions,
): Promise<EditOutcome> {
  const [outcome] = await editFiles([file], ([text = '']) => [edit(text)], lock);
  if (outcome === undefined) throw new StepupError('internal', { problem: 'an edit without an outcome' });
  return outcome;
}

/**
 * Edits files that belong together, holding the locks of all of them that can be written. `edit` gets their texts and
 * gives the new ones, in the same order; it may be called again, and nothing is written before it returns, so one that
 * throws stops all, and so does a change of a file that can't be written.
 * @param files that differ: two paths that lead to one file (see {@link resolveLinks}) are a mistake of the caller
 * @returns an outcome for each file, in their order
 * @throws what `edit` throws; StepupError `unsafe-path` (no text in UTF-8, no regular file, …), `file-system`, and as
 * {@link acquireLock}
 */
export async function editFiles(
  files: readonly EditedFile[],
  edit: (texts: readonly string[]) => readonly string[],
  lock: LockOptions,
): Promise<readonly EditOutcome[]> {
  const targets = files.map(({ path }) => resolveLinks(path));
  if (new Set(targets).size < targets.length) {
    throw new StepupError('internal', { problem: 'one file named twice in one edit' });
  }
  const faults = targets.map(faultOf);
  const locks = await acquireAll(
    targets.filter((_, index) => faults[index] === undefined),
    lock,
  );
  try {
    return editLocked(files, targets, faults, edit);
  } finally {
    for (const held of locks) held.release();
  }
}

/** The lock file beside a file; every process that edits the file must take the lock of this path. */
export function lockPathFor(target: string): string {
  return join(dirname(target), `.${basename(target)}.stepup-lock`);
}

/** Why the file can't be replaced, as far as it shows; undefined if nothing does. */
function faultOf(target: string): unknown {
  try {
    requireReplaceable(target);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** In one order for all processes, so that no two wait for each other. */
async function acquireAll(targets: readonly string[], options: LockOptions): Promise<HeldLock[]> {
  const held: HeldLock[] = [];
  try {
    for (const target of [...targets].sort()) held.push(await acquireLock(lockPathFor(target), options));
    return held;
  } catch (error) {
    for (const lock of held) lock.release();
    throw error;
  }
}

function editLocked(
  files: readonly EditedFile[],
  targets: readonly string[],
  faults: readonly unknown[],
  edit: (texts: readonly string[]) => readonly string[],
): readonly EditOutcome[] {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const versions = targets.map(versionOf);
    const before = targets.map((target) => readText(target) ?? '');
    const after = edit(before);
    // Looked at for all before the first is written: then both belong to what the edit saw.
    if (targets.some((target, index) => versionOf(target) !== versions[index])) continue;
    for (const [index, { mayBeNull }] of files.entries()) {
      const isDropped = targets[index] === devNull && mayBeNull === true;
      if (faults[index] !== undefined && !isDropped && after[index] !== before[index]) throw faults[index];
    }
    return targets.map((target, index) => {
      const text = after[index] ?? '';
      if (text === before[index] || target === devNull) return { type: 'unchanged', path: target };
      const narrow = files[index]?.narrow === true;
      return { type: 'written', ...writeFileAtomic(target, text, { narrow, exclusive: true }) };
    });
  }
  throw new StepupError('file-system', { code: 'EBUSY', path: targets.join(', '), operation: 'write' });
}

/** Changes whenever the file is replaced or written in place. */
function versionOf(path: string): string {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? '' : [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':');
}
