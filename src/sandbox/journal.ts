import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StepupError } from '../errors.ts';
import { AppendOnlyFile } from './append-only-file.ts';
import { type Disk, machineDisk } from './disk.ts';
import { encodeRecord, recordAt } from './journal-record.ts';
import type { Change } from './store.ts';

/**
 * The durable form of the store: one file, whose first record is a header, followed by a snapshot (what the tables
 * held when the file was begun) and then one record a commit. When the commits outgrow the snapshot, a new file with a
 * new snapshot is written beside it and renamed over it.
 */
export interface ChangeLog {
  /** On the disk when it returns; throws the disk's error, and then nothing was written. */
  append(changes: readonly Change[]): void;
  /** Called after each commit: the moment to begin a new file, should this one be long. */
  settle(everything: () => Iterable<Change>): void;
  close(): void;
}

export interface OpenedJournal {
  readonly log: ChangeLog;
  /** Bytes of an unfinished record that a kill left at the end, and that were cut off. */
  readonly cutBytes: number;
}

export interface JournalOptions {
  readonly path: string;
  /** Gets every change there is, oldest first. */
  readonly restore: (change: Change) => void;
  readonly disk?: Disk;
  /** Commits are folded into a snapshot once they take this many bytes, and as many as the snapshot itself. */
  readonly foldAfterBytes?: number;
}

interface Header {
  readonly format: string;
  readonly version: number;
  readonly snapshotRecords: number;
}

const format = 'stepup-sandbox-journal';
const formatVersion = 1;
const changesPerSnapshotRecord = 200;
const defaultFoldAfterBytes = 8 * 1024 * 1024;

/** `[table, key, value]`: half the size of the object. */
type StoredChange = readonly [table: string, key: string, value: unknown];

/**
 * Reads the journal at `path` (or begins one) and gives the log that carries it on.
 *
 * @throws StepupError `sandbox-data-corrupt`, `sandbox-data-newer`
 */
export function openJournal({
  path,
  restore,
  disk = machineDisk,
  foldAfterBytes = defaultFoldAfterBytes,
}: JournalOptions): OpenedJournal {
  rmSync(temporaryPath(path), { force: true });
  if (!existsSync(path)) {
    writeFile(path, [], disk).close();
    disk.syncFolder(dirname(path));
  }
  const read = readJournal(path, restore);
  const file = new AppendOnlyFile(path, disk);
  const cutBytes = file.length - read.length;
  if (cutBytes > 0) file.truncate(read.length);
  return { log: new Journal(path, file, read, disk, foldAfterBytes), cutBytes };
}

interface ReadJournal {
  /** Bytes of whole records. */
  readonly length: number;
  readonly snapshotLength: number;
  /** Commits after the snapshot. */
  readonly commits: number;
}

class Journal implements ChangeLog {
  readonly #path: string;
  readonly #disk: Disk;
  readonly #foldAfterBytes: number;
  #file: AppendOnlyFile;
  #snapshotLength: number;
  #foldAtLength: number;
  #commits: number;

  constructor(path: string, file: AppendOnlyFile, read: ReadJournal, disk: Disk, foldAfterBytes: number) {
    this.#path = path;
    this.#file = file;
    this.#disk = disk;
    this.#foldAfterBytes = foldAfterBytes;
    this.#snapshotLength = read.snapshotLength;
    this.#commits = read.commits;
    this.#foldAtLength = this.#nextFold();
  }

  append(changes: readonly Change[]): void {
    const json = JSON.stringify({ commit: this.#commits + 1, changes: changes.map(stored) });
    this.#file.append(encodeRecord(json));
    this.#commits++;
  }

  settle(everything: () => Iterable<Change>): void {
    if (this.#file.length < this.#foldAtLength) return;
    try {
      const next = writeFile(this.#path, everything(), this.#disk);
      this.#file.close();
      this.#file = next;
      this.#snapshotLength = next.length;
      this.#commits = 0;
      this.#foldAtLength = this.#nextFold();
      this.#syncName();
    } catch {
      // No room for a second file: the long one holds all there is. Try again after as many commits.
      rmSync(temporaryPath(this.#path), { force: true });
      this.#foldAtLength = this.#file.length + this.#foldAfterBytes;
    }
  }

  close(): void {
    this.#file.close();
  }

  /** The old file is gone, but may be back after a power cut: until the name is safe nothing may be acknowledged. */
  #syncName(): void {
    try {
      this.#disk.syncFolder(dirname(this.#path));
    } catch (error) {
      this.#file.condemn(error);
    }
  }

  #nextFold(): number {
    return this.#snapshotLength + Math.max(this.#foldAfterBytes, this.#snapshotLength);
  }
}

/**
 * Writes a journal that holds `everything` as its snapshot; it takes its place whole or not at all. That the place is
 * on the disk is for the caller to see to.
 */
function writeFile(path: string, everything: Iterable<Change>, disk: Disk): AppendOnlyFile {
  const records = [...snapshotRecords(everything)];
  const header: Header = { format, version: formatVersion, snapshotRecords: records.length };
  const file = new AppendOnlyFile(temporaryPath(path), disk);
  try {
    file.append(Buffer.concat([encodeRecord(JSON.stringify(header)), ...records]));
    renameSync(temporaryPath(path), path);
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
}

function* snapshotRecords(everything: Iterable<Change>): Generator<Buffer> {
  let changes: StoredChange[] = [];
  for (const change of everything) {
    changes.push(stored(change));
    if (changes.length === changesPerSnapshotRecord) {
      yield encodeRecord(JSON.stringify({ changes }));
      changes = [];
    }
  }
  if (changes.length > 0) yield encodeRecord(JSON.stringify({ changes }));
}

function readJournal(path: string, restore: (change: Change) => void): ReadJournal {
  const bytes = readFileSync(path);
  const corrupt = (offset: number, problem: string) =>
    new StepupError('sandbox-data-corrupt', { file: path, offset, problem });

  let offset = 0;
  /** The record at `offset`, which is moved behind it; undefined at the end, or before a torn record. */
  const next = (): unknown => {
    if (offset === bytes.length) return undefined;
    const found = recordAt(bytes, offset);
    if (found.type === 'torn') return undefined;
    if (found.type === 'corrupt') throw corrupt(offset, found.problem);
    offset = found.nextOffset;
    return JSON.parse(found.json);
  };

  const header = next() as Partial<Header> | undefined;
  const foreign = `${basename(path)} does not begin as a sandbox's journal does`;
  if (header?.format !== format || header.version === undefined) throw corrupt(0, foreign);
  if (header.version > formatVersion) {
    throw new StepupError('sandbox-data-newer', { file: path, version: header.version, supported: formatVersion });
  }
  if (header.snapshotRecords === undefined) throw corrupt(0, foreign);
  const apply = (changes: readonly StoredChange[]) => {
    for (const [table, key, value] of changes) restore({ table, key, value } as Change);
  };
  for (let record = 0; record < header.snapshotRecords; record++) {
    const found = next() as { changes: StoredChange[] } | undefined;
    // The file was renamed into place only after all of this was on the disk.
    if (found === undefined) throw corrupt(offset, 'the snapshot is cut short');
    apply(found.changes);
  }
  const snapshotLength = offset;
  let commits = 0;
  for (let begin = offset, found = next(); found !== undefined; begin = offset, found = next()) {
    const { commit, changes } = found as { commit: number; changes: StoredChange[] };
    if (commit !== commits + 1) throw corrupt(begin, `commit ${commit} stands where ${commits + 1} must`);
    commits = commit;
    apply(changes);
  }
  return { length: offset, snapshotLength, commits };
}

function stored({ table, key, value }: Change): StoredChange {
  return [table, key, value];
}

function temporaryPath(path: string): string {
  return `${path}.new`;
}
