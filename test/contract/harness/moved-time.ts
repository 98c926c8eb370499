/**
 * One clock for several real programs, by Debian's libfaketime: each program that runs in this environment reads how far
 * it is ahead from one file, so a client, stepup and a sandbox move together.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from './child.ts';
import { cleanEnvironment, type Environment } from './clean-environment.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import type { TestClock } from './test-sandbox.ts';

export interface MovedTime {
  readonly env: Environment;
  readonly clock: TestClock;
  remove(): Promise<void>;
}

export async function movedTime(): Promise<MovedTime> {
  const folder = await makeTemporaryFolder();
  const file = join(folder.path, 'ahead');
  let aheadMs = 0;
  const write = (): Promise<void> => writeFile(file, `+${aheadMs / 1000}s\n`);
  await write();
  const { stdout } = await runChild('faketime', ['-f', '+0s', 'printenv', 'LD_PRELOAD'], {
    env: cleanEnvironment(folder.path),
  });
  return {
    env: {
      LD_PRELOAD: stdout.trim(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Timers go on as they did.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    clock: {
      now: () => Date.now() + aheadMs,
      advance: (ms) => {
        aheadMs += ms;
        return write();
      },
    },
    remove: folder.remove,
  };
}
