import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leftClocks } from './left-clocks.mjs';

test.runIf(existsSync('/proc/self'))('finds and removes what belongs to no process, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 's-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ended = spawnSync('true').pid;
  const left = [`faketime_shm_${ended}`, `sem.faketime_sem_${ended}`];
  const others = [`faketime_shm_${process.pid}`, `sem.faketime_sem_${process.pid}`, `sem.other_${ended}`];
  for (const name of [...left, ...others]) writeFileSync(join(folder, name), '');
  expect(leftClocks(folder).sort()).toEqual(left);
  expect(readdirSync(folder).sort()).toEqual(others);
  expect(leftClocks(folder)).toEqual([]);
});
