/** The files of a folder that anybody may empty at any time. */
import { readdirSync, unlinkSync } from 'node:fs';

/** None where there is no such folder. */
export function cachedNames(folder: string, pattern: RegExp): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

export function forget(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or another process removed it first.
  }
}
