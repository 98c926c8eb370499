/**
 * Who owns a path and who else may touch it. Private folders are 0700 and private files 0600; a file that names a
 * program, and that program, must be one that its user owns and nobody else may write, and so must every folder on the way to it, or
 * somebody else could put another file in its place.
 *
 * On Windows there are no such bits: there the checks find nothing, and access lists of the profile folder do the work.
 */
import { fchownSync, fstatSync, lstatSync, mkdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { type PathProblem, StepupError } from '../errors.ts';
import { isPrivateGroup } from './private-group.ts';

export const PRIVATE_FILE_MODE = 0o600;
export const PRIVATE_FOLDER_MODE = 0o700;

const GROUP_OR_OTHERS_WRITE = 0o022;
const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const GROUP_OR_OTHERS_ANY = 0o077;
const MACOS_ADMIN = 80;
const STICKY = 0o1000;

/** As many as Linux follows before it answers ELOOP. */
const MOST_LINKS = 40;

/** The first thing found wrong, and where. */
export interface PathFault {
  /** The file, or the folder or link on the way to it, that is at fault. */
  readonly path: string;
  readonly problem: PathProblem;
}

export interface OwnershipRules {
  /** Nobody else may read the file itself either: for files that hold secrets. Folders may be readable. */
  readonly secret?: boolean;
  /** The file is a program to be run: root may own it too. Whom root, or macOS's administrators, let write is theirs to say. */
  readonly program?: boolean;
}

/** A StepupError `file-system` from an error of Node's; anything that isn't one is returned as it is. */
export function fileSystemError(error: unknown, path: string, operation: string): unknown {
  const code = systemErrorCode(error);
  return code === undefined ? error : new StepupError('file-system', { code, path, operation }, { cause: error });
}

/** `ENOENT`, `EACCES`, … of an error that the system made; undefined for any other. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/**
 * Makes the folder, and those above it that are missing, with mode 0700 each whatever the umask. One that exists is
 * left as it is.
 * @throws StepupError `file-system`; `unsafe-path` if something else than a folder is there
 */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST' || systemErrorCode(error) === 'ENOTDIR') {
      throw new StepupError('unsafe-path', { path, problem: 'not-a-folder' }, { cause: error });
    }
    throw fileSystemError(error, path, 'make folder');
  }
}

/**
 * What root makes in a person's folder (`sudo stepup …`) would lock the person out: the open file becomes the folder's
 * owner's. For anybody else than root this does nothing.
 */
export function giveToFolderOwner(fd: number, path: string): void {
  if (currentUser() !== 0) return;
  const folder = statSync(dirname(path));
  if (folder.uid !== fstatSync(fd).uid) fchownSync(fd, folder.uid, folder.gid);
}

/**
 * Says whether the file is the user's alone: a regular file, owned by the user, that nobody else may write, reached
 * only through folders and links that nobody else but root may change. Symbolic links are followed and each is
 * checked, for who may change a link may change what it means.
 * @returns undefined when all is well, else the first fault, from the root downwards
 * @throws StepupError `file-system` when the system won't say
 */
export function findOwnershipFault(path: string, rules: OwnershipRules = {}): PathFault | undefined {
  const user = currentUser();
  let waiting = partsOf(resolve(path));
  let here = parse(resolve(path)).root;
  let links = 0;
  let folderIsSticky = false;
  for (;;) {
    const stats = statOf(here);
    if (stats === undefined) return { path: here, problem: 'missing' };
    const isLast = waiting.length === 0;
    if (stats.isSymbolicLink()) {
      // The bits of a link itself mean nothing; in a sticky folder its owner is the one who may replace it.
      if (folderIsSticky && !isTrustedOwner(stats, user)) return { path: here, problem: 'owned-by-another' };
      links += 1;
      if (links > MOST_LINKS) return { path: here, problem: 'symbolic-link' };
      const target = readlinkSync(here);
      const whole = isAbsolute(target) ? target : join(dirname(here), target);
      waiting = [...partsOf(resolve(whole)), ...waiting];
      here = parse(resolve(whole)).root;
      folderIsSticky = false;
      continue;
    }
    const fault = isLast ? faultOfFile(stats, user, rules) : faultOfFolder(stats, user, rules);
    if (fault !== undefined) return { path: here, problem: fault };
    folderIsSticky = (stats.mode & STICKY) !== 0;
    const [next, ...rest] = waiting;
    if (next === undefined) return undefined;
    waiting = rest;
    here = join(here, next);
  }
}

/** The same, as an error. @throws StepupError `unsafe-path`, `file-system` */
export function requireOwnFile(path: string, rules: OwnershipRules = {}): void {
  const fault = findOwnershipFault(path, rules);
  if (fault !== undefined) throw new StepupError('unsafe-path', fault);
}

/** The bits of the mode that let anybody else than the owner in, or 0; 0 for a file that isn't there, and on Windows. */
export function bitsForOthers(path: string): number {
  if (process.platform === 'win32') return 0;
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 0 : stats.mode & GROUP_OR_OTHERS_ANY;
}

function faultOfFile(stats: Stats, user: number | undefined, rules: OwnershipRules): PathProblem | undefined {
  if (!stats.isFile()) return 'not-a-regular-file';
  if (user === undefined) return undefined;
  const isOwned = rules.program === true ? isTrustedOwner(stats, user) : stats.uid === user;
  if (!isOwned) return 'owned-by-another';
  if ((stats.mode & writeBits(stats, user, rules)) !== 0) return 'writable-by-others';
  if (rules.secret === true && (stats.mode & GROUP_OR_OTHERS_ANY) !== 0) return 'readable-by-others';
  return undefined;
}

/**
 * The bits that let strangers write. Debian gives /usr/local to root's group `staff`, Homebrew its folders to macOS's
 * `admin`, who may become root; and a user's private group is the user.
 */
function writeBits({ uid, gid, mode }: Stats, user: number, { program }: OwnershipRules): number {
  if (program !== true || (mode & GROUP_WRITE) === 0) return GROUP_OR_OTHERS_WRITE;
  const isRoots = uid === 0 && user !== 0;
  const isGroupTrusted = isRoots || (process.platform === 'darwin' && gid === MACOS_ADMIN) || isPrivateGroup(gid, user);
  return isGroupTrusted ? OTHERS_WRITE : GROUP_OR_OTHERS_WRITE;
}

function faultOfFolder(stats: Stats, user: number | undefined, rules: OwnershipRules): PathProblem | undefined {
  if (!stats.isDirectory()) return 'not-a-folder';
  if (user === undefined) return undefined;
  if (!isTrustedOwner(stats, user)) return 'owned-by-another';
  // In a sticky folder (/tmp) others may add names, but not replace ours; what is in it is checked by its own owner.
  const isOpen = (stats.mode & writeBits(stats, user, rules)) !== 0 && (stats.mode & STICKY) === 0;
  return isOpen ? 'writable-by-others' : undefined;
}

/** Root can do all things anyway, so what it owns is no worse than what the user owns. */
function isTrustedOwner(stats: Stats, user: number | undefined): boolean {
  return user === undefined || stats.uid === user || stats.uid === 0;
}

function partsOf(path: string): string[] {
  return path
    .slice(parse(path).root.length)
    .split(sep)
    .filter((part) => part !== '');
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileSystemError(error, path, 'examine');
  }
}

/** Undefined where the system has no user ids. */
function currentUser(): number | undefined {
  return process.geteuid?.();
}
