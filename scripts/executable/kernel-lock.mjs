// In place of fs-native-extensions inside an executable for Linux or macOS: its add-on calls functions of libuv that bun
// hasn't got, and bun ends the process at a lock that is held. The same locks, so that executable and npm package keep
// each other out: of the open file description on Linux (fcntl(2), F_OFD_SETLK), flock(2) on macOS.
import { dlopen, read } from 'bun:ffi';

const HELD_LINUX = new Set([11, 13]); // EAGAIN, EACCES
const HELD_MACOS = new Set([35]); // EWOULDBLOCK

const tryKernelLock = process.platform === 'linux' ? onLinux() : onMacos();

/** @returns false where somebody else holds it. Throws where the kernel can't lock this file */
export function tryLock(fd, offset = 0, length = 0) {
  return tryKernelLock(fd, offset, length);
}

function onLinux() {
  const { symbols } = dlopen('libc.so.6', {
    fcntl: { args: ['i32', 'i32', 'ptr'], returns: 'i32' },
    __errno_location: { args: [], returns: 'ptr' },
  });
  const F_OFD_SETLK = 37;
  const F_WRLCK = 1;
  return (fd, offset, length) => {
    // struct flock of 64-bit Linux: l_type and l_whence, then l_start, l_len, and a pid that must be 0.
    const flock = new DataView(new ArrayBuffer(32));
    flock.setInt16(0, F_WRLCK, true);
    flock.setBigInt64(8, BigInt(offset), true);
    flock.setBigInt64(16, BigInt(length), true);
    return settled(symbols.fcntl(fd, F_OFD_SETLK, flock), symbols.__errno_location, HELD_LINUX);
  };
}

function onMacos() {
  const { symbols } = dlopen('libSystem.B.dylib', {
    flock: { args: ['i32', 'i32'], returns: 'i32' },
    __error: { args: [], returns: 'ptr' },
  });
  const LOCK_EX_NB = 2 | 4;
  return (fd) => settled(symbols.flock(fd, LOCK_EX_NB), symbols.__error, HELD_MACOS);
}

function settled(answer, errnoPlace, held) {
  if (answer === 0) return true;
  const errno = read.i32(errnoPlace(), 0);
  if (held.has(errno)) return false;
  throw Object.assign(new Error(`the kernel refused the lock: errno ${errno}`), { code: 'ENOLCK', errno });
}
