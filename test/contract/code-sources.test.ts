/**
 * Codes from elsewhere than the terminal, through the built program: zenity on a real X server, the real `pass otp`. A
 * YubiKey can't be plugged in here: a fake `ykman` stands for it, which prints what Yubico's manual says.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AwsClient } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { asAccountHome, type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { hire, type Person, STEP_MS } from './harness/people.ts';
import { codeAt } from './harness/phone.ts';
import { openScreen } from './harness/screen.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, CTRL_C, ENTER, withoutTerminal } from './harness/terminal.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';

const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const SERIAL = 'GAHT12345678';
/** A device of its own for `pass otp`: that program itself gives the seed to oathtool in its argv, where it is seen. */
const PASS_SEED = 'KRSXG5CTMVRXEZLUKN2HEZLFOQQHGZLD';
const PASS_SERIAL = 'GAHT87654321';

let sandbox: TestSandbox;
let admin: AwsClient;
let alice: Person;
let home: Home;

beforeEach(async () => {
  // The clock stays this machine's, since the programs read it: each test has a device that is as good as new.
  sandbox = await openSandbox();
  admin = jsClient(sandbox.endpoint);
  alice = await hire(admin, sandbox.accounts[0], 'alice');
  const { accountId } = alice;
  sandbox.addDevice({ accountId, userName: 'alice', type: 'hardware', serialNumber: SERIAL, seedBase32: SEED });
  const made = await makeHome(sandbox.endpoint, { config: config(), credentials: credentials() });
  // What `~/.aws/config` names may run: so the test's home must be the account's own.
  home = { ...made, env: asAccountHome(made.env) };
});
afterEach(async () => {
  await admin.close();
  await sandbox.close();
  await home.remove();
});

function config(...lines: readonly string[]): string {
  return `[profile work]\nregion = eu-west-1\nendpoint_url = ${sandbox.endpoint}\nmfa_serial = ${SERIAL}\n${lines.join('\n')}\n`;
}

function credentials(): string {
  const { accessKeyId, secretAccessKey } = alice.key;
  return `[work]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
}

const file = (name: string): string => join(home.path, name);
const configure = (...lines: readonly string[]): Promise<void> => writeFile(file('.aws/config'), config(...lines));
const sessions = async (): Promise<string> => readFile(file('.aws/credentials'), 'utf8');
const code = (): Promise<string> => codeAt(SEED, Date.now());
/** So that what follows happens within one step: waits for the next one if this has less left. */
const untilThisCodeLasts = async (ms: number): Promise<void> => {
  while (STEP_MS - (Date.now() % STEP_MS) < ms) await new Promise((resolve) => setTimeout(resolve, 200));
};
const login = (env: Readonly<Record<string, string>> = {}, ...args: string[]) =>
  withoutTerminal([...STEPUP, 'login', 'work', ...args], { ...home.env, ...env });

async function program(name: string, script: string): Promise<string> {
  await mkdir(file('bin'), { recursive: true });
  await writeFile(file(`bin/${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return file(`bin/${name}`);
}

describe('a screen and no terminal', () => {
  let screen: Awaited<ReturnType<typeof openScreen>>;
  beforeAll(async () => {
    screen = await openScreen();
  });
  afterAll(() => screen.close());

  it('asks in a zenity dialog', async () => {
    const ended = login(screen.env);
    await screen.shows('^stepup$');
    await screen.answer('^stepup$', await code(), 'Return');
    const { exitCode, stderr } = await ended;
    expect(exitCode, stderr).toBe(0);
    expect(await sessions()).toContain('[work-mfa]');
  });

  it('ends as Ctrl-C does when the person closes the dialog', async () => {
    const ended = login(screen.env);
    await screen.answer('^stepup$', '', 'Escape');
    const { exitCode, stderr } = await ended;
    expect(exitCode, stderr).toBe(130);
    expect(await sessions()).toBe(credentials());
  });

  it('does not ask on a screen that the person at the other end of ssh does not see', async () => {
    const { exitCode, stderr } = await login({ ...screen.env, SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' });
    expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/over ssh|in a container/)]);
  });
});

it('nobody to ask: exit code 4, and what works in such a place', async () => {
  const { exitCode, stderr } = await login();
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/no screen|container/);
  expect(stderr).toContain('Run: stepup login work');
});

describe('pass otp', () => {
  const run = async (command: string, args: readonly string[], input = ''): Promise<void> => {
    const { exitCode, stderr } = await runChild(command, args, { env: passEnvironment(), input });
    expect(exitCode, stderr).toBe(0);
  };
  /** `AWS_MFA_SERIAL` names the device of `pass`. */
  const withPass = () => ({ GNUPGHOME: file('g'), AWS_MFA_SERIAL: PASS_SERIAL });
  const passEnvironment = () => ({ ...home.env, ...withPass() });

  beforeEach(async () => {
    await mkdir(file('g'), { mode: 0o700 });
    const me = 'test <t@example.com>';
    await run('gpg', ['--batch', '--passphrase', '', '--quick-generate-key', me, 'default', 'default', 'never']);
    const { accountId } = alice;
    const device = { accountId, userName: 'alice', serialNumber: PASS_SERIAL, seedBase32: PASS_SEED } as const;
    sandbox.addDevice({ ...device, type: 'hardware' });
    await run('pass', ['init', 't@example.com']);
    await run('pass', ['otp', 'insert', 'aws/work'], `otpauth://totp/aws:alice?secret=${PASS_SEED}&issuer=aws\n`);
  });
  afterEach(async () => {
    await run('gpgconf', ['--kill', 'all']);
  });

  it('gives the code; after one that was used, it waits for the next where the person sees it', async () => {
    await configure('stepup_code_source = pass', 'stepup_code_entry = aws/work');
    await untilThisCodeLasts(15_000);
    const first = await login(withPass());
    expect(first.exitCode, first.stderr).toBe(0);

    const again = [...STEPUP, 'login', 'work', '--force'];
    const seen = await atTerminal(again, [{ sees: 'The next code comes in', types: '' }], passEnvironment());
    expect(seen.exitCode, seen.stdout).toBe(0);
    expect(await readFile(file('.cache/stepup/used-codes.json'), 'utf8')).not.toMatch(/\b\d{6}\b/);
  });

  it('with the key in pass as well is refused, unless the person wants it so', async () => {
    await writeFile(file('.aws/credentials'), '', { mode: 0o600 });
    await run('pass', ['insert', '--multiline', '--force', 'stepup/key/work'], JSON.stringify(alice.key));
    await configure('stepup_key_store = pass', 'stepup_code_source = pass', 'stepup_code_entry = aws/work');
    const refused = await login(withPass());
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('would both come from pass')]);
    expect(await sessions()).toBe('');

    await configure('stepup_key_store = pass', `mfa_process = /usr/bin/pass otp aws/work`);
    expect((await login(withPass())).stderr).toContain('would both come from pass');

    const wanted = await login(withPass(), '--same-store');
    expect(wanted.exitCode, wanted.stderr).toBe(0);
  });
});

describe('a YubiKey, by a fake ykman', () => {
  const ykman = async () =>
    program(
      'ykman',
      `echo "$@" >>"$HOME/calls"
case "$*" in
  'oath accounts list') printf 'GitHub:alice\\nAmazon Web Services:alice@x\\n' ;;
  'oath accounts code --single -- Amazon Web Services:alice@x') echo 'Touch your YubiKey...' >&2; read touch; echo ${SEED} | oathtool --totp --base32 - ;;
  *) echo "No matching account found." >&2; exit 1 ;;
esac`,
    );

  it('finds the account, and shows at the terminal that the key wants a touch', async () => {
    await configure('stepup_code_source = ykman', `stepup_code_program = ${await ykman()}`);
    const seen = await atTerminal(
      [...STEPUP, 'login', 'work'],
      [{ sees: 'Touch your YubiKey...', types: ENTER }],
      home.env,
    );
    expect(seen.exitCode, seen.stdout).toBe(0);
    expect(await sessions()).toContain('[work-mfa]');
  });

  it('says what the program said, and what accounts there are', async () => {
    await configure(
      'stepup_code_source = ykman',
      `stepup_code_program = ${await ykman()}`,
      'stepup_code_entry = AWS:x',
    );
    expect(await login()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('No matching account found.') });
  });

  it('is never one that a PATH of somebody else names', async () => {
    await program('ykman', `touch ${file('ran')}; echo 123456`);
    await configure('stepup_code_source = ykman');
    const { exitCode, stderr } = await login({ PATH: `${file('bin')}:${home.env['PATH']}` });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('stepup_code_program')]);
    await expect(readFile(file('ran'))).rejects.toThrow();
  });

  it('is never a program that a foreign file names', async () => {
    await writeFile(
      file('evil'),
      config('stepup_code_source = ykman', `stepup_code_program = ${await program('x', `touch ${file('ran')}`)}`),
    );
    const { exitCode, stderr } = await login({ AWS_CONFIG_FILE: file('evil') });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('stepup_code_program')]);
    await expect(readFile(file('ran'))).rejects.toThrow();
  });
});

it('a dialog that a person leaves open for more than a minute stays the only one, for all who wait', async () => {
  const slow = `echo asked >>"$HOME/asked"; sleep 65; echo ${SEED} | oathtool --totp --base32 -`;
  await configure('stepup_code_source = zenity', `stepup_code_program = ${await program('zenity', slow)}`);
  const ask = () => withoutTerminal([...STEPUP, 'credentials', 'work'], home.env, { timeoutMs: 150_000 });
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect(answers.map(({ exitCode, stderr }) => [exitCode, stderr]).filter(([exitCode]) => exitCode !== 0)).toEqual([]);
  expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
  expect(await readFile(file('asked'), 'utf8')).toBe('asked\n');
});

it('a name that is no source is told with those that are', async () => {
  const { exitCode, stderr } = await login({ STEPUP_CODE_SOURCE: 'telepathy' });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('terminal, mfa_process, ykman, pass')]);
});

it('after a refusal the person may wait for the next code, or leave', async () => {
  const seen = await atTerminal(
    [...STEPUP, 'login', 'work'],
    [
      { sees: 'MFA code:', types: `000000${ENTER}` },
      { sees: 'Enter alone waits', types: ENTER },
      { sees: 'The next code comes in', types: CTRL_C },
    ],
    home.env,
  );
  expect(seen.exitCode, seen.stdout).toBe(130);
  expect(await sessions()).toBe(credentials());
});
