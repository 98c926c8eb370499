/** Keys that are not in the credentials file, read by the built program from real stores. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STEPUP, stepupCommand } from './harness/stepup.ts';

const secret = 'a/made+up/secret';
const stored = JSON.stringify({ accessKeyId: 'AKIAEXAMPLE000000000', secretAccessKey: secret });

let home: string;
beforeEach(() => {
  // gpg's socket path must be short.
  home = mkdtempSync(join(tmpdir(), 'ks-'));
  mkdirSync(join(home, '.aws'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({
  HOME: home,
  PATH: process.env['PATH'] ?? '',
  GNUPGHOME: join(home, 'g'),
});

function profile(...lines: string[]): void {
  writeFileSync(join(home, '.aws', 'config'), `[profile work]\n${lines.join('\n')}\n`);
}

describe('the keychain', () => {
  const session = (script: string) =>
    spawnSync('dbus-run-session', ['--', 'bash', '-c', script], {
      encoding: 'utf8',
      env: environment(),
      timeout: 60_000,
    });

  it('gives the key that it holds, once it is open', () => {
    profile('stepup_key_store = keychain');
    const { stdout, stderr } = session(`
      printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
      printf '%s' '${stored}' | secret-tool store --label=test service stepup username key/work
      ${STEPUP.join(' ')} credentials work --long-term --format process`);
    expect(stderr).not.toContain('stepup:');
    expect(JSON.parse(stdout)).toEqual({ Version: 1, AccessKeyId: 'AKIAEXAMPLE000000000', SecretAccessKey: secret });
  });

  it('says that it holds none, and that there is none', () => {
    profile('stepup_key_store = keychain');
    const empty = session(`
      printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
      ${STEPUP.join(' ')} credentials work --long-term`);
    expect([empty.status, empty.stdout]).toEqual([1, '']);
    const absent = spawnSync(...stepupCommand(['credentials', 'work', '--long-term']), {
      encoding: 'utf8',
      env: { ...environment(), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' },
    });
    expect([absent.status, absent.stdout]).toEqual([1, '']);
    expect(absent.stderr).toContain('keychain');
  });
});

it('pass gives the key that it holds', () => {
  profile('stepup_key_store = pass');
  mkdirSync(join(home, 'g'), { mode: 0o700 });
  const run = (file: string, args: string[], input = '') =>
    execFileSync(file, args, { encoding: 'utf8', env: environment(), input, stdio: ['pipe', 'pipe', 'pipe'] });
  run('gpg', [
    '--batch',
    '--passphrase',
    '',
    '--quick-generate-key',
    'test <t@example.com>',
    'default',
    'default',
    'never',
  ]);
  run('pass', ['init', 't@example.com']);
  run('pass', ['insert', '--multiline', '--force', 'stepup/key/work'], stored);
  try {
    expect(run(...stepupCommand(['credentials', 'work', '--long-term', '--format', 'env']))).toContain(secret);
  } finally {
    run('gpgconf', ['--kill', 'all']);
  }
}, 120_000);

it('a store that nobody knows is named with those that are known', () => {
  profile('stepup_key_store = drawer');
  const { status, stderr } = spawnSync(...stepupCommand(['credentials', 'work', '--long-term']), {
    encoding: 'utf8',
    env: environment(),
  });
  expect(status).toBe(2);
  expect(stderr).toContain('keychain, age, pass, command');
});
