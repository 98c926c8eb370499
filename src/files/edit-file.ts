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
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StepupError } from '../errors.ts';
import { resolveLinks, type WriteOptions, type WriteOutcome, writeFileAtomic } from './atomic-write.ts';
import { acquireLock, type HeldLock, type LockOptions } from './lock.ts';
import { fileSystemError, systemErrorCode } from './modes.ts';

export interface FileEdit extends Pick<WriteOptions, 'narrow'> {
  readonly path: string;
  /** From the whole text (empty for a file that isn't there) to the whole text; may be called again. */
  readonly edit: (text: string) => string;
}

/** `unchanged`: the edit gave the text back, and nothing was written. */
export type EditOutcome =
  | { readonly type: 'unchanged'; readonly path: string }
  | ({ readonly type: 'written' } & WriteOutcome);

/** When a program without our lock keeps changing the file, we give up after so many edits. */
const MOST_ATTEMPTS = 10;

/**
 * Edits a file. @see editFiles
 * @throws as {@link editFiles}
 */
export async function editFile(edit: FileEdit, lock: LockOptions): Promise<EditOutcome> {
  const [outcome] = await editFiles([edit], lock);
  if (outcome === undefined) throw new StepupError('internal', { problem: 'an edit without an outcome' });
  return outcome;
}

/**
 * Edits files that belong together, holding the locks of all of them: every edit function runs before anything is
 * written, so one that throws stops all. Paths that lead to one file are one file: their edits run one after another.
 * @returns an outcome for each edit, in their order
 * @throws what an edit throws; StepupError `unsafe-path` (not a text file in UTF-8, …), `file-system`, and as
 * {@link acquireLock}
 */
export async function editFiles(edits: readonly FileEdit[], lock: LockOptions): Promise<readonly EditOutcome[]> {
  const targets = edits.map((edit) => resolveLinks(edit.path));
  const distinct = [...new Set(targets)];
  const locks = await acquireAll(distinct, lock);
  try {
    const outcomes = attemptAll(distinct, edits, targets);
    return targets.map((target) => outcomes.get(target) ?? { type: 'unchanged', path: target });
  } finally {
    for (const held of locks) held.release();
  }
}

/** The lock file beside a file; every process that edits the file must take the lock of this path. */
export function lockPathFor(target: string): string {
  return join(dirname(target), `.${basename(target)}.stepup-lock`);
}

/**
 * Text as it is on the disk, a byte order mark included; undefined if there is no such file.
 * @throws StepupError `unsafe-path` if it isn't UTF-8 or is a folder; `file-system`
 */
export function readText(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'EISDIR')
      throw new StepupError('unsafe-path', { path, problem: 'not-a-regular-file' }, { cause: error });
    throw fileSystemError(error, path, 'read');
  }
  const text = bytes.toString('utf8');
  // What isn't UTF-8 was replaced, and would not be written back as it was.
  if (text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(bytes)) {
    throw new StepupError('unsafe-path', { path, problem: 'not-utf-8' });
  }
  return text;
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

interface PlannedWrite {
  readonly target: string;
  readonly seen: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly narrow: boolean;
}

function attemptAll(
  distinct: readonly string[],
  edits: readonly FileEdit[],
  targets: readonly string[],
): Map<string, EditOutcome> {
  const outcomes = new Map<string, EditOutcome>();
  for (let attempt = 1; ; attempt += 1) {
    const open = distinct.filter((target) => !outcomes.has(target));
    const plans = open.map((target) =>
      plan(
        target,
        edits.filter((_, index) => targets[index] === target),
      ),
    );
    const overtaken = plans.some((planned) => !writePlanned(planned, outcomes));
    if (!overtaken) return outcomes;
    if (attempt === MOST_ATTEMPTS) {
      throw new StepupError('file-system', { code: 'EBUSY', path: open[0] ?? '', operation: 'write' });
    }
  }
}

function plan(target: string, edits: readonly FileEdit[]): PlannedWrite {
  const seen = versionOf(target);
  const before = readText(target);
  const after = edits.reduce((text, edit) => edit.edit(text), before ?? '');
  return { target, seen, before, after, narrow: edits.some((edit) => edit.narrow === true) };
}

/** False, with nothing written, if the file has changed since it was read. */
function writePlanned(planned: PlannedWrite, outcomes: Map<string, EditOutcome>): boolean {
  const { target, before, after, narrow } = planned;
  if (after === (before ?? '')) {
    outcomes.set(target, { type: 'unchanged', path: target });
    return true;
  }
  if (versionOf(target) !== planned.seen) return false;
  outcomes.set(target, { type: 'written', ...writeFileAtomic(target, after, { narrow, exclusive: true }) });
  return true;
}

/** Changes whenever the file is replaced or written in place. */
function versionOf(path: string): string {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? '' : [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':');
}
