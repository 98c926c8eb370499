/** `stepup sandbox` as it is built: what it prints, how it ends, and that the real AWS CLI can use it. */
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { credentialsOf, succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';
import { variablesOf } from './harness/cli-client.ts';
import { postClock, remoteClock } from './harness/clock-request.ts';
import { makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { giveItAPhone, hire, logIn } from './harness/people.ts';
import { policyText, trustText } from './harness/policy-text.ts';
import { sendBytes } from './harness/raw-request.ts';
import { type SandboxProcess, sandboxCommand } from './harness/sandbox-process.ts';
import { stepupCommand } from './harness/stepup.ts';

async function start(...args: readonly string[]): Promise<SandboxProcess> {
  const sandbox = await sandboxCommand(args);
  onTestFinished(async () => void (await sandbox.end('SIGKILL')));
  return sandbox;
}

function fails(...args: readonly string[]) {
  return runChild(...stepupCommand(['sandbox', ...args]), { env: cleanEnvironment('/nonexistent') });
}

describe('--json', () => {
  test('is one line: the first account, then all', async () => {
    const { announcement } = await start('--account', '111122223333', '--account', '444455556666');
    const { endpoint, accounts, ...first } = announcement;
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(accounts.map(({ accountId }) => accountId)).toEqual(['111122223333', '444455556666']);
    expect(first).toEqual(accounts[0]);
    expect(Object.keys(first)).toEqual(['accountId', 'accessKeyId', 'secretAccessKey']);
  });

  test('root credentials are made up anew each time', async () => {
    const [one, other] = [await start(), await start()];
    expect(one.announcement.accountId).toBe(other.announcement.accountId);
    expect(one.announcement.accessKeyId).not.toBe(other.announcement.accessKeyId);
    expect(one.announcement.secretAccessKey).not.toBe(other.announcement.secretAccessKey);
  });
});

test.each(inject('awsClis'))('$name finds it', async (aws) => {
  const { endpoint, accounts } = await start();
  const home = await makeHome(endpoint);
  onTestFinished(home.remove);
  const env = { ...home.env, ...variablesOf(accounts[0].root) };
  const { exitCode, stdout, stderr } = await runChild(aws.path, ['sts', 'get-caller-identity', '--output', 'json'], {
    env,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ Arn: `arn:aws:iam::${accounts[0].accountId}:root` });
});

test('answers an empty body that says so, and what comes after it on the connection', async () => {
  const { endpoint, port, accounts } = await start();
  const sdk = jsClient(endpoint);
  onTestFinished(sdk.close);
  const { root } = accounts[0];
  await succeed(sdk, 's3', 'CreateBucket', { Bucket: 'quiet' }, root);
  await succeed(sdk, 's3', 'PutObject', { Bucket: 'quiet', Key: 'nothing', Body: new Uint8Array(0) }, root);
  expect(await succeed(sdk, 's3', 'HeadObject', { Bucket: 'quiet', Key: 'nothing' }, root)).toMatchObject({
    ContentLength: 0,
  });
  const request = (method: string, more = '') =>
    `${method} /quiet/nothing HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 0\r\n${more}\r\n`;
  for (const method of ['PUT', 'POST', 'DELETE', 'GET']) {
    const { status, body } = await sendBytes(
      port,
      Buffer.from(request(method) + request('GET', 'Connection: close\r\n')),
    );
    expect([method, status]).toEqual([method, 403]);
    expect(body).toContain('HTTP/1.1 403 ');
  }
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it, as it should end', async (signal) => {
  const sandbox = await start();
  expect(await sandbox.end(signal)).toBe(0);
  expect(sandbox.stderr()).toBe('');
  await expect(fetch(sandbox.endpoint)).rejects.toThrow();
});

test('--port takes the port that it is given, and says so when it is taken', async () => {
  const first = await start();
  const { exitCode, stdout, stderr } = await fails('--json', '--port', String(first.port));
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(String(first.port));
});

test.each([
  [['--account', '12345']],
  [['--account', '111122223333', '--account', '111122223333']],
  [['--port', '99999']],
  [['--role-session-mfa', 'maybe']],
  [['--nonsense']],
])('%j is wrong usage', async (args) => {
  const { exitCode, stdout, stderr } = await fails(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).not.toBe('');
});

test.each([
  ['false', 'AccessDenied'],
  ['inherited', undefined],
] as const)('--role-session-mfa %s', async (mode, expected) => {
  const { endpoint, port, accounts } = await start('--role-session-mfa', mode);
  const client = jsClient(endpoint);
  onTestFinished(client.close);
  const [account] = accounts;
  const clock = remoteClock(port, account.root);
  const alice = await giveItAPhone(client, account, await hire(client, account, 'alice'), clock);
  const { Role } = await succeed(
    client,
    'iam',
    'CreateRole',
    { RoleName: 'work', AssumeRolePolicyDocument: trustText(alice.arn) },
    account.root,
  );
  const PolicyDocument = policyText({
    Effect: 'Allow',
    Action: 's3:ListAllMyBuckets',
    Resource: '*',
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  });
  await succeed(client, 'iam', 'PutRolePolicy', { RoleName: 'work', PolicyName: 'own', PolicyDocument }, account.root);
  const session = await logIn(client, alice);
  const enter = { RoleArn: Role.Arn, RoleSessionName: 'test' };
  const role = credentialsOf(await succeed(client, 'sts', 'AssumeRole', enter, session));
  expect((await client.call('s3', 'ListBuckets', {}, role)).refusal?.code).toBe(expected);
});

test('the authority’s clock is moved by the first account’s root, forth, back, to a date and home', async () => {
  const { port, accounts } = await start();
  const { root } = accounts[0];
  const asked = await postClock(port, root, {});
  expect(Object.keys(asked)).toEqual(['machine', 'authority', 'aheadSeconds']);
  expect(asked.aheadSeconds).toBe(0);
  expect((await postClock(port, root, { advanceSeconds: 3600 })).aheadSeconds).toBe(3600);
  expect((await postClock(port, root, { advanceSeconds: -600 })).aheadSeconds).toBe(3000);
  const set = await postClock(port, root, { set: '2031-02-03T04:05:06Z' });
  expect(set.authority).toMatch(/^2031-02-03T04:05:0[67]/);
  expect(Math.abs(Date.parse(set.machine) - Date.now())).toBeLessThan(5_000);
  // Signatures go by the machine's clock, so a client needs no telling.
  const client = jsClient(`http://127.0.0.1:${port}`);
  onTestFinished(client.close);
  const { User } = await succeed(client, 'iam', 'CreateUser', { UserName: 'later' }, root);
  expect(User.CreateDate).toMatch(/^2031-02-03T04:05/);
  expect((await postClock(port, root, { reset: true })).aheadSeconds).toBe(0);
  await expect(postClock(port, root, { advanceSeconds: 'soon' })).rejects.toThrow('ValidationError');
  await expect(postClock(port, root, { advanceSeconds: 1, reset: true })).rejects.toThrow('ValidationError');
});

test('--data that is a file is refused, and the file left alone', async () => {
  const { exitCode, stderr } = await fails('--json', '--data', fileURLToPath(import.meta.url));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('sandbox-command.test.ts');
});
