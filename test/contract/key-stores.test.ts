/** Keys that are not in the credentials file, read by the built program from real stores. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeSecrets } from '../support/made-secrets.ts';
import { type ChildResult, runChild } from './harness/child.ts';
import type { Environment } from './harness/clean-environment.ts';
import { type Home, makeHome } from './harness/home.ts';
import { openKeyring } from './harness/keyring.ts';
import { STEPUP } from './harness/stepup.ts';
import { withoutTerminal } from './harness/terminal.ts';

const secret = 'a/made+up/secret/of/key-stores';
const stored = JSON.stringify({ accessKeyId: 'AKIAEXAMPLE000000000', secretAccessKey: secret });
const NOBODY = 'http://127.0.0.1:9';

let home: Home;
beforeEach(async () => {
  madeSecrets(secret);
  home = await makeHome(NOBODY);
});
afterEach(() => home.remove());

const profile = (...lines: readonly string[]): Promise<void> =>
  writeFile(join(home.path, '.aws/config'), `[profile work]\n${lines.join('\n')}\n`);
const longTermKey = (env: Environment, ...more: readonly string[]): Promise<ChildResult> =>
  withoutTerminal([...STEPUP, 'credentials', 'work', '--long-term', ...more], env);

describe('the keychain', () => {
  it('gives the key that it holds once it is open, and says that it holds none', async () => {
    await profile('stepup_key_store = keychain');
    const { env, close } = await openKeyring(home);
    try {
      const empty = await longTermKey(env);
      expect([empty.exitCode, empty.stdout]).toEqual([1, '']);
      const entry = ['store', '--label=test', 'service', 'stepup', 'username', 'key/work'];
      await runChild('secret-tool', entry, { env, input: stored });
      const { stdout, stderr } = await longTermKey(env, '--format', 'process');
      expect(stderr).not.toContain('stepup:');
      expect(JSON.parse(stdout)).toEqual({ Version: 1, AccessKeyId: 'AKIAEXAMPLE000000000', SecretAccessKey: secret });
    } finally {
      await close();
    }
  });

  it('that is not there is said', async () => {
    await profile('stepup_key_store = keychain');
    const absent = await longTermKey({ ...home.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' });
    expect([absent.exitCode, absent.stdout]).toEqual([1, '']);
    expect(absent.stderr).toContain('keychain');
  });
});

it('pass gives the key that it holds', async () => {
  await profile('stepup_key_store = pass');
  const gnupg = join(home.path, 'g');
  await mkdir(gnupg, { mode: 0o700 });
  const env = { ...home.env, GNUPGHOME: gnupg };
  const run = async (program: string, args: readonly string[], input = ''): Promise<void> => {
    const { exitCode, stderr } = await runChild(program, args, { env, input });
    expect(exitCode, stderr).toBe(0);
  };
  const me = 'test <t@example.com>';
  await run('gpg', ['--batch', '--passphrase', '', '--quick-generate-key', me, 'default', 'default', 'never']);
  try {
    await run('pass', ['init', 't@example.com']);
    await run('pass', ['insert', '--multiline', '--force', 'stepup/key/work'], stored);
    expect((await longTermKey(env, '--format', 'env')).stdout).toContain(secret);
  } finally {
    await run('gpgconf', ['--kill', 'all']);
  }
}, 120_000);

it('pass is never one that a PATH of somebody else names, and runs no extension of theirs', async () => {
  await profile('stepup_key_store = pass');
  const bin = join(home.path, 'bin');
  const ran = join(home.path, 'ran');
  await mkdir(bin);
  for (const name of ['pass', 'show.bash', 'gpg', 'gpg2', 'tree']) {
    await writeFile(join(bin, name), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o700 });
  }
  const { exitCode, stderr } = await longTermKey({
    ...home.env,
    PATH: `${bin}:${home.env['PATH']}`,
    PASSWORD_STORE_ENABLE_EXTENSIONS: 'true',
    PASSWORD_STORE_EXTENSIONS_DIR: bin,
  });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('no access key')]);
  expect(existsSync(ran)).toBe(false);
});

it('a store that nobody knows is named with those that are known', async () => {
  await profile('stepup_key_store = drawer');
  const { exitCode, stderr } = await longTermKey(home.env);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('keychain, age, pass, command');
});
