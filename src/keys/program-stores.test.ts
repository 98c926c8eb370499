import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../process/find-program.ts';
import { commandStore } from './command-store.ts';
import { passStore } from './pass.ts';
import { readStoredKey, writeStoredKey } from './stored-key.ts';

let home: string;
let env: Record<string, string>;
beforeAll(() => {
  // gpg's socket path must be short.
  home = mkdtempSync(join(tmpdir(), 'sp-'));
  env = { HOME: home, PATH: process.env['PATH'] ?? '', GNUPGHOME: join(home, 'g') };
  mkdirSync(join(home, 'g'), { mode: 0o700 });
  const run = (file: string, ...args: string[]) => execFileSync(file, args, { env, stdio: 'pipe' });
  run(
    'gpg',
    '--batch',
    '--passphrase',
    '',
    '--quick-generate-key',
    'test <t@example.com>',
    'default',
    'default',
    'never',
  );
  run('pass', 'init', 't@example.com');
}, 60_000);
afterAll(() => {
  execFileSync('gpgconf', ['--kill', 'all'], { env });
  rmSync(home, { recursive: true });
});

const passPath = (): string => findProgram('pass', process.env) ?? '';

describe('pass', () => {
  it('keeps, gives back and removes a secret, encrypted', async () => {
    const store = passStore({ path: passPath(), env, homeDirectory: home, sessionsFolder: join(home, 'sessions') });
    expect(await store.read('key/work')).toBeUndefined();
    await writeStoredKey(store, 'work', { accessKeyId: 'AKIAX', secretAccessKey: 's/e+c' });
    expect(await readStoredKey(store, 'work')).toEqual({ accessKeyId: 'AKIAX', secretAccessKey: 's/e+c' });
    expect(execFileSync('find', [join(home, '.password-store'), '-name', '*.gpg'], { encoding: 'utf8' })).toContain(
      'stepup/key/work.gpg',
    );
    expect(await store.remove('key/work')).toBe(true);
    expect(await store.remove('key/work')).toBe(false);
  });

  it('lets git see keys, and no session', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: join(home, '.password-store'), env, encoding: 'utf8' });
    const pass = (...args: string[]) => execFileSync(passPath(), args, { env, encoding: 'utf8' });
    // The folder of sessions lies in a repository of the person's as well, as dotfiles do.
    execFileSync('git', ['init', '--quiet', home], { env });
    for (const setting of ['user.email=t@example.com', 'user.name=t']) {
      execFileSync('git', ['config', '--file', join(home, '.gitconfig'), ...setting.split('=')], { env });
    }
    pass('git', 'init', '--quiet');
    const store = passStore({ path: passPath(), env, homeDirectory: home, sessionsFolder: join(home, 'sessions') });
    await store.write('key/seen', 'a key');
    await store.write('session/work-mfa', 'a session');
    expect(await store.read('session/work-mfa')).toBe('a session');
    expect(git('log', '--all', '--name-only', '--format=')).toContain('stepup/key/seen.gpg');
    expect(git('log', '--all', '--name-only', '--format=')).not.toContain('session');
    expect(execFileSync('git', ['-C', home, 'ls-files'], { env, encoding: 'utf8' })).toBe('');
    expect(await store.remove('session/work-mfa')).toBe(true);
    expect(await store.read('session/work-mfa')).toBeUndefined();
    expect(await store.remove('key/seen')).toBe(true);
  });

  it('keeps hostile names in its own folder', async () => {
    const store = passStore({ path: passPath(), env, homeDirectory: home, sessionsFolder: join(home, 'sessions') });
    for (const name of ['../../outside', '--help', 'a b', '..']) {
      await store.write(name, `secret of ${name}`);
      expect(await store.read(name)).toBe(`secret of ${name}`);
      expect(await store.remove(name)).toBe(true);
    }
  });

  it('says that there is none, or that it was not set up', async () => {
    const nowhere = passStore({
      path: '/nowhere/pass',
      env,
      homeDirectory: home,
      sessionsFolder: join(home, 'sessions'),
    });
    await expect(nowhere.read('x')).rejects.toMatchObject({ code: 'store-unavailable' });
    const empty = passStore({
      path: passPath(),
      env: { ...env, PASSWORD_STORE_DIR: join(home, 'empty') },
      homeDirectory: home,
      sessionsFolder: join(home, 'sessions'),
    });
    await expect(empty.write('x', 's')).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

describe('a store by commands', () => {
  const vault = `
    case "$1" in
      read) cat "$2/$(echo "$STEPUP_SECRET_NAME" | tr / _)" 2>/dev/null; exit 0 ;;
      write) cat > "$2/$(echo "$STEPUP_SECRET_NAME" | tr / _)" ;;
      locked) echo "vault is locked" >&2; exit 1 ;;
    esac`;
  const command = (...words: string[]) => ({ path: '/bin/sh', args: [join(home, 'vault'), ...words] });

  it('keeps the secret on stdin and stdout', async () => {
    writeFileSync(join(home, 'vault'), vault);
    const store = commandStore({ readCommand: command('read', home), writeCommand: command('write', home), env });
    expect(await store.read('key/work')).toBeUndefined();
    await store.write('key/work', 'secret');
    expect(await store.read('key/work')).toBe('secret');
    expect(await store.remove('key/work')).toBe(true);
    expect(await store.remove('key/work')).toBe(false);
  });

  it('says what the program said when it refuses', async () => {
    const store = commandStore({ readCommand: command('locked'), writeCommand: command('locked'), env });
    await expect(store.read('x')).rejects.toMatchObject({
      code: 'store-locked',
      fields: { detail: '/bin/sh ended with exit code 1: vault is locked' },
    });
  });

  it('refuses what is no key', async () => {
    writeFileSync(join(home, 'key_other'), '{"accessKeyId": 1}');
    const store = commandStore({ readCommand: command('read', home), writeCommand: command('write', home), env });
    await expect(readStoredKey(store, 'other')).rejects.toMatchObject({ code: 'stored-key-unreadable' });
  });
});
