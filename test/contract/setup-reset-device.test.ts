/** `stepup setup reset-device` as people run it: an administrator, a person with a new phone, and whoever has the old one. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type AwsClient, beRefused, type ClientCredentials, succeed } from './harness/aws-client.ts';
import { pictureOfBlocks } from './harness/blocks.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { type MovedTime, movedTime } from './harness/moved-time.ts';
import { type Phone, phoneOf } from './harness/people.ts';
import { codeAt } from './harness/phone.ts';
import { readQr } from './harness/qr.ts';
import { type SandboxProcess, sandboxCommand } from './harness/sandbox-process.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, CTRL_C, ENTER, type Exchange, withoutTerminal } from './harness/terminal.ts';
import { openWindow } from './harness/window.ts';

const PEOPLE = '111122223333';
const PROD = '444455556666';
const SERIAL = `arn:aws:iam::${PEOPLE}:mfa/alice`;
const ROLE = { RoleArn: `arn:aws:iam::${PROD}:role/ops`, RoleSessionName: 'test' };
const HALF_MINUTE_MS = 30_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const SETUP = `version: 1
identity: people
accounts:
  people: { id: "${PEOPLE}", profile: admin-0 }
  prod: { id: "${PROD}", profile: admin-1 }
users:
  alice: { self_service: [device] }
  bob: {}
roles:
  ops: { account: prod, enter: [alice, bob], permissions: { managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } }
`;

let time: MovedTime;
let sandbox: SandboxProcess;
let home: Home;
let client: AwsClient;
let file: string;
let key: ClientCredentials;

const profileText = (name: string, { accessKeyId, secretAccessKey, sessionToken }: ClientCredentials) =>
  `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n${sessionToken === undefined ? '' : `aws_session_token = ${sessionToken}\n`}`;

beforeEach(async () => {
  time = await movedTime();
  sandbox = await sandboxCommand(['--account', PEOPLE, '--account', PROD], time.env);
  client = jsClient(sandbox.endpoint);
  const place = `region = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
  home = await makeHome(sandbox.endpoint, {
    credentials: sandbox.accounts.map(({ root }, index) => profileText(`admin-${index}`, root)).join(''),
  });
  file = join(home.path, 'stepup.yaml');
  await writeFile(file, SETUP);
  await writeFile(
    join(home.path, '.aws/config'),
    `[profile admin-0]\n${place}[profile admin-1]\n${place}[profile work]\n${place}mfa_serial = ${SERIAL}\n` +
      `[profile ops]\n${place}role_arn = ${ROLE.RoleArn}\nsource_profile = work-mfa\n`,
  );
  expect((await setup('--yes')).exitCode).toBe(0);
  const { AccessKey } = await succeed(
    client,
    'iam',
    'CreateAccessKey',
    { UserName: 'alice' },
    sandbox.accounts[0].root,
  );
  key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  const credentials = join(home.path, '.aws/credentials');
  await writeFile(credentials, (await readFile(credentials, 'utf8')) + profileText('work', key));
});

afterEach(async () => {
  await client.close();
  await sandbox.end('SIGTERM');
  await home.remove();
  await time.remove();
});

const stepup = (args: readonly string[], input = '') =>
  withoutTerminal([...STEPUP, ...args], { ...home.env, ...time.env }, { input });
const OPTIONS = () => ['--file', file, '--long-term'];
const setup = (...args: readonly string[]) => stepup(['setup', ...args, ...OPTIONS()]);
const resetDevice = (...args: readonly string[]) => setup('reset-device', 'alice', ...args);
/** The program alone under the moved clock: what starts it measures its own time. */
const moved = (args: readonly string[]) => [
  'env',
  ...Object.entries(time.env).map(([name, value]) => `${name}=${value}`),
  ...STEPUP,
  ...args,
];
const resetAtTerminal = (...exchanges: readonly Exchange[]) =>
  atTerminal(moved(['setup', 'reset-device', 'alice', ...OPTIONS()]), exchanges, home.env);

/** By the QR code on the screen, and the two codes that follow. */
async function enrol(): Promise<Phone> {
  const window = await openWindow(moved(['mfa', 'enrol', 'work']), home.env);
  onTestFinished(window.close);
  const uri = new URL(await readQr(pictureOfBlocks(await window.shows('shows now:'))));
  const seed = uri.searchParams.get('secret') ?? '';
  const now = time.clock.now();
  await window.types(`${await codeAt(seed, now)}${ENTER}`);
  await window.shows('The next code');
  await window.types(`${await codeAt(seed, now + HALF_MINUTE_MS)}${ENTER}`);
  expect(await window.ended(), await window.history()).toBe(0);
  await time.clock.advance(MINUTE_MS);
  return phoneOf(SERIAL, seed, time.clock);
}

/** A session of the first minute after a reset counts as ended too (docs/break-glass.md): no person is so quick. */
async function enrolAfterReset(): Promise<Phone> {
  const phone = await enrol();
  await time.clock.advance(MINUTE_MS);
  return phone;
}

async function logIn(phone: Phone): Promise<void> {
  const login = await stepup(['login', 'work', '--code', '-', '--duration', '36h'], await phone.freshCode());
  expect(login.exitCode, login.stderr).toBe(0);
}

const enters = async (): Promise<boolean> =>
  (await stepup(['credentials', 'ops', '--format', 'process'])).exitCode === 0;
const devices = async (): Promise<readonly string[]> =>
  (await succeed(client, 'iam', 'ListMFADevices', { UserName: 'alice' }, sandbox.accounts[0].root)).MFADevices.map(
    ({ SerialNumber }: { readonly SerialNumber: string }) => SerialNumber,
  );

it('ends what the lost phone opened, and lets the person in with another', async () => {
  const phone = await enrol();
  await logIn(phone);
  expect(await enters()).toBe(true);
  expect((await setup('--yes')).stdout).toContain('- may enrol a first device: a device is there');

  const profiles = await readFile(join(home.path, '.aws/credentials'), 'utf8');
  const value = (name: string) => new RegExp(`\\[work-mfa\\][^[]*${name} = (\\S+)`).exec(profiles)?.[1] ?? '';
  const stolen = {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
    sessionToken: value('aws_session_token'),
  };
  await succeed(client, 'sts', 'AssumeRole', ROLE, stolen);

  const shown = await resetDevice('--plan-only');
  expect(shown).toMatchObject({ exitCode: 0 });
  for (const part of [`${SERIAL}: deactivated and deleted`, 'for 2 d', 'ops for 1 h', 'docs/break-glass.md']) {
    expect(shown.stdout).toContain(part);
  }
  const unasked = await resetDevice();
  expect(unasked).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(`--device ${SERIAL} --yes`) });
  const question = 'Reset this for alice?';
  expect(await resetAtTerminal({ sees: question, types: `n${ENTER}` })).toMatchObject({ exitCode: 130 });
  expect(await resetAtTerminal({ sees: question, types: CTRL_C })).toMatchObject({ exitCode: 130 });
  expect(await setup('--plan-only')).toMatchObject({ stderr: expect.stringContaining('nothing to do') });
  expect(await devices()).toEqual([SERIAL]);
  await succeed(client, 'sts', 'AssumeRole', ROLE, stolen);

  const reset = await resetAtTerminal({ sees: question, types: `y${ENTER}` });
  expect(reset, reset.stdout).toMatchObject({ exitCode: 0 });
  expect(reset.stdout).toContain('stepup mfa enrol');
  expect(reset.stdout).toContain('ops until');
  expect(await devices()).toEqual([]);
  expect(await beRefused(client, 'sts', 'AssumeRole', ROLE, stolen)).toMatchObject({ code: 'AccessDenied' });
  const late = await stepup(['login', 'work', '--force', '--code', '-'], await phone.freshCode());
  expect(late).toMatchObject({ exitCode: 5 });
  const again = await resetDevice('--yes');
  expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('may enrol one until') });
  const asJson = JSON.parse((await resetDevice('--yes', '--json')).stdout);
  expect(asJson).toEqual({ report: { calls: 5, done: [], bootstrapUntil: expect.any(String) } });
  const shorter = JSON.parse((await resetDevice('--yes', '--json', '--bootstrap', '2h')).stdout);
  expect(Date.parse(shorter.report.bootstrapUntil)).toBeLessThan(Date.parse(asJson.report.bootstrapUntil));

  // The session of before is still in the files of the person: it doesn't stand in the way.
  const other = await enrolAfterReset();
  expect(await stepup(['login', 'work'])).toMatchObject({ exitCode: 4 });
  await logIn(other);
  expect(await enters()).toBe(true);
  expect(await beRefused(client, 'sts', 'AssumeRole', ROLE, stolen)).toMatchObject({ code: 'AccessDenied' });

  expect((await setup('--yes')).stdout).toContain('- may enrol a first device: a device is there');
  expect(await setup('--plan-only')).toMatchObject({ stderr: expect.stringContaining('nothing to do') });
  expect(await setup('verify')).toMatchObject({ exitCode: 0 });
  await time.clock.advance(36 * HOUR_MS);
  expect((await setup('--yes')).stdout).toContain('- policy stepup-ended-sessions: its time is over');
  expect(await setup('--plan-only')).toMatchObject({ stderr: expect.stringContaining('nothing to do') });
});

it('asks which of several is lost, as JSON tells what it did, and keeps to the file for the window', async () => {
  await enrol();
  const root = sandbox.accounts[0].root;
  const spare = await succeed(client, 'iam', 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'alice-2' }, root);
  const { SerialNumber, Base32StringSeed } = spare['VirtualMFADevice'];
  const codes = await phoneOf(SerialNumber, Base32StringSeed.toString(), time.clock).consecutiveCodes();
  await succeed(client, 'iam', 'EnableMFADevice', { UserName: 'alice', SerialNumber, ...codes }, root);
  const several = await resetDevice('--yes');
  expect(several).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('which device is lost') });
  const none = await resetDevice('--yes', '--device', 'GAHT12345678');
  expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('has no device GAHT12345678') });
  const long = await resetDevice('--yes', '--bootstrap', '3d');
  expect(long).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('longer than the file has it') });

  const window = await openWindow(
    moved(['setup', 'reset-device', 'alice', ...OPTIONS(), '--device', SERIAL]),
    home.env,
  );
  onTestFinished(window.close);
  await window.shows('Reset this for alice?');
  const Tags = [{ Key: 'team', Value: 'blue' }];
  await succeed(client, 'iam', 'TagUser', { UserName: 'alice', Tags }, root);
  await window.types(`y${ENTER}`);
  expect(await window.ended()).not.toBe(0);
  expect(await window.history()).toContain('of alice changed while this ran');
  expect(await devices()).toHaveLength(2);

  const chosen = await resetAtTerminal(
    { sees: 'Which device of alice is lost?', types: ENTER },
    { sees: 'Reset this for alice?', types: `y${ENTER}` },
  );
  expect(chosen, chosen.stdout).toMatchObject({ exitCode: 0 });
  expect(chosen.stdout).toContain(`--serial-number ${SerialNumber} --force`);
  expect(await devices()).toEqual([SerialNumber]);

  const all = await resetDevice('--yes', '--json', '--bootstrap', '2h');
  expect(all, all.stderr).toMatchObject({ exitCode: 0 });
  const { plan, report } = JSON.parse(all.stdout);
  expect(plan).toMatchObject({ deactivated: [SerialNumber], bootstrapSeconds: 7200, left: [] });
  const windowMs = Date.parse(report.bootstrapUntil) - time.clock.now();
  expect(windowMs).toBeGreaterThan(HOUR_MS);
  expect(windowMs).toBeLessThan(2 * HOUR_MS + 1);
  expect(await setup('--plan-only')).toMatchObject({ stderr: expect.stringContaining('nothing to do') });
});

it('opens another window for whoever was too late', async () => {
  await time.clock.advance(48 * HOUR_MS);
  const closed = await setup('--yes');
  expect(closed.stdout).toContain('its time is over, and no device is there; stepup setup reset-device opens another');
  const opened = await resetDevice('--yes');
  expect(opened, opened.stderr).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('may enrol another') });
  expect(await setup('--plan-only')).toMatchObject({ stderr: expect.stringContaining('nothing to do') });
  await logIn(await enrolAfterReset());
  expect(await enters()).toBe(true);
});

it('says why not: nobody of that name, not there yet, not the setup’s, oneself', async () => {
  const of = (user: string, ...more: readonly string[]) => setup('reset-device', user, '--yes', ...more);
  expect(await of('eve')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('They are: alice, bob') });
  // A window alone, as of the first days, doesn't say that sessions are ended.
  expect(await of('alice')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('may enrol another') });
  expect(await of('alice')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('has no device to reset') });
  await writeFile(file, SETUP.replace('  bob: {}', '  bob: {}\n  carl: {}\n  dora: {}'));
  expect(await of('carl')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no user carl') });
  const root = sandbox.accounts[0].root;
  await succeed(client, 'iam', 'CreateUser', { UserName: 'dora' }, root);
  expect(await of('dora')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no setup has touched it') });
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  // A session of a role that nobody else gets into is hers too.
  await writeFile(file, `${SETUP}  admin: { enter: [alice], permissions: { managed: ["${PolicyArn}"] } }\n`);
  expect((await setup('--yes')).exitCode).toBe(0);
  const code = { SerialNumber: SERIAL, TokenCode: await (await enrol()).freshCode() };
  const RoleArn = `arn:aws:iam::${PEOPLE}:role/admin`;
  const entered = await succeed(client, 'sts', 'AssumeRole', { RoleArn, RoleSessionName: 'test', ...code }, key);
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = entered.Credentials;
  const credentials = join(home.path, '.aws/credentials');
  const inside = profileText('inside', { accessKeyId, secretAccessKey, sessionToken });
  await writeFile(credentials, (await readFile(credentials, 'utf8')) + inside);
  const config = join(home.path, '.aws/config');
  const endpoint = `[profile inside]\nregion = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
  await writeFile(config, (await readFile(config, 'utf8')) + endpoint);
  const byRole = (await readFile(file, 'utf8')).replace('profile: admin-0', 'profile: inside');
  await writeFile(file, byRole);
  const locked = await stepup(['setup', 'reset-device', 'alice', '--yes', '--file', file]);
  expect(locked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nobody would get into it') });
  expect(await devices()).toEqual([SERIAL]);

  await succeed(client, 'iam', 'AttachUserPolicy', { UserName: 'alice', PolicyArn }, root);
  await writeFile(file, SETUP.replace('profile: admin-0', 'profile: work'));
  expect(await of('alice')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('alice is you') });
});
