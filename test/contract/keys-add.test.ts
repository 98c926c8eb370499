/** `keys add` and `remove`: from every source that people have, verified by a call, kept in a real store. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityToRecipient } from 'age-encryption';
import { CompactEncrypt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newIdentity, newPassphrase } from '../support/new-passphrase.ts';
import { succeed } from './harness/aws-client.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { filesHolding } from './harness/secret-files.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, ENTER, withoutTerminal } from './harness/terminal.ts';

let world: GatedRole;
let home: Home;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());

beforeEach(async () => {
  home = await makeHome(world.sandbox.endpoint, { config: world.config });
  const identity = await newIdentity();
  await writeFile(join(home.path, 'identity'), `${identity}\n`, { mode: 0o600 });
  env = {
    ...home.env,
    STEPUP_KEY_STORE: 'age',
    STEPUP_AGE_RECIPIENT: await identityToRecipient(identity),
    STEPUP_AGE_IDENTITY: join(home.path, 'identity'),
  };
});
afterEach(() => home.remove());

const stepup = (args: readonly string[], more: Readonly<Record<string, string>> = {}, input = '') =>
  withoutTerminal([...STEPUP, ...args], { ...env, ...more }, { input });

async function hasTheKey(profile = 'work'): Promise<void> {
  const { stdout, stderr } = await stepup(['credentials', profile, '--long-term']);
  expect(stdout, stderr).toContain(world.alice.key.secretAccessKey);
  expect(await readFile(join(home.path, '.aws/config'), 'utf8')).toContain(`credentials ${profile}\n`);
}

it('is listed with what IAM tells, and with what it does not as unknown', async () => {
  const { accessKeyId, secretAccessKey } = world.alice.key;
  const pair = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  await writeFile(join(home.path, '.aws/credentials'), `[work]\n${pair}`, { mode: 0o600 });
  const lastFour = accessKeyId.slice(-4);
  const untold = await stepup(['keys', 'list']);
  expect(untold.exitCode, untold.stderr).toBe(0);
  expect(untold.stdout).toMatch(new RegExp(`work +…${lastFour} +plain text +unknown +unknown`));
  const may = {
    Effect: 'Allow',
    Action: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
    Resource: world.alice.arn,
  };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [may] });
  const policy = { UserName: 'alice', PolicyName: 'list', PolicyDocument };
  await succeed(world.admin, 'iam', 'PutUserPolicy', policy, world.account.root);
  const told = await stepup(['keys', 'list', '--json']);
  expect(JSON.parse(told.stdout)).toMatchObject([
    {
      profile: 'work',
      store: 'file',
      lastFour,
      createdAt: expect.stringMatching(/^20/),
      lastUsedAt: expect.any(String),
    },
  ]);
  expect(told.stdout).not.toContain(secretAccessKey);
  const nowhere = await stepup(['keys', 'list'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
  expect(nowhere.stdout).toContain('unknown');
  expect(nowhere.exitCode).toBe(0);
});

describe('a key is added', () => {
  it.each([
    [
      'the CSV of the console',
      ['--csv', '-'],
      (id: string, secret: string) => `Access key ID,Secret access key\r\n${id},${secret}\r\n`,
    ],
    [
      'what IAM answers',
      ['--from', 'stdin'],
      (AccessKeyId: string, SecretAccessKey: string) => JSON.stringify({ AccessKey: { AccessKeyId, SecretAccessKey } }),
    ],
  ] as const)('from %s', async (_, args, input) => {
    const { accessKeyId, secretAccessKey } = world.alice.key;
    const added = await stepup(['keys', 'add', 'work', ...args], {}, input(accessKeyId, secretAccessKey));
    expect(added.exitCode, added.stderr).toBe(0);
    await hasTheKey();
    expect(await filesHolding(home.path, secretAccessKey)).toEqual([]);
  });

  it('from the environment, to a profile that was not there', async () => {
    const { accessKeyId, secretAccessKey } = world.alice.key;
    const more = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_ENDPOINT_URL: world.sandbox.endpoint,
    };
    const added = await stepup(['keys', 'add', 'new one', '--from', 'environment'], more);
    expect(added.exitCode, added.stderr).toBe(0);
    const config = await readFile(join(home.path, '.aws/config'), 'utf8');
    expect(config).toContain(`[profile "new one"]\ncredential_process = ${STEPUP.join(' ')} credentials "new one"\n`);
    expect(config).toContain(`stepup_key_store = age\nstepup_key_id = ${accessKeyId}\n`);
  });

  it('from a person, whose secret is not shown, and removed again when the person agrees', async () => {
    const { accessKeyId, secretAccessKey } = world.alice.key;
    const added = await atTerminal(
      [...STEPUP, 'keys', 'add', 'work'],
      [
        { sees: 'access key id:', types: `${accessKeyId}${ENTER}` },
        { sees: 'secret access key:', types: `${secretAccessKey}${ENTER}` },
      ],
      env,
    );
    expect(added.exitCode, added.stdout).toBe(0);
    expect(added.stdout).not.toContain(secretAccessKey);
    await hasTheKey();
    const nobody = await stepup(['keys', 'remove', 'work']);
    expect(nobody).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('stepup keys remove work --yes') });
    const kept = await atTerminal(
      [...STEPUP, 'keys', 'remove', 'work'],
      [{ sees: 'no other copy', types: ENTER }],
      env,
    );
    expect(kept.exitCode).toBe(1);
    await hasTheKey();
    const removed = await atTerminal(
      [...STEPUP, 'keys', 'remove', 'work'],
      [{ sees: 'no other copy', types: `y${ENTER}` }],
      env,
    );
    expect(removed.exitCode, removed.stdout).toBe(0);
    expect(await readFile(join(home.path, '.aws/config'), 'utf8')).toBe(world.config);
    expect((await stepup(['credentials', 'work', '--long-term'])).exitCode).toBe(1);
  });

  it('only if AWS knows it, and never in place of another', async () => {
    const { accessKeyId, secretAccessKey } = world.alice.key;
    const wrong = await stepup(
      ['keys', 'add', 'work', '--from', 'stdin'],
      {},
      `${accessKeyId}\nwrong${secretAccessKey}\n`,
    );
    expect(wrong.exitCode).toBe(5);
    expect(await readFile(join(home.path, '.aws/config'), 'utf8')).toBe(world.config);
    const unproved = ['keys', 'add', 'work', '--from', 'stdin', '--no-verify'];
    expect((await stepup(unproved, {}, 'AKIAIOSFODNN7EXAMPLE\nx\n')).exitCode).toBe(0);
    const second = await stepup(['keys', 'add', 'work', '--from', 'stdin'], {}, `${accessKeyId}\n${secretAccessKey}\n`);
    expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--replace') });
    const replaced = ['keys', 'add', 'work', '--from', 'stdin', '--replace'];
    expect((await stepup(replaced, {}, `${accessKeyId}\n${secretAccessKey}\n`)).exitCode).toBe(0);
    await hasTheKey();
    await writeFile(
      join(home.path, '.aws/credentials'),
      '[plain]\naws_access_key_id = AKIAX\naws_secret_access_key = x\n',
    );
    const plain = await stepup(['keys', 'add', 'plain', '--from', 'stdin'], {}, `${accessKeyId}\n${secretAccessKey}\n`);
    expect(plain).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('stepup keys move plain') });
    const session = await stepup(
      ['keys', 'add', 'work-mfa', '--from', 'stdin'],
      {},
      `${accessKeyId}\n${secretAccessKey}\n`,
    );
    expect(session).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('stepup keys add work') });
  });

  it("from aws-vault's files: shown first, then done", async () => {
    const { accessKeyId: AccessKeyID, secretAccessKey: SecretAccessKey } = world.alice.key;
    const Data = Buffer.from(JSON.stringify({ AccessKeyID, SecretAccessKey, SessionToken: '' })).toString('base64');
    const passphrase = newPassphrase();
    const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify({ Key: 'work', Data })))
      .setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM' })
      .encrypt(new TextEncoder().encode(passphrase));
    await mkdir(join(home.path, '.awsvault/keys'), { recursive: true });
    await writeFile(join(home.path, '.awsvault/keys/work'), sealed);
    await writeFile(join(home.path, '.awsvault/keys/myrole'), sealed);
    const shown = await stepup(['keys', 'add', '--from', 'aws-vault']);
    expect(shown.exitCode, shown.stderr).toBe(0);
    expect(shown.stdout).toMatch(/work +its encrypted file +the age store/);
    expect(shown.stdout).toMatch(/myrole +its encrypted file +not taken: .*role_arn/);
    expect(await readFile(join(home.path, '.aws/config'), 'utf8')).toBe(world.config);
    const done = await stepup(['keys', 'add', 'work', '--from', 'aws-vault', '--yes'], {
      AWS_VAULT_FILE_PASSPHRASE: passphrase,
    });
    expect(done.exitCode, done.stderr).toBe(0);
    await hasTheKey();
  });
});
