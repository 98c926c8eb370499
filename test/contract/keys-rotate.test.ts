/** `stepup keys rotate`, killed at each of its requests and run again: one key that works, whatever happened, and nobody else's touched. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { selfServicePolicy } from '../../src/guardrails/blueprint/user-policies.ts';
import { madeSecrets } from '../support/made-secrets.ts';
import { type AwsClient, type ClientCredentials, succeed } from './harness/aws-client.ts';
import { runChild, startChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { killAtRequest } from './harness/killing-request.ts';
import { giveItAPhone, hire, type Person } from './harness/people.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, ENTER } from './harness/terminal.ts';
import { openSandbox, type TestAccount, type TestSandbox } from './harness/test-sandbox.ts';
import { watchActions } from './harness/watch-actions.ts';

/** What an undisturbed rotation asks of AWS, in this order. The kills below are at each of them. */
const REQUESTS = [
  'GetCallerIdentity',
  'ListAccessKeys',
  'CreateAccessKey',
  'GetCallerIdentity',
  'UpdateAccessKey',
  'GetCallerIdentity',
  'DeleteAccessKey',
] as const;

const KILLS = REQUESTS.flatMap((action, index) =>
  (['before', 'after'] as const).map((moment) => ({ moment, action, at: index + 1 })),
);

let sandbox: TestSandbox;
let account: TestAccount;
let admin: AwsClient;
let count = 0;

/** A user with rights over its own keys, and a home whose profile `work` has its key. */
interface Owner {
  readonly person: Person;
  readonly home: Home;
}

beforeAll(async () => {
  sandbox = await openSandbox();
  [account] = sandbox.accounts;
  admin = jsClient(sandbox.endpoint);
});

afterAll(async () => {
  await admin.close();
  await sandbox.close();
});

let homes: Home[] = [];
afterEach(async () => {
  await Promise.all(homes.map((home) => home.remove()));
  homes = [];
});

const asRoot = (operation: string, input: object) =>
  succeed(admin, 'iam', operation, input as Record<string, unknown>, account.root);

async function newOwner(more: { readonly config?: string; readonly rights?: readonly object[] } = {}): Promise<Owner> {
  count += 1;
  const name = `user-${count}`;
  const arn = `arn:aws:iam::${account.accountId}:user/${name}`;
  const rights = more.rights ?? [{ Effect: 'Allow', Action: 'iam:*AccessKey*', Resource: arn }];
  const person = await hire(admin, account, name, rights);
  const place = `region = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
  const home = await makeHome(sandbox.endpoint, {
    config: `[profile work]\n${place}${more.config ?? ''}\n[profile admin]\n${place}`,
    credentials: `# mine\n[work]\n${keyText(person.key)}; keep\n\n[admin]\n${keyText(account.root)}`,
  });
  homes.push(home);
  return { person, home };
}

const keyText = ({ accessKeyId, secretAccessKey }: ClientCredentials): string =>
  `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In a session of its own, so without a terminal. */
async function rotation(
  { home }: Owner,
  args: readonly string[] = [],
  started?: (child: ChildProcess) => void,
): Promise<Ended> {
  const [program = '', ...before] = STEPUP;
  const child = startChild(program, [...before, 'keys', 'rotate', 'work', ...args], { env: home.env, detached: true });
  started?.(child);
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { exitCode, signal, stdout, stderr };
}

async function killedAt(owner: Owner, { at, moment }: Pick<(typeof KILLS)[number], 'at' | 'moment'>): Promise<void> {
  let child: ChildProcess | undefined;
  const killing = killAtRequest(sandbox.port, at, moment, () => child?.kill('SIGKILL'));
  try {
    const { signal, stderr } = await rotation(owner, [], (started) => {
      child = started;
    });
    expect(killing.hasStruck(), stderr).toBe(true);
    expect(signal).toBe('SIGKILL');
  } finally {
    killing.stop();
  }
}

interface KeyOfUser {
  readonly AccessKeyId: string;
  readonly Status: string;
}

async function keysOf({ person }: Owner): Promise<readonly KeyOfUser[]> {
  const { AccessKeyMetadata } = await asRoot('ListAccessKeys', { UserName: person.name });
  return (AccessKeyMetadata as readonly KeyOfUser[]).map(({ AccessKeyId, Status }) => ({ AccessKeyId, Status }));
}

const credentialsText = ({ home }: Owner): Promise<string> => readFile(join(home.path, '.aws/credentials'), 'utf8');

/** The key that profile `work` has. */
async function keyInFile(owner: Owner): Promise<ClientCredentials> {
  const [, section = ''] = (await credentialsText(owner)).split('[work]\n');
  const [, accessKeyId = ''] = /^aws_access_key_id = (.*)$/m.exec(section) ?? [];
  const [, secretAccessKey = ''] = /^aws_secret_access_key = (.*)$/m.exec(section) ?? [];
  return { accessKeyId, secretAccessKey };
}

async function expectToWork(key: ClientCredentials, { person }: Owner): Promise<void> {
  const { Arn } = await succeed(admin, 'sts', 'GetCallerIdentity', {}, key);
  expect(Arn).toBe(person.arn);
}

/** One key, which works, in the place of the old one; nothing else of the file changed, and nothing is left unfinished. */
async function expectRotated(owner: Owner): Promise<void> {
  const key = await keyInFile(owner);
  expect(key.accessKeyId).not.toBe(owner.person.key.accessKeyId);
  expect(await keysOf(owner)).toEqual([{ AccessKeyId: key.accessKeyId, Status: 'Active' }]);
  await expectToWork(key, owner);
  expect(await credentialsText(owner)).toBe(
    `# mine\n[work]\n${keyText(key)}; keep\n\n[admin]\n${keyText(account.root)}`,
  );
  expect(await unfinished(owner)).toEqual([]);
}

async function unfinished({ home }: Owner): Promise<readonly string[]> {
  const names = await readdir(join(home.path, '.local/state/stepup/rotations'));
  return names.filter((name) => name.endsWith('.json'));
}

/** A key of this user on another machine, which uses it. */
async function secondMachine({ person }: Owner): Promise<ClientCredentials> {
  const { AccessKey } = await asRoot('CreateAccessKey', { UserName: person.name });
  const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  await succeed(admin, 'sts', 'GetCallerIdentity', {}, key);
  return key;
}

describe('rotate', () => {
  it('makes these requests, and leaves one new key', async () => {
    const owner = await newOwner();
    const asked: string[] = [];
    const watch = watchActions(sandbox.port, (action) => asked.push(action));
    onTestFinished(watch.stop);
    const { exitCode, stderr, stdout } = await rotation(owner, ['--json']);
    watch.stop();
    expect(exitCode, stderr).toBe(0);
    expect(asked).toEqual(REQUESTS);
    const { accessKeyId, secretAccessKey } = await keyInFile(owner);
    expect(JSON.parse(stdout)).toEqual({
      profile: 'work',
      oldKeyId: owner.person.key.accessKeyId,
      newKeyId: accessKeyId,
    });
    expect(`${stdout}${stderr}`).not.toContain(secretAccessKey);
    await expectRotated(owner);
  });

  it.each(KILLS)('killed $moment $action (request $at) is gone on with by the next run', async (kill) => {
    const owner = await newOwner();
    await killedAt(owner, kill);
    const between = await keyInFile(owner);
    await expectToWork(between, owner);
    const { exitCode, stderr } = await rotation(owner);
    expect(exitCode, stderr).toBe(0);
    const key = await keyInFile(owner);
    expect(await keysOf(owner)).toEqual([{ AccessKeyId: key.accessKeyId, Status: 'Active' }]);
    await expectToWork(key, owner);
    expect(await unfinished(owner)).toEqual([]);
  });

  // At all other moments the user has two keys, and nobody can make another.
  it.each([
    { at: 3, moment: 'before', isDone: false },
    { at: 7, moment: 'after', isDone: true },
  ] as const)(
    'killed $moment request $at, beside a key that a second machine made then',
    async ({ isDone, ...kill }) => {
      const owner = await newOwner();
      await killedAt(owner, kill);
      const other = await secondMachine(owner);
      const { exitCode, stderr } = await rotation(owner);
      expect(exitCode, stderr).toBe(isDone ? 0 : 1);
      const key = await keyInFile(owner);
      await expectToWork(key, owner);
      await expectToWork(other, owner);
      const ids = (await keysOf(owner)).map(({ AccessKeyId }) => AccessKeyId);
      expect(ids.sort()).toEqual([key.accessKeyId, other.accessKeyId].sort());
      expect(key.accessKeyId === owner.person.key.accessKeyId).toBe(!isDone);
      expect(await unfinished(owner)).toEqual([]);
    },
  );
});

describe('stopped by a person or a system', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('at %s, takes back the key that is not in place yet', async (signal) => {
    const owner = await newOwner();
    let child: ChildProcess | undefined;
    const killing = killAtRequest(sandbox.port, 4, 'before', () => child?.kill(signal));
    onTestFinished(killing.stop);
    const { exitCode } = await rotation(owner, [], (started) => {
      child = started;
    });
    expect(exitCode).not.toBe(0);
    expect(await keysOf(owner)).toEqual([{ AccessKeyId: owner.person.key.accessKeyId, Status: 'Active' }]);
    expect(await keyInFile(owner)).toEqual(owner.person.key);
    expect(await unfinished(owner)).toEqual([]);
  });

  it('keeps ids of keys in its journal, and nothing secret', async () => {
    const owner = await newOwner();
    await killedAt(owner, { at: 5, moment: 'before' });
    const [name = ''] = await unfinished(owner);
    const text = await readFile(join(owner.home.path, '.local/state/stepup/rotations', name), 'utf8');
    const { accessKeyId, secretAccessKey } = await keyInFile(owner);
    expect(JSON.parse(text)).toMatchObject({ oldKeyId: owner.person.key.accessKeyId, newKeyId: accessKeyId });
    expect(text).not.toContain(secretAccessKey);
    expect(text).not.toContain(owner.person.key.secretAccessKey);
  });
});

describe('a second key that isn’t this machine’s', () => {
  it('stays where nobody can be asked, and where the person says no', async () => {
    const owner = await newOwner();
    const other = await secondMachine(owner);
    const { exitCode, stderr } = await rotation(owner);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(other.accessKeyId);
    const asked = await atTerminal(
      [...STEPUP, 'keys', 'rotate', 'work'],
      [{ sees: 'for good?', types: ENTER }],
      owner.home.env,
    );
    expect(asked.exitCode).toBe(1);
    expect(await keysOf(owner)).toHaveLength(2);
    await expectToWork(other, owner);
    expect(await keyInFile(owner)).toEqual(owner.person.key);
  });

  it('goes if the person says so', async () => {
    const owner = await newOwner();
    await secondMachine(owner);
    const { exitCode, stdout } = await atTerminal(
      [...STEPUP, 'keys', 'rotate', 'work'],
      [{ sees: 'for good?', types: `y${ENTER}` }],
      owner.home.env,
    );
    expect(exitCode, stdout).toBe(0);
    await expectRotated(owner);
  });
});

describe('whose rights', () => {
  it('another profile’s', async () => {
    const owner = await newOwner({ rights: [] });
    const refused = await rotation(owner);
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain('--policy-name stepup-self-service');
    expect((await rotation(owner, ['--with', 'admin', '--long-term'])).exitCode).toBe(0);
    await expectRotated(owner);
  });

  it('one’s own, by a session with MFA, which goes on with the new key', async () => {
    const owner = await newOwner({ rights: [] });
    const { name, arn } = owner.person;
    const { phone } = await giveItAPhone(admin, account, owner.person, sandbox.clock);
    const policy = selfServicePolicy({ userArn: arn, deviceArn: phone.serialNumber }, ['keys']);
    await asRoot('PutUserPolicy', { UserName: name, PolicyName: 'own', PolicyDocument: policy?.document });
    const config = join(owner.home.path, '.aws/config');
    await writeFile(
      config,
      (await readFile(config, 'utf8')).replace(/region/, `mfa_serial = ${phone.serialNumber}\nregion`),
    );
    const seen = await atTerminal(
      [...STEPUP, 'keys', 'rotate', 'work'],
      [{ sees: 'MFA code:', types: async () => `${await phone.freshCode()}${ENTER}` }],
      owner.home.env,
    );
    expect(seen.exitCode, seen.stdout).toBe(0);
    const key = await keyInFile(owner);
    expect(await keysOf(owner)).toEqual([{ AccessKeyId: key.accessKeyId, Status: 'Active' }]);
    expect(await credentialsText(owner)).toContain(`stepup_base_key_id = ${key.accessKeyId}\n`);
    // No code is asked for: the session serves.
    expect((await rotation(owner)).exitCode).toBe(0);
  });
});

describe('where the key is kept', () => {
  it('in a store: it is replaced there', async () => {
    const owner = await newOwner();
    const { path, env } = owner.home;
    const sealed = join(path, '.local/state/stepup/keys/key%2Fwork.age');
    const identity = join(path, 'identity');
    await runChild('age-keygen', ['-o', identity], { env });
    madeSecrets(...(await readFile(identity, 'utf8')).match(/AGE-SECRET-KEY-\S+/g)!);
    const { stdout } = await runChild('age-keygen', ['-y', identity], { env });
    const recipient = stdout.trim();
    await mkdir(dirname(sealed), { recursive: true, mode: 0o700 });
    await runChild('age', ['-r', recipient, '-o', sealed], { env, input: JSON.stringify(owner.person.key) });
    const config = join(path, '.aws/config');
    const lines = `stepup_key_store = age\nstepup_age_recipient = ${recipient}\nstepup_age_identity = ${identity}\nregion`;
    await writeFile(config, (await readFile(config, 'utf8')).replace('region', lines));
    await writeFile(join(path, '.aws/credentials'), '');
    const { exitCode, stderr } = await rotation(owner);
    expect(exitCode, stderr).toBe(0);
    const key = JSON.parse((await runChild('age', ['-d', '-i', identity, sealed], { env })).stdout);
    expect(await keysOf(owner)).toEqual([{ AccessKeyId: key.accessKeyId, Status: 'Active' }]);
    await expectToWork(key, owner);
    expect(await readFile(config, 'utf8')).toContain(`stepup_key_id = ${key.accessKeyId}\n`);
    expect(await readFile(join(path, '.aws/credentials'), 'utf8')).toBe('');
  });

  it('in several profiles: each of them gets the new one', async () => {
    const owner = await newOwner();
    const file = join(owner.home.path, '.aws/credentials');
    await appendFile(file, `[same]\n${keyText(owner.person.key)}`);
    expect((await rotation(owner)).exitCode).toBe(0);
    expect(await readFile(file, 'utf8')).toContain(`[same]\n${keyText(await keyInFile(owner))}`);
    expect(await readFile(file, 'utf8')).not.toContain(owner.person.key.accessKeyId);
  });
});

describe('an AWS that is slow to know, or busy', () => {
  it('is waited for, also by the run after a kill', async () => {
    const slow = await openSandbox({ visibleAfterMs: 3_000 });
    const client = jsClient(slow.endpoint);
    const [before, beforeAccount, beforeAdmin] = [sandbox, account, admin];
    const patient: AwsClient = {
      ...client,
      call: async (...request) => {
        const answer = await client.call(...request);
        await slow.clock.advance(3_000);
        return answer;
      },
    };
    [sandbox, account, admin] = [slow, slow.accounts[0], patient];
    onTestFinished(async () => {
      [sandbox, account, admin] = [before, beforeAccount, beforeAdmin];
      await client.close();
      await slow.close();
    });
    const owner = await newOwner();
    await killedAt(owner, { at: 3, moment: 'after' });
    const { exitCode, stderr } = await rotation(owner);
    expect(exitCode, stderr).toBe(0);
    const key = await keyInFile(owner);
    await slow.clock.advance(3_000);
    expect(await keysOf(owner)).toEqual([{ AccessKeyId: key.accessKeyId, Status: 'Active' }]);
    await expectToWork(key, owner);
  });

  it('that throttles each call is asked again', async () => {
    const owner = await newOwner();
    for (const action of new Set(REQUESTS)) {
      if (action !== 'GetCallerIdentity') sandbox.addFault({ action, times: 2, answer: 'throttle' });
    }
    const { exitCode, stderr } = await rotation(owner);
    expect(exitCode, stderr).toBe(0);
    await expectRotated(owner);
  });

  it.each(['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey'])(
    'whose answer to %s is lost ends the run, and the next one goes on',
    async (action) => {
      const owner = await newOwner();
      sandbox.addFault({ action, when: 'after', answer: 'cut' });
      expect((await rotation(owner)).exitCode).toBe(1);
      expect((await rotation(owner)).exitCode).toBe(0);
      const key = await keyInFile(owner);
      expect(await keysOf(owner)).toEqual([{ AccessKeyId: key.accessKeyId, Status: 'Active' }]);
      await expectToWork(key, owner);
    },
  );
});

it('two at once end with one key that works', async () => {
  const owner = await newOwner();
  const ended = await Promise.all([rotation(owner), rotation(owner)]);
  expect(ended.map(({ exitCode }) => exitCode).filter((code) => code === 0).length).toBeGreaterThanOrEqual(1);
  const key = await keyInFile(owner);
  expect(await keysOf(owner)).toEqual([{ AccessKeyId: key.accessKeyId, Status: 'Active' }]);
  await expectToWork(key, owner);
});
