/** The package ships no types; these are the ones that `lock.ts` uses. */
declare module 'fs-native-extensions' {
  /** True if the lock was granted. Its holder is the open file description, not the process. */
  export function tryLock(fd: number, offset?: number, length?: number): boolean;
}
