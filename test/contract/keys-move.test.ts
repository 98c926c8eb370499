/** `keys move`: the key leaves the file for each real store, and real clients get the MFA session in its place. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { newIdentity, newPassphrase } from '../support/new-passphrase.ts';
import { runChild } from './harness/child.ts';
import type { Environment } from './harness/clean-environment.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { type Keyring, openKeyring } from './harness/keyring.ts';
import { killAtEachStep } from './harness/kill-each-step.ts';
import { filesHolding } from './harness/secret-files.ts';
import { IS_EXECUTABLE, STEPUP } from './harness/stepup.ts';
import { atTerminal, ENTER, withoutTerminal } from './harness/terminal.ts';

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

const stepup = (args: readonly string[], more: Environment = {}) =>
  withoutTerminal([...STEPUP, ...args], { ...env, ...more });
const file = (name: string): string => join(home.path, '.aws', name);

async function succeeds(args: readonly string[], more: Environment = {}): Promise<string> {
  const { exitCode, stderr, stdout } = await stepup(args, more);
  expect(exitCode, stderr).toBe(0);
  return stdout + stderr;
}

async function logIn(): Promise<void> {
  const input = `${await world.alice.phone.freshCode()}\n`;
  const { exitCode, stderr } = await withoutTerminal([...STEPUP, 'login', 'work', '--code', '-'], env, { input });
  expect(exitCode, stderr).toBe(0);
}

/** An identity and its recipient for the profile; without a passphrase everything is quick. */
async function useAge(): Promise<void> {
  const identity = await newIdentity();
  await writeFile(join(home.path, 'identity'), `# mine\n${identity}\n`, { mode: 0o600 });
  const lines = `stepup_age_recipient = ${await identityToRecipient(identity)}\nstepup_age_identity = ~/identity\n`;
  await writeFile(file('config'), world.config.replace('[profile work]\n', `[profile work]\n${lines}`));
}

/** Nobody but the store has the key, and what the profile serves is the session of one code. */
async function keyIsOutOfReach(): Promise<void> {
  expect(await filesHolding(home.path, world.alice.key.secretAccessKey)).toEqual([]);
  const line = /^credential_process = (.*)$/m.exec(await readFile(file('config'), 'utf8'))?.[1] ?? '';
  const { stdout, stderr } = await runChild('setsid', ['--wait', 'sh', '-c', line], { env });
  expect(JSON.parse(stdout || '{}'), stderr).toMatchObject({
    Version: 1,
    AccessKeyId: expect.stringMatching(/^ASIA/),
    SessionToken: expect.any(String),
  });
}

/** A GPG key without a passphrase, and a password store for it. */
async function usePass(): Promise<Environment> {
  const gnupg = join(home.path, 'g');
  await mkdir(gnupg, { mode: 0o700 });
  const more = { GNUPGHOME: gnupg };
  const generate = [
    '--batch',
    '--passphrase',
    '',
    '--quick-generate-key',
    't@example.com',
    'default',
    'default',
    'never',
  ];
  await runChild('gpg', generate, { env: { ...env, ...more } });
  await runChild('pass', ['init', 't@example.com'], { env: { ...env, ...more } });
  return more;
}

describe('each store takes the key', () => {
  it('the keychain, from which real clients then get the session and never the key', async () => {
    const keyring: Keyring = await openKeyring(home);
    env = keyring.env;
    try {
      // No store is named: the keychain answers.
      const said = await succeeds(['keys', 'move', 'work']);
      expect(said).toContain('is in the keychain store now');
      await logIn();
      await keyIsOutOfReach();
      for (const { path, name } of inject('awsClis')) {
        const who = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];
        const asked = await runChild('setsid', ['--wait', path, '--profile', 'work', ...who], { env });
        expect(asked.stdout, `${name}: ${asked.stderr}`).toContain(':user/alice');
        const listed = await runChild('setsid', ['--wait', path, '--profile', 'myrole', 's3', 'ls'], { env });
        expect(listed.stdout, `${name}: ${listed.stderr}`).toContain('reports');
      }
      const script = `import { fromIni } from '@aws-sdk/credential-provider-ini';
const { accessKeyId, sessionToken } = await fromIni({ profile: 'work' })();
console.log(accessKeyId.slice(0, 4), sessionToken.length > 0);`;
      const sdk = await runChild(process.execPath, ['--input-type=module', '-e', script], { env });
      expect(sdk.stdout, sdk.stderr).toBe('ASIA true\n');
      // The session that was there serves on: the key is read from the store for the next one alone.
      expect(await succeeds(['credentials', 'work', '--long-term'])).toContain(world.alice.key.secretAccessKey);
    } finally {
      await keyring.close();
    }
  }, 120_000);

  it('an age file, by a passphrase that is typed twice and opened by the age program', async () => {
    const command = [...STEPUP, 'keys', 'move', 'work', '--to', 'age'];
    const passphrase = newPassphrase();
    const typed = await atTerminal(
      command,
      [
        { sees: 'new passphrase', types: `${passphrase}${ENTER}` },
        { sees: 'same once more', types: `${passphrase}${ENTER}` },
      ],
      env,
    );
    expect(typed.exitCode, typed.stdout).toBe(0);
    await writeFile(join(home.path, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
    env = { ...env, STEPUP_PASSPHRASE_COMMAND: `/bin/cat ${home.path}/passphrase` };
    await logIn();
    await keyIsOutOfReach();
    const sealed = join(home.path, '.local/state/stepup/keys/key%2Fwork.age');
    expect((await stat(sealed)).mode & 0o777).toBe(0o600);
    const opened = await atTerminal(
      ['age', '--decrypt', sealed],
      [{ sees: 'passphrase', types: `${passphrase}${ENTER}` }],
      env,
    );
    expect(opened.stdout).toContain(world.alice.key.secretAccessKey);
    const withFd = ['sh', '-c', 'exec 7<"$1"; shift; exec "$@"', 'sh', join(home.path, 'passphrase'), ...STEPUP];
    const { STEPUP_PASSPHRASE_COMMAND: _, ...plain } = env;
    const byFd = await withoutTerminal([...withFd, 'credentials', 'work', '--long-term'], {
      ...plain,
      STEPUP_PASSPHRASE_FD: '7',
    });
    expect(byFd.stdout, byFd.stderr).toContain(world.alice.key.accessKeyId);
    const nobody = await withoutTerminal([...STEPUP, 'credentials', 'work', '--long-term'], plain);
    expect(nobody).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('STEPUP_PASSPHRASE_COMMAND') });
  }, 120_000);

  it('pass, and from there on an age file and the AWS files again', async () => {
    await useAge();
    env = { ...env, ...(await usePass()) };
    try {
      await succeeds(['keys', 'move', 'work', '--to', 'pass']);
      await logIn();
      await keyIsOutOfReach();
      const shown = await runChild('pass', ['show', 'stepup/key/work'], { env });
      expect(shown.stdout).toContain(world.alice.key.secretAccessKey);
      expect(await succeeds(['keys', 'move', 'work', '--to', 'age'])).toContain('no longer in the pass store');
      expect((await runChild('pass', ['show', 'stepup/key/work'], { env })).exitCode).not.toBe(0);
      await keyIsOutOfReach();
      await succeeds(['keys', 'move', 'work', '--to', 'file']);
      expect(await filesHolding(home.path, world.alice.key.secretAccessKey)).toEqual([file('credentials')]);
      expect(await readFile(file('config'), 'utf8')).not.toMatch(/stepup_key_|credential_process/);
    } finally {
      await runChild('gpgconf', ['--kill', 'all'], { env });
    }
  }, 120_000);
});

describe('no way back to the key stays', () => {
  it('takes it out of [default] and both files as well, and changes nothing else', async () => {
    await useAge();
    const { accessKeyId, secretAccessKey } = world.alice.key;
    const pair = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
    await writeFile(
      file('credentials'),
      `# mine\r\n[default]\n${pair}\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n\n[work]\n${pair}# end\n`,
    );
    await appendFile(file('config'), `\n[default]\nregion = us-east-1\n${pair}`);
    const said = await succeeds(['keys', 'move', 'work', '--to', 'age']);
    expect(said).toContain('It stood in default as well');
    expect(await readFile(file('credentials'), 'utf8')).toBe(
      '# mine\r\n\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n\n# end\n',
    );
    const [, line] = /\[default\]\nregion = us-east-1\n(.*)\n$/.exec(await readFile(file('config'), 'utf8')) ?? [];
    expect(line).toBe(`credential_process = ${STEPUP.join(' ')} credentials work`);
    await logIn();
    await keyIsOutOfReach();
  });

  it('refuses where the key would stay in a comment, and names a copy of the file', async () => {
    await useAge();
    const { secretAccessKey } = world.alice.key;
    await appendFile(file('credentials'), `# aws_secret_access_key = ${secretAccessKey}\n`);
    const before = await readFile(file('credentials'), 'utf8');
    const refused = await stepup(['keys', 'move', 'work', '--to', 'age']);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('credentials, line 4') });
    expect(await readFile(file('credentials'), 'utf8')).toBe(before);
    expect(await filesHolding(home.path, secretAccessKey)).toEqual([file('credentials')]);
    await writeFile(file('credentials'), world.credentials);
    await writeFile(file('credentials~'), world.credentials, { mode: 0o600 });
    expect(await succeeds(['keys', 'move', 'work', '--to', 'age'])).toContain('credentials~ still holds the key');
  });

  it('keeps the key where it is if AWS does not know it', async () => {
    await useAge();
    await writeFile(file('credentials'), world.credentials.replace(/aws_secret_access_key = .{4}/, '$&XXXX'));
    const before = await readFile(file('credentials'), 'utf8');
    const refused = await stepup(['keys', 'move', 'work', '--to', 'age']);
    expect(refused.exitCode).toBe(5);
    expect(await readFile(file('credentials'), 'utf8')).toBe(before);
  });
});

/** What kills it is loaded into Node by NODE_OPTIONS; an executable doesn't heed those, and runs the same code. */
describe.skipIf(IS_EXECUTABLE).each([
  ['out of the file', [], 'age'],
  ['from store to store', ['age'], 'pass'],
  ['back to the file', ['age'], 'file'],
] as const)('killed at any step %s', (_, before, to) => {
  it('loses no key, and the next run finishes', async () => {
    await useAge();
    if (to === 'pass') env = { ...env, ...(await usePass()) };
    for (const store of before) await succeeds(['keys', 'move', 'work', '--to', store]);
    const sealed = join(home.path, '.local/state/stepup/keys/key%2Fwork.age');
    const start = await Promise.all([file('config'), file('credentials')].map((path) => readFile(path)));
    const startSealed = before.length === 0 ? undefined : await readFile(sealed);

    const move = (kill: Environment) => stepup(['keys', 'move', 'work', '--to', to], kill);
    const steps = await killAtEachStep(move, async (step) => {
      // Whatever the step: the profile has its key, and the next run brings it where it was to go. (That it finds the
      // key says the first of it; asking for it in between as well is worth its time once.)
      if (to === 'age') {
        expect(await succeeds(['credentials', 'work', '--long-term'])).toContain(world.alice.key.secretAccessKey);
      }
      await succeeds(['keys', 'move', 'work', '--to', to]);
      const holding = await filesHolding(home.path, world.alice.key.secretAccessKey);
      expect(holding, `after step ${step}`).toEqual(to === 'file' ? [file('credentials')] : []);
      expect(existsSync(sealed)).toBe(to === 'age');
      expect(await readFile(file('config'), 'utf8')).not.toContain('stepup_key_left_in');
      // And once more from the start, one step further.
      await writeFile(file('config'), start[0] ?? '');
      await writeFile(file('credentials'), start[1] ?? '');
      if (startSealed === undefined) await rm(sealed);
      else await writeFile(sealed, startSealed);
      if (to === 'pass') await runChild('pass', ['rm', '--force', 'stepup/key/work'], { env });
    });
    expect(steps).toBeGreaterThan(3);
    if (to === 'pass') await runChild('gpgconf', ['--kill', 'all'], { env });
  }, 180_000);
});
