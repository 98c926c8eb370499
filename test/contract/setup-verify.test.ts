/** `stepup setup verify` as a pipeline and a person run it, against the sandbox: what it proves, tries, and finds. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AwsClient, succeed } from './harness/aws-client.ts';
import { type ChildResult, runChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { giveItAPhone, type PersonWithPhone } from './harness/people.ts';
import { STEPUP } from './harness/stepup.ts';
import { openSandbox, type TestAccount, type TestSandbox } from './harness/test-sandbox.ts';

const SETUP = `version: 1
identity: people
accounts:
  people: { id: "111122223333", profile: people }
  prod: { id: "444455556666", profile: prod }
users:
  alice: { self_service: [device, keys] }
  bob: {}
roles:
  ops: { account: prod, enter: [alice], max_age: 1h, external_id: abc }
  read: { enter: [alice, bob] }
  write: { enter: [bob] }
`;

let sandbox: TestSandbox;
let client: AwsClient;
let home: Home;
let alice: PersonWithPhone;

beforeEach(async () => {
  sandbox = await openSandbox({ accounts: ['111122223333', '444455556666'] });
  client = jsClient(sandbox.endpoint);
  const [people, prod] = sandbox.accounts as readonly [TestAccount, TestAccount];
  home = await makeHome(sandbox.endpoint);
  const config = [profile('people', people.root), profile('prod', prod.root)].join('');
  await writeFile(join(home.path, '.aws/config'), config, { mode: 0o600 });
  await writeFile(join(home.path, 'stepup.yaml'), SETUP);
  expect(await setup('--yes', '--long-term')).toMatchObject({ exitCode: 0 });

  const { AccessKey } = await succeed(client, 'iam', 'CreateAccessKey', { UserName: 'alice' }, people.root);
  const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  const arn = `arn:aws:iam::${people.accountId}:user/alice`;
  const person = { name: 'alice', arn, userId: '', accountId: people.accountId, key };
  alice = await giveItAPhone(client, people, person, sandbox.clock);
  await writeFile(join(home.path, '.aws/config'), `${config}${profile('alice', key, alice.phone.serialNumber)}`);
});

afterEach(async () => {
  await client.close();
  await sandbox.close();
  await home.remove();
});

function profile(name: string, key: TestAccount['root'], mfaSerial?: string): string {
  return [
    `[profile ${name}]`,
    `aws_access_key_id = ${key.accessKeyId}`,
    `aws_secret_access_key = ${key.secretAccessKey}`,
    'region = us-east-1',
    `endpoint_url = ${sandbox.endpoint}`,
    ...(mfaSerial === undefined ? [] : [`mfa_serial = ${mfaSerial}`]),
    '',
  ].join('\n');
}

function setup(...args: readonly string[]): Promise<ChildResult> {
  const [program, ...first] = STEPUP;
  return runChild(program, [...first, 'setup', ...args], { env: home.env, cwd: home.path, timeoutMs: 120_000 });
}

const verify = (...args: readonly string[]) => setup('verify', '--long-term', ...args);

interface Verified {
  readonly holds: boolean;
  readonly findings: readonly {
    readonly method: string;
    readonly claim: string;
    readonly cases: number;
    readonly failures: readonly { readonly who?: string; readonly what: string; readonly because: string }[];
  }[];
  readonly openBootstraps: readonly { readonly userArn: string }[];
  readonly endedSessions: readonly { readonly userArn: string; readonly until: string }[];
}

const read = ({ stdout }: ChildResult): Verified => JSON.parse(stdout);

test('proves what was applied, and tries it with one key and one code; the clock closes each gate', async () => {
  // Alice has her device: the window for it is closed.
  expect(await setup('--yes', '--long-term')).toMatchObject({ exitCode: 0 });
  const outcome = await verify(
    '--as',
    'alice',
    '--code',
    await alice.phone.freshCode(),
    '--move-sandbox-clock',
    '--json',
  );
  expect(outcome.exitCode, outcome.stderr + outcome.stdout).toBe(0);
  const { holds, findings, openBootstraps } = read(outcome);
  expect(holds).toBe(true);
  const rows = Object.fromEntries(findings.map(({ method, claim, cases }) => [`${method}: ${claim}`, cases]));
  expect(rows).toMatchObject({
    'proved: as stated': 5,
    'proved: fresh code': 8,
    'tried: key elsewhere': 3,
    'tried: key alone': 3,
    'tried: session without a code': 3,
    'tried: fresh code': 2,
    'tried: not an entrant': 1,
    'sandbox only: aged code': 2,
  });
  expect(openBootstraps.map(({ userArn }) => userArn)).toEqual(['arn:aws:iam::111122223333:user/bob']);
  expect(outcome.stdout + outcome.stderr).not.toContain(alice.key.secretAccessKey);
});

test('tells until when a device may be enrolled by the key alone, and sessions of before a reset get nowhere', async () => {
  expect(await setup('reset-device', 'alice', '--yes', '--long-term')).toMatchObject({ exitCode: 0 });
  const { stdout } = await verify();
  expect(stdout).toContain(`! ${alice.arn} may enrol a device with the key alone until`);
  expect(stdout).toContain(`${alice.arn}: sessions of before`);
  const { endedSessions } = read(await verify('--json'));
  expect(endedSessions.map(({ userArn }) => userArn)).toEqual([alice.arn]);
  expect((Date.parse(endedSessions[0]?.until ?? '') - Date.now()) / 3_600_000).toBeCloseTo(36, 0);
});

test('finds a gate that was opened by hand, in each way that there is, and ends with 3', async () => {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: alice.arn },
      Action: 'sts:AssumeRole',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  });
  await succeed(
    client,
    'iam',
    'UpdateAssumeRolePolicy',
    { RoleName: 'read', PolicyDocument },
    sandbox.accounts[0].root,
  );
  const outcome = await verify('--as', 'alice', '--code', await alice.phone.freshCode(), '--json');
  expect(outcome.exitCode, outcome.stderr).toBe(3);
  const failed = read(outcome).findings.filter(({ failures }) => failures.length > 0);
  expect(failed.map(({ method, claim }) => `${method}: ${claim}`)).toEqual(
    expect.arrayContaining(['proved: as stated', 'proved: key alone', 'proved: aged code', 'tried: key alone']),
  );
  const tried = failed.find(({ method }) => method === 'tried');
  expect(tried?.failures).toEqual([{ who: alice.arn, what: 'arn:aws:iam::111122223333:role/read', because: 'let in' }]);
  const text = await verify();
  expect(text.exitCode).toBe(3);
  expect(text.stdout).toContain('✗  proved  the key alone gets nobody in');
  expect(text.stdout).toContain('arn:aws:iam::111122223333:role/read: the gate is not as stated');
});

test('moves no clock but a sandbox’s, and takes no key but a setup’s user’s', async () => {
  const stranger = await verify('--as', 'people');
  expect(stranger.exitCode).not.toBe(0);
  expect(stranger.stderr).toMatch(/root|isn’t in the file/);
});
