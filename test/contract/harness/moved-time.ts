/**
 * One clock for several real programs, by Debian's libfaketime: each program that runs in this environment reads how far
 * it is ahead from one file, so a client, stepup and a sandbox move together.
 */
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { startChild } from './child.ts';
import { cleanEnvironment, type Environment } from './clean-environment.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import type { TestClock } from './test-sandbox.ts';

export interface MovedTime {
  readonly env: Environment;
  readonly clock: TestClock;
  remove(): Promise<void>;
}

const SMALL_MS = 4 * 60_000;
/** Node makes the Date header of its answers once a second. */
const DATE_KEPT_MS = 1_100;

export async function movedTime(): Promise<MovedTime> {
  const folder = await makeTemporaryFolder();
  const file = join(folder.path, 'ahead');
  let aheadMs = 0;
  // A program that finds the file empty reads the real time.
  const write = async (): Promise<void> => {
    await writeFile(`${file}.new`, `+${aheadMs / 1000}s\n`);
    await rename(`${file}.new`, file);
  };
  await write();
  const library = await holdLibrary(cleanEnvironment(folder.path));
  return {
    env: {
      ...library.env,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Timers go on as they did.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    clock: {
      now: () => Date.now() + aheadMs,
      advance: async (ms) => {
        aheadMs += ms;
        await write();
        // Less than that no client minds in the Date of an answer.
        if (ms > SMALL_MS) await setTimeout(DATE_KEPT_MS);
      },
    },
    remove: async () => {
      await library.close();
      await folder.remove();
    },
  };
}

/**
 * The shared memory that libfaketime wants is made, and taken away, by one program for all: each would make its own, and
 * one that is killed or becomes another program leaves it behind. `-m` is the library for programs of several threads:
 * in the other, a thread that reads the clock spoils for a moment the name of the file that another is about to open,
 * and that one gets the real time.
 */
async function holdLibrary(env: Environment): Promise<{ readonly env: Environment; close(): Promise<void> }> {
  const script = 'printf "%s\\n" "$LD_PRELOAD" "$FAKETIME_SHARED"; read -r _';
  const holder = startChild('faketime', ['-m', '-f', '+0s', 'sh', '-c', script], { env });
  const ended = once(holder, 'close');
  const lines = createInterface({ input: holder.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('faketime did not start');
    return value;
  };
  return {
    env: { LD_PRELOAD: await next(), FAKETIME_SHARED: await next() },
    async close() {
      holder.stdin.end();
      await ended;
    },
  };
}
