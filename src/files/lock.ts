/**
 * Locks between processes.
 *
 * What is promised: of all the processes of one machine (or of one NFS server that passes locks on) that ask for the
 * lock of one path, at most one holds it at a time; and of all callers within one process, one at a time, in the order
 * in which they asked. The kernel holds the lock (an open-file-description lock on Linux, flock on macOS, LockFileEx on
 * Windows) and frees it when the holder lets go or dies, however it dies. Nothing frees it by age: a holder that is
 * stopped for an hour and continued still holds it. A child process doesn't inherit it.
 *
 * What is not: the lock is advisory, so a program that doesn't ask for it isn't kept out; waiters of different
 * processes are served in no order; and who holds a lock is written in its file only as a hint for a person.
 *
 * The lock file is made for the lock and stays: nothing of ours removes it. Somebody who removes it while it is held
 * lets a second holder in; after that all agree again, for who gets a lock looks whether the file at the path is the one
 * that it locked, and begins anew if not.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StepupError } from '../errors.ts';
import { fileSystemError, giveToFolderOwner, makePrivateFolder, PRIVATE_FILE_MODE, systemErrorCode } from './modes.ts';

/** What the holder of a lock says of itself. Anyone who may write the lock file can say anything. */
export interface LockHolder {
  readonly pid: number;
  /** What it is and what for, in the holder's words; escape it before you print it. */
  readonly program: string;
}

export interface LockOptions {
  /** Who we are, for those who wait for us: "stepup login, on /dev/pts/3". No secret. */
  readonly program: string;
  /** How long to wait; 0 asks once. */
  readonly waitMs: number;
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called once, when the lock turns out to be held by another process. */
  readonly onWait?: (holder: LockHolder | undefined) => void;
}

export interface HeldLock {
  readonly path: string;
  /** Lets go. A second call does nothing. */
  release(): void;
}

/** Between two attempts; grows, so that many waiters don't keep a processor busy. */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/** A hint is one short line; more than this in a lock file isn't ours. */
const MOST_HINT_BYTES = 1024;

/** Windows hides a locked range from readers, and the hint must stay readable; flock of macOS knows whole files only. */
const LOCKED_OFFSET = process.platform === 'win32' ? 2 ** 40 : 0;
const LOCKED_LENGTH = process.platform === 'win32' ? 1 : 0;

/** The callers of this process: for each lock, the end of the line. */
const lines = new Map<string, Promise<void>>();

let native: Promise<typeof import('fs-native-extensions')> | undefined;

/**
 * Waits for the lock of this path, and takes it.
 * @param path of the lock file itself, which is made with mode 0600 (its folder with 0700) if it isn't there
 * @throws StepupError `lock-timeout` after `waitMs`; `unsafe-path` if the path is a symbolic link, no regular file, or
 * someone else's; `lock-unavailable`; `file-system`; the signal's reason
 */
export async function acquireLock(path: string, options: LockOptions): Promise<HeldLock> {
  const whole = resolve(path);
  const deadline = performance.now() + options.waitMs;
  const leaveLine = await standInLine(whole, deadline, options);
  try {
    return await contend(whole, deadline, options, leaveLine);
  } catch (error) {
    leaveLine();
    throw error;
  }
}

/** Takes the lock if it is free now, else answers undefined. @throws as {@link acquireLock}, but for `lock-timeout` */
export async function tryLock(path: string, program: string): Promise<HeldLock | undefined> {
  try {
    return await acquireLock(path, { program, waitMs: 0 });
  } catch (error) {
    if (error instanceof StepupError && error.code === 'lock-timeout') return undefined;
    throw error;
  }
}

/** Holds the lock while `work` runs, and lets go whatever comes of it. @throws as {@link acquireLock}, and what work throws */
export async function withLock<T>(path: string, options: LockOptions, work: () => T | Promise<T>): Promise<T> {
  const lock = await acquireLock(path, options);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** What the last holder of this lock wrote of itself; it may have let go, or died. Undefined when there is nothing to tell. */
export function readLockHolder(path: string): LockHolder | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    return readHint(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Waits until the callers of this process that came before have had their turn.
 * @returns what to call to let the next one go
 */
async function standInLine(path: string, deadline: number, options: LockOptions): Promise<() => void> {
  const before = lines.get(path);
  let leave = (): void => {};
  const mine = new Promise<void>((done) => {
    leave = done;
  });
  const tail = before === undefined ? mine : before.then(() => mine);
  lines.set(path, tail);
  const leaveLine = (): void => {
    if (lines.get(path) === tail) lines.delete(path);
    leave();
  };
  if (before === undefined) return leaveLine;
  try {
    if (!(await settlesInTime(before, deadline, options.signal))) throw timeout(path, options);
    return leaveLine;
  } catch (error) {
    // Those behind us still wait for those before us: `tail` ends with `before`.
    before.then(leaveLine);
    throw error;
  }
}

/** Asks the kernel again and again: a call that blocks there could be neither ended by a limit nor by Ctrl-C. */
async function contend(path: string, deadline: number, options: LockOptions, leaveLine: () => void): Promise<HeldLock> {
  const { tryLock: tryKernelLock } = await loadNative();
  let pauseMs = FIRST_PAUSE_MS;
  let hasWaited = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const fd = openLockFile(path);
    try {
      if (tryKernelLock(fd, LOCKED_OFFSET, LOCKED_LENGTH) && isStillAt(path, fd)) {
        writeHint(fd, { pid: process.pid, program: options.program });
        return heldLock(path, fd, leaveLine);
      }
    } catch (error) {
      closeSync(fd);
      throw fileSystemError(error, path, 'lock');
    }
    closeSync(fd);
    if (!hasWaited && options.waitMs > 0) {
      hasWaited = true;
      options.onWait?.(readLockHolder(path));
    }
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw timeout(path, options);
    // A random part keeps waiters that began together from asking together.
    await pause(Math.min(leftMs, pauseMs * (0.5 + Math.random())), options.signal);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }
}

function heldLock(path: string, fd: number, leaveLine: () => void): HeldLock {
  let isHeld = true;
  return {
    path,
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      clearHint(fd);
      // Closing the only descriptor of this open file frees the lock.
      closeSync(fd);
      leaveLine();
    },
  };
}

/** Never through a symbolic link, never a pipe or a device, never somebody else's file. */
function openLockFile(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const open = (): number => openSync(path, flags, PRIVATE_FILE_MODE);
  let fd: number;
  try {
    fd = open();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ELOOP') throw new StepupError('unsafe-path', { path, problem: 'symbolic-link' }, { cause: error });
    if (code === 'EISDIR' || code === 'ENXIO') {
      throw new StepupError('unsafe-path', { path, problem: 'not-a-regular-file' }, { cause: error });
    }
    if (code !== 'ENOENT') throw fileSystemError(error, path, 'open lock');
    makePrivateFolder(dirname(path));
    fd = open();
  }
  try {
    checkLockFile(path, fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw fileSystemError(error, path, 'open lock');
  }
}

/** A second hard link would let the hint be written into a file that somebody chose. */
function checkLockFile(path: string, fd: number): void {
  const stats = fstatSync(fd);
  if (!stats.isFile() || stats.nlink > 1) throw new StepupError('unsafe-path', { path, problem: 'not-a-regular-file' });
  giveToFolderOwner(fd, path);
  const user = process.geteuid?.();
  if (user !== undefined && user !== 0 && stats.uid !== user) {
    throw new StepupError('unsafe-path', { path, problem: 'owned-by-another' });
  }
}

/** False when the file that we locked was removed or replaced in the meantime: others would lock another one. */
function isStillAt(path: string, fd: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(fd);
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}

function writeHint(fd: number, holder: LockHolder): void {
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, `${JSON.stringify(holder)}\n`, 0);
  } catch {
    // A full disk takes the hint away, not the lock.
  }
}

function clearHint(fd: number): void {
  try {
    ftruncateSync(fd, 0);
  } catch {
    // It was only a hint, and the lock goes all the same.
  }
}

function readHint(fd: number): LockHolder | undefined {
  const buffer = Buffer.alloc(MOST_HINT_BYTES);
  try {
    const hint: unknown = JSON.parse(buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, 0)));
    if (typeof hint !== 'object' || hint === null || !('pid' in hint) || !('program' in hint)) return undefined;
    const { pid, program } = hint;
    return Number.isSafeInteger(pid) && typeof program === 'string' ? { pid: Number(pid), program } : undefined;
  } catch {
    return undefined;
  }
}

function timeout(path: string, options: LockOptions): StepupError {
  const holder = readLockHolder(path);
  return new StepupError('lock-timeout', {
    path,
    waitedMs: options.waitMs,
    ...(holder === undefined ? {} : { holder }),
  });
}

/** True when the promise settled before the deadline. @throws the signal's reason */
async function settlesInTime(before: Promise<void>, deadline: number, signal?: AbortSignal): Promise<boolean> {
  const wait = new AbortController();
  try {
    return await Promise.race([
      before.then(() => true),
      pause(
        deadline - performance.now(),
        signal === undefined ? wait.signal : AbortSignal.any([wait.signal, signal]),
      ).then(() => false),
    ]);
  } finally {
    wait.abort();
  }
}

/** @throws the signal's reason */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, fail) => {
    if (signal?.aborted === true) {
      fail(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop);
        done();
      },
      Math.max(0, ms),
    );
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** A native add-on costs more to load than all else that a cached answer needs, so only a writer loads it. */
function loadNative(): Promise<typeof import('fs-native-extensions')> {
  native ??= import('fs-native-extensions').catch((error: unknown) => {
    throw new StepupError('lock-unavailable', { problem: String(error) }, { cause: error });
  });
  return native;
}
