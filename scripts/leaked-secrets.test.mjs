import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { madeSecrets, shownFiles } from '../test/support/made-secrets.ts';
import { leakedSecrets, seenSoFar } from './leaked-secrets.mjs';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY';
const watcher = fileURLToPath(new URL('watch-processes.mjs', import.meta.url));

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leak-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name, ...lines) =>
  writeFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

test('finds a secret wherever it was seen, as it is or as a part of a URL, and shows none', () => {
  write('secrets', SECRET, 'short');
  write(
    'outputs',
    { what: 'the stderr', of: 'stepup login', text: `AWS said: ${SECRET}!` },
    { what: 'the stdout', of: 'stepup status', text: `https://x/?k=${encodeURIComponent(SECRET)}` },
    { what: 'the stdout', of: 'stepup doctor', text: `${SECRET.slice(0, -1)} short` },
  );
  const leaks = leakedSecrets(folder);
  expect(leaks).toEqual(['a secret was in the stderr (stepup login)', 'a secret was in the stdout (stepup status)']);
  expect(leaks.join()).not.toContain(SECRET);
  expect(seenSoFar(folder)).toEqual({ secrets: 2, processes: 0, outputs: 3 });
});

test('finds a secret in a file that others could read, wherever it lies, and in none that only its owner can', () => {
  vi.stubEnv('STEPUP_TEST_RUN', folder);
  const secret = `planted-${process.pid}-${Date.now()}`;
  const home = join(folder, 'home');
  mkdirSync(join(home, '.cache/private'), { recursive: true, mode: 0o700 });
  try {
    madeSecrets(secret);
    writeFileSync(join(home, '.cache/private/own'), secret, { mode: 0o600 });
    shownFiles(home);
    expect(leakedSecrets(folder)).toEqual([]);
    writeFileSync(join(home, '.cache/private/group'), `x ${secret}`);
    chmodSync(join(home, '.cache/private/group'), 0o640);
    shownFiles(home);
    expect(leakedSecrets(folder)).toEqual(['a secret was in a file of mode 640 (.cache/private/group)']);
  } finally {
    vi.unstubAllEnvs();
  }
});

test.runIf(existsSync('/proc/self/cmdline'))(
  'sees command lines, and environments of what stepup starts',
  async () => {
    // Each run has secrets of its own: this very test is watched as well.
    const [inArgv, inEnvironment, given] = ['argv', 'env', 'given'].map(
      (name) => `${name}-${process.pid}-${Date.now()}`,
    );
    write('secrets', inArgv, inEnvironment, given);
    mkdirSync(join(folder, 'dist'));
    // Starts a child with this in its environment, and waits for its end.
    const script = `const { spawnSync } = require('node:child_process');
    spawnSync('sleep', [process.argv[3]], { env: { ...process.env, MADE: process.env.SECRET_OF_TEST } });`;
    const stepup = join(folder, 'dist/stepup.js');
    writeFileSync(stepup, script);
    // Each with a group of its own, so that what it starts ends with it.
    const start = (program, args, env = {}) =>
      spawn(program, args, { stdio: 'ignore', detached: true, env: { PATH: process.env.PATH, ...env } });
    const children = [
      start(process.execPath, [watcher, folder]),
      start('sh', ['-c', 'sleep 60; true', inArgv]),
      start(process.execPath, [stepup, 'login', '61'], { SECRET_OF_TEST: inEnvironment }),
      start(process.execPath, [stepup, 'exec', '62'], { SECRET_OF_TEST: given }),
      // Drives stepup, and isn't it.
      start('sh', ['-c', 'sleep 63; true', stepup, 'login'], { SECRET_OF_TEST: given }),
    ];
    const ended = Promise.all(children.map((child) => once(child, 'exit')));
    try {
      await expect
        .poll(() => leakedSecrets(folder).sort(), { timeout: 20_000 })
        .toEqual([
          'a secret was in a command line (sh)',
          `a secret was in the environment of stepup's child (sleep 61, started by ${process.execPath} ${stepup} login 61)`,
        ]);
      // The one that is meant to have them was seen too, by its command line.
      await expect.poll(() => seenSoFar(folder).processes, { timeout: 20_000 }).toBeGreaterThan(4);
    } finally {
      for (const child of children) process.kill(-child.pid);
      await ended;
    }
  },
  60_000,
);
