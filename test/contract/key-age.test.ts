/** How old a key is, as `keys list` and `doctor` learn it of IAM: by whom they may ask, and what they say where nobody may. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { selfServicePolicy } from '../../src/guardrails/blueprint/user-policies.ts';
import { type ClientCredentials, succeed } from './harness/aws-client.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { hire } from './harness/people.ts';
import { filesHolding } from './harness/secret-files.ts';
import { STEPUP } from './harness/stepup.ts';
import { withoutTerminal } from './harness/terminal.ts';
import { openSandbox } from './harness/test-sandbox.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let world: GatedRole;
let home: Home;
beforeEach(async () => {
  world = await openGatedRole();
  const { endpoint } = world.sandbox;
  home = await makeHome(endpoint, {
    config: `${world.config}\n[profile admin]\nregion = eu-west-1\nendpoint_url = ${endpoint}\n`,
    credentials: `${world.credentials}[admin]\n${keyText(world.account.root)}`,
  });
});
afterEach(async () => {
  await home.remove();
  await world.close();
});

const keyText = ({ accessKeyId, secretAccessKey }: ClientCredentials): string =>
  `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;

const stepup = (args: readonly string[], input = '') => withoutTerminal([...STEPUP, ...args], home.env, { input });

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly what: string;
  readonly mend?: string;
  readonly createdAt?: string | null;
}

/** What `doctor --json` says of the key's age, behind what it says of its place. */
async function ageFinding(profile = 'work'): Promise<Finding> {
  const { stdout, stderr } = await stepup(['doctor', profile, '--json']);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
  const [, age, ...others] = findings.filter(({ check }) => check === 'keys');
  expect(others).toEqual([]);
  return age!;
}

async function allow(document: string): Promise<void> {
  const policy = { UserName: 'alice', PolicyName: 'own-keys', PolicyDocument: document };
  await succeed(world.admin, 'iam', 'PutUserPolicy', policy, world.account.root);
}

async function mayWithMfa(): Promise<void> {
  const owner = { userArn: world.alice.arn, deviceArn: world.alice.phone.serialNumber };
  await allow(selfServicePolicy(owner, ['keys'])!.document);
}

async function logIn(): Promise<void> {
  const { exitCode, stderr } = await stepup(
    ['login', 'work', '--code', '-'],
    `${await world.alice.phone.freshCode()}\n`,
  );
  expect(exitCode, stderr).toBe(0);
}

it('is unknown to the key of the pattern, and told by its session with MFA where setup allows that', async () => {
  await mayWithMfa();
  const denied = await ageFinding();
  expect(denied).toMatchObject({ verdict: 'ok', createdAt: null });
  expect(denied.what).toContain('unknown: IAM denied it');
  const listed = await stepup(['keys', 'list']);
  expect(listed.stdout).toMatch(/^work +…\w{4} +plain text +unknown +unknown$/m);
  expect(listed.stderr).toContain('stepup keys list --with ADMIN-PROFILE');

  await logIn();
  const told = await ageFinding();
  expect(told).toMatchObject({ verdict: 'ok', createdAt: expect.stringMatching(/^20/) });
  expect(told.what).toMatch(/^work: the key is \d+ (s|min.*) old, and was last used \d+ .*ago$/);
  const [row] = JSON.parse((await stepup(['keys', 'list', '--json'])).stdout).filter(
    ({ profile }: { readonly profile: string }) => profile === 'work',
  );
  expect(row).toMatchObject({ createdAt: told.createdAt, active: true, unknown: null });
});

it('is told by the rights of another profile, or by a session that is made for it', async () => {
  const byAdmin = await stepup(['keys', 'list', '--with', 'admin', '--long-term']);
  expect(byAdmin.stdout, byAdmin.stderr).toMatch(/^work +…\w{4} +plain text +\d+ (s|min)/m);
  const nobody = await stepup(['keys', 'list', '--with', 'work']);
  expect(nobody).toMatchObject({ exitCode: 4, stdout: '' });
});

it('of a key in a store is asked for by the session alone, and no store is opened', async () => {
  await mayWithMfa();
  const sealed = join(home.path, '.local/state/stepup/keys/key%2Fwork.age');
  await mkdir(join(sealed, '..'), { recursive: true, mode: 0o700 });
  await writeFile(sealed, 'nobody opens this', { mode: 0o600 });
  const file = join(home.path, '.aws/credentials');
  const key = await readFile(file, 'utf8');
  await logIn();
  const session = (await readFile(file, 'utf8')).replace(/\[work\]\n(.+\n){2}/, '');
  const inStore = `[profile work]\nstepup_key_store = age\nstepup_key_id = ${world.alice.key.accessKeyId}\n`;
  const config = join(home.path, '.aws/config');
  await writeFile(config, (await readFile(config, 'utf8')).replace('[profile work]\n', inStore));
  await writeFile(file, session);
  expect(await filesHolding(home.path, world.alice.key.secretAccessKey)).toEqual([]);
  expect((await ageFinding()).what).toMatch(/the key is \d+ (s|min.*) old/);
  await writeFile(file, key.replace(/\[work\]\n(.+\n){2}/, ''));
  const untold = await ageFinding();
  expect(untold.what).toContain('unknown: no session with MFA lies in the files');
  expect(untold.what).toContain('stepup keys list --with work');
});

it("of more than 90 days is warned of; one that AWS doesn't know fails", async () => {
  const sandbox = await openSandbox();
  onTestFinished(() => sandbox.close());
  const [account] = sandbox.accounts;
  const local = jsClient(sandbox.endpoint);
  onTestFinished(() => local.close());
  const rights = [{ Effect: 'Allow', Action: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'], Resource: '*' }];
  await sandbox.clock.advance(-91 * DAY_MS);
  const old = await hire(local, account, 'old', rights);
  await sandbox.clock.advance(2 * DAY_MS);
  const young = await hire(local, account, 'young', rights);
  await sandbox.clock.advance(89 * DAY_MS);
  await writeFile(
    join(home.path, '.aws/credentials'),
    [old, young].map(({ name, key }) => `[${name}]\n${keyText(key)}`).join(''),
  );
  await writeFile(
    join(home.path, '.aws/config'),
    ['old', 'young'].map((name) => `[profile ${name}]\nendpoint_url = ${sandbox.endpoint}\n`).join(''),
  );
  expect(await ageFinding('old')).toMatchObject({
    verdict: 'warn',
    what: expect.stringMatching(/^old: the key is 91 d .*more than 90 days/),
    mend: 'stepup keys rotate old',
  });
  expect(await ageFinding('young')).toMatchObject({ verdict: 'ok', what: expect.stringContaining('is 89 d old') });

  const key = { UserName: 'young', AccessKeyId: young.key.accessKeyId };
  await succeed(local, 'iam', 'DeleteAccessKey', key, account.root);
  expect(await ageFinding('young')).toMatchObject({
    verdict: 'fail',
    what: expect.stringContaining("AWS doesn't know it"),
    mend: 'stepup keys add young --replace',
  });
});

it('is not asked for at an endpoint that no code may go to, and not waited for for long', async () => {
  const list = (endpoint: string) =>
    withoutTerminal([...STEPUP, 'keys', 'list'], { ...home.env, AWS_ENDPOINT_URL_IAM: endpoint });
  const elsewhere = await list('https://iam.evil.example');
  expect(elsewhere.stdout).toMatch(/^work +…\w{4} +plain text +unknown +unknown$/m);
  expect(elsewhere.stderr).toContain('none that credentials may go to');
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const begun = Date.now();
  const waited = await list(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  expect(waited).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('IAM told nothing just now') });
  expect(Date.now() - begun).toBeLessThan(20_000);
});
