import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leftProcesses } from './left-processes.mjs';

test.runIf(existsSync('/proc/self/environ'))('finds and ends what carries the mark, and nothing else', async () => {
  const mark = `left-${process.pid}-${Date.now()}`;
  const sleep = (env) => spawn('sleep', ['60'], { env: { PATH: process.env.PATH, ...env } });
  const marked = sleep({ MARK: mark });
  const other = sleep({ MARK: `${mark}-other` });
  await Promise.all([once(marked, 'spawn'), once(other, 'spawn')]);
  const ended = once(marked, 'exit');
  await expect.poll(() => leftProcesses('MARK', mark)).toEqual(['sleep 60']);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(leftProcesses('MARK', mark)).toEqual([]);
  expect(other.exitCode).toBeNull();
  other.kill();
});
