/** `stepup setup` as people run it: the built program, real terminals, QR codes, age files, and the AWS CLI at the end. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { newIdentity } from '../support/new-passphrase.ts';
import { pictureOfBlocks } from './harness/blocks.ts';
import { runChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import { phoneOf } from './harness/people.ts';
import { codeAt } from './harness/phone.ts';
import { readQr } from './harness/qr.ts';
import { STEPUP } from './harness/stepup.ts';
import { ENTER, withoutTerminal } from './harness/terminal.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';
import { openWindow, type Window } from './harness/window.ts';

const SCHEMA = fileURLToPath(new URL('../../schema/stepup.schema.json', import.meta.url));
const HALF_MINUTE_MS = 30_000;
const PEOPLE = '111122223333';
const PROD = '444455556666';

let sandbox: TestSandbox;
let home: Home;
let env: Readonly<Record<string, string>>;
let file: string;

beforeEach(async () => {
  sandbox = await openSandbox({ accounts: [PEOPLE, PROD] });
  const place = `region = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
  const admins = sandbox.accounts.map(({ root }, index) => ({ name: `admin-${index}`, root }));
  home = await makeHome(sandbox.endpoint, {
    config: admins.map(({ name }) => `[profile ${name}]\n${place}`).join('\n'),
    credentials: admins
      .map(
        ({ name, root }) =>
          `[${name}]\naws_access_key_id = ${root.accessKeyId}\naws_secret_access_key = ${root.secretAccessKey}\n`,
      )
      .join('\n'),
  });
  const identity = await newIdentity();
  await writeFile(join(home.path, 'identity'), `${identity}\n`, { mode: 0o600 });
  env = {
    ...home.env,
    STEPUP_KEY_STORE: 'age',
    STEPUP_AGE_RECIPIENT: await identityToRecipient(identity),
    STEPUP_AGE_IDENTITY: join(home.path, 'identity'),
  };
  file = join(home.path, 'stepup.yaml');
});

afterEach(async () => {
  await home.remove();
  await sandbox.close();
});

const stepup = (args: readonly string[], input = '') => withoutTerminal([...STEPUP, ...args], env, { input });
const setup = (...args: readonly string[]) => stepup(['setup', '--file', file, '--long-term', ...args]);

async function inWindow(args: readonly string[]): Promise<Window> {
  const window = await openWindow([...STEPUP, ...args], env);
  onTestFinished(window.close);
  return window;
}

/** Reads the QR code off the screen and types the two codes that follow. Answers the seed. */
async function enrolOnScreen(window: Window): Promise<string> {
  const uri = new URL(await readQr(pictureOfBlocks(await window.shows('shows now:'))));
  const seed = uri.searchParams.get('secret') ?? '';
  const now = sandbox.clock.now();
  await window.types(`${await codeAt(seed, now)}${ENTER}`);
  await window.shows('The next code');
  await window.types(`${await codeAt(seed, now + HALF_MINUTE_MS)}${ENTER}`);
  return seed;
}

async function logIn(user: string, seed: string): Promise<void> {
  const phone = phoneOf(`arn:aws:iam::${PEOPLE}:mfa/${user}`, seed, sandbox.clock);
  await phone.consecutiveCodes();
  const login = await stepup(['login', 'work', '--code', '-'], await phone.freshCode());
  expect(login.exitCode, login.stderr).toBe(0);
}

async function callerOf(profile: string): Promise<{ readonly arn: string; readonly stderr: string }> {
  const [aws] = inject('awsClis');
  const args = ['--profile', profile, 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];
  const { stdout, stderr } = await runChild(aws?.path ?? 'aws', args, { env });
  return { arn: stdout.trim(), stderr };
}

const SETUP = (recipient = '') => `version: 1
identity: people
accounts:
  people: { id: "${PEOPLE}", profile: admin-0 }
  prod: { id: "${PROD}", profile: admin-1 }
users:
  alice: { self_service: [device, keys] }
  bob: {${recipient === '' ? '' : ` age_recipient: ${recipient} `}}
roles:
  ops:
    account: prod
    enter: [alice, bob]
    max_age: 15m
    permissions: { managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }
`;

const SECRETS = /\bA[KS]IA[A-Z0-9]{16}\b|otpauth:|AGE-SECRET-KEY|age-encryption|secret_access_key|session_token/i;
const MAKERS_OF_SECRETS =
  /AWS::IAM::(AccessKey|VirtualMFADevice)|aws_iam_(access_key|virtual_mfa_device)|create-(access-key|virtual-mfa-device)/;

describe('for oneself', () => {
  it('comes from four words on the command line to an AWS CLI that works', async () => {
    const policy = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const said = ['--profile', 'admin-0', '--user', 'alice', '--role', 'ops', '--managed', policy];
    const window = await inWindow(['setup', '--file', file, '--long-term', ...said, '--me', 'alice', '--base', 'work']);
    expect(await window.shows('Apply this plan?')).toContain('role ops');
    await window.types('y\r');
    const seed = await enrolOnScreen(window);
    expect(await window.ended(), await window.history()).toBe(0);

    expect(await readFile(file, 'utf8')).toContain(`id: "${PEOPLE}"`);
    expect(await readFile(join(home.path, '.aws/credentials'), 'utf8')).not.toContain('[work]');
    expect((await callerOf('ops')).arn).toBe('');
    await logIn('alice', seed);
    expect((await callerOf('ops')).arn).toContain(`arn:aws:sts::${PEOPLE}:assumed-role/ops/`);

    const again = await setup('--me', 'alice', '--base', 'work', '--yes');
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).toContain('- may enrol a first device: a device is there');

    // Keys and device are there by now, and none of it is in what is exported.
    const { root } = sandbox.accounts[0];
    for (const format of ['cli', 'terraform', 'cloudformation']) {
      const { stdout, stderr, exitCode } = await setup('--export', format);
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toContain('stepup-enter');
      for (const secret of [seed, root.accessKeyId, root.secretAccessKey, SECRETS, MAKERS_OF_SECRETS]) {
        expect(stdout).not.toMatch(secret);
      }
    }
  });
});

describe('for somebody else', () => {
  it('hands over a key that only age opens, profiles, and a first device without an administrator', async () => {
    const identity = await newIdentity();
    await writeFile(join(home.path, 'bob'), `${identity}\n`, { mode: 0o600 });
    await writeFile(file, SETUP(await identityToRecipient(identity)));
    const made = await setup('--yes', '--json');
    expect(made.exitCode, made.stderr).toBe(0);
    const { report } = JSON.parse(made.stdout);
    expect(report.left).toEqual([]);
    // 4 to read, and one a step; two more for the key, which is looked for, made, and named in the tags.
    expect(report.calls).toBe(4 + report.done.length + 2);
    const { where } = report.done.find(({ action }: { readonly action: string }) => action === 'CreateAccessKey');
    expect((await stat(where)).mode & 0o777).toBe(0o600);

    const csv = await runChild('age', ['--decrypt', '-i', join(home.path, 'bob'), where], { env });
    const { stdout: fragment } = await stepup(['setup', 'profiles', 'bob', '--file', file, '--base', 'work']);
    const place = `region = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
    await writeFile(join(home.path, '.aws/config'), fragment.replaceAll(/(\[profile .*\]\n)/g, `$1${place}`));
    const added = await stepup(['keys', 'add', 'work', '--csv', '-'], csv.stdout);
    expect(added.exitCode, added.stderr).toBe(0);
    const window = await inWindow(['mfa', 'enrol', 'work']);
    const seed = await enrolOnScreen(window);
    expect(await window.ended(), await window.history()).toBe(0);
    await logIn('bob', seed);
    expect((await callerOf('ops')).arn).toContain(`arn:aws:sts::${PROD}:assumed-role/ops/`);

    await writeFile(
      join(home.path, '.aws/config'),
      `${await readFile(join(home.path, '.aws/config'), 'utf8')}\n[profile admin-0]\n${place}\n[profile admin-1]\n${place}`,
    );
    const closed = await setup('--yes');
    expect(closed.stdout).toContain('- may enrol a first device: a device is there');
    const last = await setup('--yes');
    expect(last.stderr).toContain('there is nothing to do');
    expect(last.exitCode).toBe(0);
  });
});

describe('the command', () => {
  it('asks before it changes anything, and says what it costs', async () => {
    await writeFile(file, SETUP());
    const unasked = await setup();
    expect(unasked.exitCode).toBe(4);
    expect(unasked.stdout).toContain('+ role ops: opens to alice, bob with a code younger than 15 min');
    expect(unasked.stdout).toContain('people are asked for a code whenever theirs is older than 15 min');
    const window = await inWindow(['setup', '--file', file, '--long-term']);
    await window.shows('Apply this plan?');
    await window.types('n\r');
    expect(await window.ended()).toBe(130);
    const plan = await setup('--plan-only', '--json');
    // Of each account: who one is there, and one page of all that is there.
    expect(plan.stderr).toContain('4 calls to AWS.');
    expect(JSON.parse(plan.stdout).plan.accounts[1].roles).toMatchObject([{ name: 'ops', state: 'created' }]);
  });

  it('names the line of what can’t be, and refuses the profile of another account', async () => {
    await writeFile(file, SETUP().replace('[alice, bob]', '[alice, eve]'));
    const wrong = await setup('--plan-only');
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain(`${file}:12:20: $.roles.ops.enter[1] eve is none of the users`);
    await writeFile(file, SETUP().replace('admin-1', 'admin-0'));
    const other = await setup('--plan-only');
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain(`signs in to another account than ${PROD}`);
  });
});

describe('the published schema', () => {
  const CHECK = `
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
print(json.dumps([validator.is_valid(one) for one in json.load(sys.stdin)]))`;
  const good = {
    version: 1,
    accounts: { main: { id: PEOPLE } },
    users: { alice: null, bob: { tags: { 'team:a': 'x y' }, self_service: ['keys'] } },
    roles: { ops: { enter: ['alice'], max_age: '1h30m', permissions: { inline: { a: { Version: '2012-10-17' } } } } },
  };
  const bad = [
    { ...good, version: 2 },
    { ...good, more: 1 },
    { ...good, accounts: { main: { id: '1234' } } },
    { ...good, users: { 'a b': null } },
    { ...good, users: { alice: { self_service: ['all'] } } },
    { ...good, roles: { ops: { enter: [] } } },
    { ...good, roles: { ops: {} } },
    { ...good, roles: { ops: { enter: ['alice'], max_age: 'soon' } } },
    { ...good, users: { alice: { tags: { 'a,b': 'c' } } } },
  ];

  it('lets through and refuses what stepup does, by a validator that isn’t ours', async () => {
    const states = [good, ...bad];
    const checked = await runChild('python3', ['-c', CHECK, SCHEMA], { env, input: JSON.stringify(states) });
    const ours = await Promise.all(
      states.map(async (state) => {
        const path = join(home.path, `state-${states.indexOf(state)}.yaml`);
        await writeFile(path, JSON.stringify(state));
        const { stderr } = await stepup(['setup', 'profiles', 'alice', '--file', path]);
        return !stderr.includes(path);
      }),
    );
    // The one thing that a schema can't see: the inline document is none that AWS takes.
    const expected = states.map((state) => state === good);
    expect(JSON.parse(checked.stdout || checked.stderr)).toEqual(expected);
    expect(ours.slice(1)).toEqual(expected.slice(1));
  });
});
