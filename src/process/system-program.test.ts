import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findSystemProgram, systemEnvironment } from './system-program.ts';

it.runIf(process.platform === 'linux')('finds what the system has, and nothing by PATH', () => {
  expect(findSystemProgram('env', 'linux')).toMatch(/^\/(usr\/)?bin\/env$/);
  const folder = mkdtempSync(join(tmpdir(), 'sp-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'ykman-of-a-repository'), '#!/bin/sh\n', { mode: 0o755 });
  const before = process.env['PATH'];
  onTestFinished(() => {
    process.env['PATH'] = before;
  });
  process.env['PATH'] = folder;
  expect(findSystemProgram('ykman-of-a-repository', 'linux')).toBeUndefined();
});

it('hands on what a program needs to reach the person, and nothing that makes it run another', () => {
  const needed = { HOME: '/h', DISPLAY: ':0', LC_ALL: 'C', GNUPGHOME: '/g', DBUS_SESSION_BUS_ADDRESS: 'unix:' };
  const hostile = {
    PATH: '/repository',
    BASH_ENV: '/repository/run',
    LD_PRELOAD: '/repository/x.so',
    PYTHONPATH: '/repository',
    PASSWORD_STORE_ENABLE_EXTENSIONS: 'true',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  const { PATH, ...given } = systemEnvironment({ ...needed, ...hostile }, 'linux');
  expect(given).toEqual(needed);
  expect(PATH?.split(':')).toEqual(expect.arrayContaining(['/usr/bin', '/snap/bin']));
  expect(PATH).not.toContain('repository');
});
