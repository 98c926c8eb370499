/** `login --store`: the session leaves the credentials file, and every client goes on as before. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { newIdentity } from '../support/new-passphrase.ts';
import { runChild } from './harness/child.ts';
import type { Environment } from './harness/clean-environment.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { countDialogs, KEYRING_PASSWORD, type Keyring, openKeyring, UNLOCK_WINDOW } from './harness/keyring.ts';
import { openScreen, type Screen } from './harness/screen.ts';
import { filesHolding } from './harness/secret-files.ts';
import { STEPUP } from './harness/stepup.ts';
import { withoutTerminal } from './harness/terminal.ts';

const PROCESSES = 50;

let world: GatedRole;
let home: Home;
let env: Environment;

beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());

beforeEach(async () => {
  home = await makeHome(world.sandbox.endpoint, { config: world.config, credentials: world.credentials });
  env = home.env;
});
afterEach(() => home.remove());

const stepup = (...args: readonly string[]) => withoutTerminal([...STEPUP, ...args], env);
const file = (name: string): Promise<string> => readFile(join(home.path, '.aws', name), 'utf8');

async function logIn(...options: readonly string[]): Promise<void> {
  const input = `${await world.alice.phone.freshCode()}\n`;
  const done = await withoutTerminal([...STEPUP, 'login', 'work', '--code', '-', ...options], env, { input });
  expect(done.exitCode, done.stderr).toBe(0);
}

async function session(): Promise<{ readonly AccessKeyId: string; readonly SecretAccessKey: string }> {
  const { stdout, stderr } = await stepup('credentials', 'work-mfa', '--no-prompt');
  expect(stdout, stderr).toContain('ASIA');
  return JSON.parse(stdout);
}

describe('a session in the keychain', () => {
  let screen: Screen;
  let keyring: Keyring;
  beforeEach(async () => {
    screen = await openScreen();
    keyring = await openKeyring(home, screen.env);
    env = keyring.env;
  });
  afterEach(async () => {
    await keyring.close();
    await screen.close();
  });

  it('serves the AWS CLI and the SDK, and lies in no file; the key is in another store', async () => {
    const identity = await newIdentity();
    await writeFile(join(home.path, 'identity'), `${identity}\n`, { mode: 0o600 });
    env = {
      ...env,
      STEPUP_AGE_RECIPIENT: await identityToRecipient(identity),
      STEPUP_AGE_IDENTITY: join(home.path, 'identity'),
    };
    expect((await stepup('keys', 'move', 'work', '--to', 'age')).exitCode).toBe(0);
    await logIn('--store', 'keychain');
    const { SecretAccessKey } = await session();
    for (const secret of [SecretAccessKey, world.alice.key.secretAccessKey]) {
      expect(await filesHolding(home.path, secret)).toEqual([]);
    }
    expect(await file('credentials')).not.toContain('work');
    for (const { path, name } of inject('awsClis')) {
      const listed = await runChild('setsid', ['--wait', path, '--profile', 'myrole', 's3', 'ls'], { env });
      expect(listed.stdout, `${name}: ${listed.stderr}`).toContain('reports');
    }
    const script = `import { fromIni } from '@aws-sdk/credential-provider-ini';
for (const profile of ['work', 'work-mfa', 'myrole']) {
  const { accessKeyId, sessionToken } = await fromIni({ profile, clientConfig: { endpoint: '${world.sandbox.endpoint}' } })();
  console.log(profile, accessKeyId.slice(0, 4), sessionToken.length > 0);
}`;
    const sdk = await runChild(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(sdk.stdout, sdk.stderr).toBe('work ASIA true\nwork-mfa ASIA true\nmyrole ASIA true\n');
    const status = JSON.parse((await stepup('status', '--json')).stdout);
    expect(status.bases).toMatchObject([
      { profile: 'work', keyStore: 'age', session: { store: 'keychain', serves: true } },
    ]);
    expect((await stepup('logout', 'work')).stderr).toContain('Forgotten: the MFA session in work-mfa');
    expect((await stepup('credentials', 'work-mfa', '--no-prompt')).exitCode).toBe(4);
    const left = await runChild('secret-tool', ['lookup', 'service', 'stepup', 'username', 'session/work-mfa'], {
      env,
    });
    expect(left.stdout).toBe('');
  }, 120_000);

  it('moves there and back without a code', async () => {
    await logIn();
    const before = await session();
    const moved = await stepup('login', 'work', '--store', 'keychain');
    expect(moved.exitCode, moved.stderr).toBe(0);
    expect(await session()).toEqual(before);
    expect(await filesHolding(home.path, before.SecretAccessKey)).toEqual([]);
    expect((await stepup('login', 'work', '--store', 'file')).exitCode).toBe(0);
    expect(await file('credentials')).toContain(before.SecretAccessKey);
    expect(await file('config')).not.toContain('credential_process');
  }, 120_000);

  it(`opens one dialog for ${PROCESSES} cold processes, and none again for those who waited in vain`, async () => {
    await logIn('--store', 'keychain');
    const ask = (count: number) =>
      Promise.all(Array.from({ length: count }, () => stepup('credentials', 'work-mfa', '--no-prompt')));

    await keyring.lock();
    const refused = await countDialogs(env, async () => {
      const asking = ask(5);
      await screen.shows(UNLOCK_WINDOW);
      // Whoever comes after the refusal is asked anew: on a busy machine the last of them starts seconds after the first.
      await pause(5_000);
      await screen.answer(UNLOCK_WINDOW, '', 'Escape');
      for (const { exitCode, stderr } of await asking)
        expect([exitCode, stderr]).toEqual([1, expect.stringContaining('keychain')]);
    });
    expect(refused).toBe(1);

    await keyring.lock();
    const opened = await countDialogs(env, async () => {
      const asking = ask(PROCESSES);
      await screen.answer(UNLOCK_WINDOW, KEYRING_PASSWORD, 'Return');
      const answers = await asking;
      expect(answers.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual([]);
      expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
    });
    expect(opened).toBe(1);
  }, 240_000);
});
