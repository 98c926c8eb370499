/** A file where there was none: never over what is there. */
import { rmSync, writeFileSync } from 'node:fs';
import { fileSystemError, PRIVATE_FILE_MODE, systemErrorCode } from './modes.ts';

/** Writes it, synced, with mode 0600; false where something has that path. Throws StepupError `file-system`, and leaves nothing. */
export function writeNewFile(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: PRIVATE_FILE_MODE, flush: true });
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return false;
    // A disk that is full: what there is of the file is ours.
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO') rmSync(path, { force: true });
    throw fileSystemError(error, path, 'write');
  }
}
