import { writeSync } from 'node:fs';

/**
 * To stdout, all of it and at once: the streams of `process` cost more to set up than an answer takes to find.
 * Throws what the system says of a stdout that can't be written.
 */
export function writeNow(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Nobody reads any more: there is nothing left to do.
      if (code === 'EPIPE') return;
      // A pipe that doesn't block, and is full: its reader needs a moment.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
