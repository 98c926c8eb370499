/**
 * Writing a file whole or not at all.
 *
 * What is promised: whoever opens the path, at any moment and whatever dies, reads the old content whole or the new one
 * whole; when the call returns, the new content is on the disk. A full disk, or any other error, leaves the old file
 * as it was. Symbolic links are followed: the file that they name changes and they stay. Mode and owner stay as they
 * were, or the call fails before it has changed anything; a new file has mode 0600.
 *
 * How: a temporary file in the same folder, with the right owner and mode before the first byte, synced, renamed over
 * the old one, and the folder synced. All of it happens in one turn of the event loop, so our own handling of a signal
 * can't come between. A temporary file that a killed writer left is removed by the next writer of the same file.
 *
 * What is not: hard links to the old file keep the old content, and access lists and extended attributes aren't carried
 * over. Two writers that don't share a lock both succeed, and the last one wins: see `edit-file.ts`.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { StepupError } from '../errors.ts';
import { fileSystemError, giveToFolderOwner, makePrivateFolder, PRIVATE_FILE_MODE, systemErrorCode } from './modes.ts';

export interface WriteOptions {
  /** Take away what group and others may do with a file that exists already. */
  readonly narrow?: boolean;
  /**
   * The caller holds a lock without which nobody writes this file: then every temporary file of it is a dead writer's,
   * and the check for a live one isn't needed.
   */
  readonly exclusive?: boolean;
}

export interface WriteOutcome {
  /** The file that was written, links resolved. */
  readonly path: string;
  readonly created: boolean;
  /** The mode (permission bits) before `narrow` took some away; absent if nothing was taken. */
  readonly narrowedFrom?: number;
}

const PERMISSIONS = 0o7777;
const OWNER_ONLY = 0o7700;
const MOST_LINKS = 40;

/** A temporary file of another machine's writer can't be asked whether it lives: after this time it doesn't count. */
const FOREIGN_TEMPORARY_FILE_MS = 24 * 60 * 60 * 1000;

/** `.NAME.stepup-HOST-PID-RANDOM.tmp` */
const TEMPORARY_NAME = /^\.(.+)\.stepup-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{12}\.tmp$/;

/**
 * Replaces the content of the file, or makes it (its folder too, with mode 0700).
 * @throws StepupError `file-system` (`ENOSPC`, `EACCES`, `EPERM` when the owner can't be kept, …); `unsafe-path` if the
 * path is a folder, a pipe or a device, or goes round in links. In each case the old file is whole.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, options: WriteOptions = {}): WriteOutcome {
  const target = resolveLinks(path);
  try {
    return replace(target, content, options);
  } catch (error) {
    throw fileSystemError(error, target, 'write');
  }
}

/** @throws what {@link writeFileAtomic} would throw, as far as it shows before the write */
export function requireReplaceable(path: string): void {
  const target = resolveLinks(path);
  try {
    regularFileAt(target);
    accessSync(nearestFolder(dirname(target)), constants.W_OK);
  } catch (error) {
    throw fileSystemError(error, target, 'write');
  }
}

/** The folder, or, if it would be made first, the one that it would be made in. */
function nearestFolder(path: string): string {
  const above = dirname(path);
  return existsSync(path) || above === path ? path : nearestFolder(above);
}

/**
 * The path that the links of this one lead to at the end, whether a file is there or not.
 * @throws StepupError `unsafe-path` if they go round; `file-system`
 */
export function resolveLinks(path: string): string {
  let here = resolve(path);
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    try {
      // What `/dev/fd/63` of a shell's `<(…)` leads to has no path.
      return statSync(here, { throwIfNoEntry: false })?.isFIFO() === true ? here : realpathSync(here);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'ELOOP') break;
      if (code !== 'ENOENT') throw fileSystemError(error, path, 'resolve');
    }
    const stats = lstatSync(here, { throwIfNoEntry: false });
    if (stats === undefined) {
      const folder = dirname(here);
      return folder === here ? here : join(resolveLinks(folder), basename(here));
    }
    // What isn't a link was made since: it resolves now.
    if (stats.isSymbolicLink()) here = resolve(dirname(here), readlinkSync(here));
  }
  throw new StepupError('unsafe-path', { path, problem: 'symbolic-link' });
}

/**
 * Removes what killed writers left beside this file.
 * @param target with links resolved
 */
function removeStrayTemporaryFiles(target: string, options: Pick<WriteOptions, 'exclusive'> = {}): void {
  const folder = dirname(target);
  for (const name of readdirSync(folder)) {
    const match = TEMPORARY_NAME.exec(name);
    if (match === null || match[1] !== basename(target)) continue;
    const path = join(folder, name);
    if (options.exclusive === true || !mayBeAlive(path, String(match[2]), Number(match[3]))) removeIfThere(path);
  }
}

function replace(target: string, content: string | Uint8Array, options: WriteOptions): WriteOutcome {
  const old = regularFileAt(target);
  if (old === undefined) makePrivateFolder(dirname(target));
  removeStrayTemporaryFiles(target, options);
  const temporary = temporaryPath(target);
  try {
    const mode = old === undefined ? PRIVATE_FILE_MODE : keptMode(old, options);
    writeWhole(temporary, content, old, mode);
    renameSync(temporary, target);
    syncFolder(dirname(target));
    const before = old === undefined ? mode : old.mode & PERMISSIONS;
    return { path: target, created: old === undefined, ...(before === mode ? {} : { narrowedFrom: before }) };
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
}

/** Undefined if nothing is there. */
function regularFileAt(target: string): Stats | undefined {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return stats;
  throw new StepupError('unsafe-path', { path: target, problem: 'not-a-regular-file' });
}

/** The content, the owner and the mode, in a file that nobody else could open on the way, on the disk. */
function writeWhole(temporary: string, content: string | Uint8Array, old: Stats | undefined, mode: number): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const fd = openSync(temporary, flags, PRIVATE_FILE_MODE);
  try {
    if (old === undefined) giveToFolderOwner(fd, temporary);
    else keepOwner(fd, old);
    fchmodSync(fd, mode);
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function keepOwner(fd: number, old: Stats): void {
  const made = fstatSync(fd);
  if (made.uid !== old.uid || made.gid !== old.gid) fchownSync(fd, old.uid, old.gid);
}

function keptMode(old: Stats, options: WriteOptions): number {
  const mode = old.mode & PERMISSIONS;
  return options.narrow === true && process.platform !== 'win32' ? mode & OWNER_ONLY : mode;
}

function temporaryPath(target: string): string {
  const unique = `${hostTag()}-${process.pid}-${randomBytes(6).toString('hex')}`;
  return join(dirname(target), `.${basename(target)}.stepup-${unique}.tmp`);
}

/** Which machine a process id belongs to: home folders are shared over networks and into containers. */
function hostTag(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function mayBeAlive(path: string, host: string, pid: number): boolean {
  if (host !== hostTag()) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats !== undefined && Date.now() - stats.mtimeMs < FOREIGN_TEMPORARY_FILE_MS;
  }
  // This process is in no other write: they don't overlap.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH';
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

/** So that the new name survives a power cut. Windows has no such call. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
