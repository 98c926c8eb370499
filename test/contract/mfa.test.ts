/** Devices of a user, from enrolment to removal: the built program in a real terminal, its QR code read by zbarimg, codes by oathtool. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { bootstrapPolicy } from '../../src/guardrails/blueprint/user-policies.ts';
import { type AwsClient, succeed } from './harness/aws-client.ts';
import { pictureOfBlocks } from './harness/blocks.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { giveItAPhone, hire, type Person, phoneOf } from './harness/people.ts';
import { codeAt } from './harness/phone.ts';
import { readQr } from './harness/qr.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, CTRL_C, ENTER, withoutTerminal } from './harness/terminal.ts';
import { openSandbox, type TestAccount, type TestSandbox } from './harness/test-sandbox.ts';
import { watchActions } from './harness/watch-actions.ts';
import { openWindow, type Window } from './harness/window.ts';

const AS_ADMIN = ['--with', 'admin', '--long-term'];
const FIRST = 'shows now:';
const NEXT = 'The next code';
const HALF_MINUTE_MS = 30_000;

let sandbox: TestSandbox;
let account: TestAccount;
let admin: AwsClient;
let alice: Person;
let home: Home;

beforeEach(async () => {
  sandbox = await openSandbox();
  [account] = sandbox.accounts;
  admin = jsClient(sandbox.endpoint);
  alice = await hire(admin, account, 'alice', [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }]);
  const place = `region = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
  const key = ({ accessKeyId, secretAccessKey }: Person['key']) =>
    `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  home = await makeHome(sandbox.endpoint, {
    config: `# mine\n[profile work]\n${place}\n[profile admin]\n${place}`,
    credentials: `[work]\n${key(alice.key)}\n[admin]\n${key(account.root)}`,
  });
});

afterEach(async () => {
  await home.remove();
  await admin.close();
  await sandbox.close();
});

async function inWindow(args: readonly string[], size = {}): Promise<Window> {
  const window = await openWindow([...STEPUP, ...args], home.env, size);
  onTestFinished(window.close);
  return window;
}

const asRoot = (operation: string, input: object = {}) =>
  succeed(admin, 'iam', operation, input as Record<string, unknown>, account.root);

async function devices(): Promise<readonly string[]> {
  const { MFADevices } = await asRoot('ListMFADevices', { UserName: 'alice' });
  return (MFADevices as readonly { readonly SerialNumber: string }[]).map((device) => device.SerialNumber);
}

/** Devices that nobody has enabled. */
async function lingering(): Promise<number> {
  const { VirtualMFADevices } = await asRoot('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned' });
  return VirtualMFADevices.length;
}

const virtual = (name: string): string => `arn:aws:iam::${account.accountId}:mfa/${name}`;

async function seedOnScreen(window: Window): Promise<string> {
  const uri = new URL(await readQr(pictureOfBlocks(await window.shows(FIRST))));
  expect(decodeURIComponent(uri.pathname)).toContain(`@${account.accountId}`);
  return uri.searchParams.get('secret') ?? '';
}

/** The code of this moment's half minute and the next one's, each when it is asked for. Answers the moment. */
async function typeTwoCodes(window: Window, seed: string): Promise<number> {
  const now = sandbox.clock.now();
  await window.types(`${await codeAt(seed, now)}${ENTER}`);
  await window.shows(NEXT);
  await window.types(`${await codeAt(seed, now + HALF_MINUTE_MS)}${ENTER}`);
  return now;
}

async function enrolled(
  args: readonly string[],
  size = {},
): Promise<{ readonly window: Window; readonly seed: string; readonly atMs: number }> {
  const window = await inWindow(['mfa', 'enrol', 'work', ...args], size);
  const seed = await seedOnScreen(window);
  const atMs = await typeTwoCodes(window, seed);
  expect(await window.ended(), await window.history()).toBe(0);
  return { window, seed, atMs };
}

const config = (): Promise<string> => readFile(join(home.path, '.aws/config'), 'utf8');

async function everyFile(): Promise<string> {
  const entries = await readdir(home.path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join('\n');
}

describe('enrol', () => {
  it('goes from the QR code on the screen to a login, by the key alone while setup lets a new user', async () => {
    const bootstrap = bootstrapPolicy({ userArn: alice.arn, deviceArn: virtual('alice') }, Date.now() + 3_600_000);
    await asRoot('PutUserPolicy', { UserName: 'alice', PolicyName: 'new', PolicyDocument: bootstrap.document });
    const { window, seed } = await enrolled([]);
    expect(await devices()).toEqual([virtual('alice')]);
    expect(await config()).toContain(`mfa_serial = ${virtual('alice')}\n`);
    expect((await config()).startsWith('# mine\n')).toBe(true);

    // Seen once: neither the window nor any file has it afterwards.
    const left = (await window.history()).replaceAll(' ', '');
    expect(left).toContain('isenabledforuseralice');
    expect(left).not.toContain(seed);
    expect(left).not.toMatch(/[▀▄█]/);
    expect(await everyFile()).not.toContain(seed);

    const phone = phoneOf(virtual('alice'), seed, sandbox.clock);
    await phone.consecutiveCodes();
    const login = await withoutTerminal([...STEPUP, 'login', 'work', '--code', '-'], home.env, {
      input: await phone.freshCode(),
    });
    expect(login.exitCode, login.stderr).toBe(0);

    const list = await withoutTerminal([...STEPUP, 'mfa', 'list', 'work', '--json', ...AS_ADMIN], home.env);
    expect(JSON.parse(list.stdout)).toMatchObject([{ serialNumber: virtual('alice'), usedHere: true }]);
  });

  it('spends its codes: a login at once waits for the next one, and gets in', async () => {
    const { seed, atMs } = await enrolled(AS_ADMIN);
    const seen = await atTerminal(
      [...STEPUP, 'login', 'work'],
      [
        { sees: 'MFA code:', types: `${await codeAt(seed, atMs + HALF_MINUTE_MS)}${ENTER}` },
        { sees: 'AWS takes none twice', types: ENTER },
        { sees: 'The next code comes in', types: '' },
        { sees: 'MFA code:', types: `${await codeAt(seed, atMs + 2 * HALF_MINUTE_MS)}${ENTER}` },
      ],
      home.env,
    );
    expect(seen.exitCode, seen.stdout).toBe(0);
    expect(seen.stdout).not.toContain('AWS refused');
  });

  it('makes no ninth device', async () => {
    for (let number = 1; number <= 8; number += 1) {
      sandbox.addDevice({ accountId: account.accountId, userName: 'alice', type: 'fido', name: `key${number}` });
    }
    const window = await inWindow(['mfa', 'enrol', 'work', ...AS_ADMIN]);
    expect(await window.ended()).toBe(1);
    expect(await window.history()).toContain('User alice has 8 devices');
    expect(await lingering()).toBe(0);
  });

  it('asks AWS nothing for codes that can’t be right, and goes on after one that was missed', async () => {
    const watch = watchActions(sandbox.port);
    onTestFinished(watch.stop);
    const window = await inWindow(['mfa', 'enrol', 'work', ...AS_ADMIN]);
    const seed = await seedOnScreen(window);
    const now = sandbox.clock.now();
    const wrong = (await codeAt(seed, now)) === '000000' ? '111111' : '000000';
    await window.types(`${wrong}${ENTER}`);
    await window.shows('no code of this device');
    await window.types(`${'\u007f'.repeat(6)}${await codeAt(seed, now)}${ENTER}`);
    await window.shows(NEXT);
    await window.types(`${await codeAt(seed, now)}${ENTER}`);
    await window.shows('the first code again');
    await window.types(`${'\u007f'.repeat(6)}${await codeAt(seed, now + 2 * HALF_MINUTE_MS)}${ENTER}`);
    await window.shows('One was missed');
    expect(watch.count('EnableMFADevice')).toBe(0);
    sandbox.clock.advance(2 * HALF_MINUTE_MS);
    await window.types(`${await codeAt(seed, now + 3 * HALF_MINUTE_MS)}${ENTER}`);
    expect(await window.ended(), await window.history()).toBe(0);
    expect(await devices()).toEqual([virtual('alice')]);
  });

  it.each([
    ['Ctrl-C', async (window: Window) => window.types(CTRL_C), 130],
    ['SIGTERM', async (window: Window) => void process.kill(await window.pid(), 'SIGTERM'), 143],
  ])('leaves no device behind at %s', async (_name, stop, exitCode) => {
    const window = await inWindow(['mfa', 'enrol', 'work', ...AS_ADMIN]);
    const seed = await seedOnScreen(window);
    expect(await lingering()).toBe(1);
    await stop(window);
    expect(await window.ended()).toBe(exitCode);
    expect(await lingering()).toBe(0);
    expect((await window.history()).replaceAll(' ', '')).not.toContain(seed);
    expect(await config()).not.toContain('mfa_serial');
  });

  it('deletes what a killed run left, and enrols', async () => {
    const killed = await inWindow(['mfa', 'enrol', 'work', ...AS_ADMIN]);
    await seedOnScreen(killed);
    process.kill(await killed.pid(), 'SIGKILL');
    await killed.ended();
    expect(await lingering()).toBe(1);
    const { window } = await enrolled(AS_ADMIN);
    expect(await window.history()).toContain('left by an earlier attempt');
    expect(await devices()).toEqual([virtual('alice')]);
    expect(await lingering()).toBe(0);
  });

  it('leaves a device of that name alone that is somebody’s', async () => {
    const bob = await giveItAPhone(admin, account, await hire(admin, account, 'bob'), sandbox.clock);
    const window = await inWindow(['mfa', 'enrol', 'work', '--name', 'bob', ...AS_ADMIN]);
    expect(await window.ended()).toBe(1);
    expect(await window.history()).toContain('There is a device of that name in use');
    const { MFADevices } = await asRoot('ListMFADevices', { UserName: 'bob' });
    expect(MFADevices).toMatchObject([{ SerialNumber: bob.phone.serialNumber }]);
  });

  it('shows the seed alone in a window that is too low for the code', async () => {
    const window = await inWindow(['mfa', 'enrol', 'work', ...AS_ADMIN], { rows: 24, columns: 100 });
    await window.shows('Show the QR code?');
    await window.types(`n${ENTER}`);
    const screen = await window.shows(FIRST);
    expect(screen).not.toMatch(/[▀▄█]/);
    const seed = /authenticator app:\n((?:[A-Z2-7]{4} ?)+)/.exec(screen)?.[1]?.replaceAll(' ', '') ?? '';
    await typeTwoCodes(window, seed);
    expect(await window.ended()).toBe(0);
  });

  it('waits until AWS knows the device, and through throttling', async () => {
    sandbox.addFault({ action: 'CreateVirtualMFADevice', times: 2, answer: 'throttle' });
    const notYet = { code: 'NoSuchEntity', status: 404, message: 'MFA Device does not exist.' };
    sandbox.addFault({ action: 'EnableMFADevice', times: 3, answer: notYet });
    await enrolled(AS_ADMIN);
    expect(await devices()).toEqual([virtual('alice')]);
  });

  it('takes an answer that was lost for what it was', async () => {
    sandbox.addFault({ action: 'EnableMFADevice', when: 'after', answer: 'cut' });
    await enrolled(AS_ADMIN);
    expect(await devices()).toEqual([virtual('alice')]);
  });

  it('ends with 4 where there is no terminal, before AWS is asked for anything', async () => {
    const { exitCode, stderr } = await withoutTerminal([...STEPUP, 'mfa', 'enrol', 'work', ...AS_ADMIN], home.env);
    expect(exitCode, stderr).toBe(4);
    expect(await lingering()).toBe(0);
  });

  it('names the statement that is missing, which then allows a second device by a session with MFA', async () => {
    const refused = await inWindow(['mfa', 'enrol', 'work'], { rows: 60, columns: 160 });
    expect(await refused.ended()).toBe(5);
    const text = await refused.history();
    expect(text).toContain('--policy-name stepup-self-service');
    const PolicyDocument = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
    await asRoot('PutUserPolicy', { UserName: 'alice', PolicyName: 'stepup-self-service', PolicyDocument });

    const { seed } = await enrolled(AS_ADMIN);
    const phone = phoneOf(virtual('alice'), seed, sandbox.clock);
    await phone.consecutiveCodes();
    const code = await phone.freshCode();
    const window = await inWindow(['mfa', 'enrol', 'work']);
    await window.shows('MFA code:');
    await window.types(`${code}${ENTER}`);
    const screen = await window.shows(FIRST);
    const second = new URL(await readQr(pictureOfBlocks(screen))).searchParams.get('secret') ?? '';
    // The sandbox's clock was moved on for a fresh code; a phone that is a minute ahead is still this phone.
    await typeTwoCodes(window, second);
    expect(await window.ended(), await window.history()).toBe(0);
    expect(await devices()).toEqual([virtual('alice'), virtual('alice-2')]);
    expect(await config()).toContain(`mfa_serial = ${virtual('alice')}\n`);
  });
});

describe('list', () => {
  it('tells the types apart, and which device is used here', async () => {
    await giveItAPhone(admin, account, alice, sandbox.clock);
    const hardware = { type: 'hardware', serialNumber: 'GAHT12345678', seedBase32: 'MZXW6YTBOI234567' } as const;
    sandbox.addDevice({ accountId: account.accountId, userName: 'alice', ...hardware });
    sandbox.addDevice({ accountId: account.accountId, userName: 'alice', type: 'fido', name: 'key' });
    const list = (args: readonly string[]) =>
      withoutTerminal([...STEPUP, 'mfa', 'list', 'work', ...AS_ADMIN, ...args], {
        ...home.env,
        AWS_MFA_SERIAL: virtual('alice'),
      });
    const { stdout, stderr, exitCode } = await list([]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/GAHT12345678 +hardware token/);
    expect(stdout).toMatch(/u2f\/user\/alice\/key-\w+ +FIDO/);
    expect(stderr).toContain('opens no gate');
    const { stdout: json } = await list(['--json']);
    expect(JSON.parse(json)).toEqual([
      expect.objectContaining({ serialNumber: virtual('alice'), type: 'virtual', makesCodes: true }),
      expect.objectContaining({ type: 'fido', makesCodes: false, usedHere: false }),
      expect.objectContaining({ serialNumber: 'GAHT12345678', type: 'hardware', makesCodes: true }),
    ]);
    const { stderr: none, stdout: nothing } = await list(['--user', 'nobody']);
    expect(nothing).toBe('');
    expect(none).toContain('NoSuchEntity');
  });

  it('opens no store to learn whose key it is, once that is known', async () => {
    await giveItAPhone(admin, account, alice, sandbox.clock);
    const list = () => withoutTerminal([...STEPUP, 'mfa', 'list', 'work', ...AS_ADMIN], home.env);
    expect((await list()).exitCode).toBe(0);
    const files = { config: join(home.path, '.aws/config'), credentials: join(home.path, '.aws/credentials') };
    const stored = `[profile work]\nstepup_key_store = age\nstepup_key_id = ${alice.key.accessKeyId}`;
    await writeFile(files.config, (await config()).replace('[profile work]', stored));
    const credentials = await readFile(files.credentials, 'utf8');
    await writeFile(files.credentials, credentials.slice(credentials.indexOf('[admin]')));
    // There is no such store, and nobody to ask for its passphrase.
    const { stdout, stderr, exitCode } = await list();
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(virtual('alice'));
  });
});

describe('resync', () => {
  it('sends two codes of the device, which a login then knows to be spent', async () => {
    const person = await giveItAPhone(admin, account, alice, sandbox.clock);
    sandbox.clock.advance(4 * HALF_MINUTE_MS);
    const watch = watchActions(sandbox.port);
    onTestFinished(watch.stop);
    const window = await inWindow(['mfa', 'resync', 'work', ...AS_ADMIN]);
    await window.shows(FIRST);
    const { AuthenticationCode1, AuthenticationCode2 } = await person.phone.consecutiveCodes();
    await window.types(`${AuthenticationCode1}${ENTER}`);
    await window.shows(NEXT);
    await window.types(`${AuthenticationCode2}${ENTER}`);
    expect(await window.ended(), await window.history()).toBe(0);
    expect(watch.count('ResyncMFADevice')).toBe(1);
    const login = ['login', 'work', '--serial-number', virtual('alice'), '--code', '-'];
    const spent = await withoutTerminal([...STEPUP, ...login], home.env, { input: AuthenticationCode2 });
    expect(spent).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('was used already') });
    expect(watch.count('GetSessionToken')).toBe(0);
  });
});

describe('remove', () => {
  const remove = (args: readonly string[]) =>
    withoutTerminal([...STEPUP, 'mfa', 'remove', 'work', ...AS_ADMIN, ...args], home.env);

  it('keeps the last device that makes codes, unless it is forced to', async () => {
    await giveItAPhone(admin, account, alice, sandbox.clock);
    sandbox.addDevice({ accountId: account.accountId, userName: 'alice', type: 'fido', name: 'key' });
    const serial = ['--serial-number', virtual('alice')];
    const kept = await remove([...serial, '--yes']);
    expect(kept.exitCode).toBe(1);
    expect(kept.stderr).toContain('last device');
    expect(await devices()).toContain(virtual('alice'));
    expect((await remove([...serial, '--force'])).exitCode).toBe(4);
    expect((await remove([...serial, '--force', '--yes'])).exitCode).toBe(0);
    expect(await devices()).not.toContain(virtual('alice'));
    expect(await lingering()).toBe(0);
  });

  it('asks which and whether, and the profile goes on with the other device', async () => {
    await enrolled(AS_ADMIN);
    const hardware = { type: 'hardware', serialNumber: 'GAHT12345678', seedBase32: 'MZXW6YTBOI234567' } as const;
    sandbox.addDevice({ accountId: account.accountId, userName: 'alice', ...hardware });
    const window = await inWindow(['mfa', 'remove', 'work', ...AS_ADMIN]);
    await window.shows('Which device shall go?');
    await window.types(ENTER);
    await window.shows('from user alice?');
    await window.types(`y${ENTER}`);
    expect(await window.ended(), await window.history()).toBe(0);
    expect(await devices()).toEqual(['GAHT12345678']);
    expect(await config()).toContain('mfa_serial = GAHT12345678\n');
  });
});
