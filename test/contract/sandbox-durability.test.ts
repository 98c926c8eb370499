/** A data folder outlives the sandbox: a restart, and a `kill -9` at any moment. */
import { appendFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { type AwsClient, credentialsOf, type Output, succeed } from './harness/aws-client.ts';
import { botoClient } from './harness/boto-client.ts';
import { postClock, remoteClock } from './harness/clock-request.ts';
import { makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { giveItAPhone, hire, phoneOf } from './harness/people.ts';
import { trustText } from './harness/policy-text.ts';
import { type SandboxProcess, sandboxCommand, sandboxLibrary } from './harness/sandbox-process.ts';
import { temporaryFolder } from './harness/temporary-folder.ts';

function kept<T extends SandboxProcess>(sandbox: T): T {
  onTestFinished(async () => void (await sandbox.end('SIGKILL')));
  return sandbox;
}

function clientOf({ endpoint }: SandboxProcess): AwsClient {
  const client = jsClient(endpoint);
  onTestFinished(client.close);
  return client;
}

const python = inject('pythons')[0];
if (python === undefined) throw new Error('no Python with boto3');

async function botoOf({ endpoint }: SandboxProcess): Promise<AwsClient> {
  const home = await makeHome(endpoint);
  const client = botoClient(python as NonNullable<typeof python>, endpoint, home);
  onTestFinished(async () => {
    await client.close();
    await home.remove();
  });
  return client;
}

test('a restart keeps accounts, keys, policies, devices, objects, sessions and the moved clock', async () => {
  const dataDir = join(await temporaryFolder(), 'data');
  const options = ['--data', dataDir, '--account', '111122223333', '--account', '444455556666'];
  const first = kept(await sandboxCommand(options));
  const [account, other] = first.accounts;
  const boto = await botoOf(first);
  const call = (service: 'iam' | 's3' | 'sts', operation: string, input: Output) =>
    succeed(boto, service, operation, input, account.root);
  const alice = await giveItAPhone(
    boto,
    account,
    await hire(boto, account, 'alice', [{ Effect: 'Allow', Action: '*', Resource: '*' }]),
    remoteClock(first.port, account.root),
  );
  const { Role } = await call('iam', 'CreateRole', {
    RoleName: 'work',
    AssumeRolePolicyDocument: trustText(alice.arn, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
  });
  await call('s3', 'CreateBucket', { Bucket: 'ledger' });
  const Body = Buffer.from('kept '.repeat(100_000));
  await call('s3', 'PutObject', { Bucket: 'ledger', Key: 'year/2026', Body });
  const login = { SerialNumber: alice.phone.serialNumber, TokenCode: await alice.phone.freshCode() };
  const { aheadSeconds } = await postClock(first.port, account.root, {});
  expect(aheadSeconds).toBeGreaterThan(0);
  const session = credentialsOf(await succeed(boto, 'sts', 'GetSessionToken', login, alice.key));
  expect(await first.end('SIGTERM')).toBe(0);
  expect(first.stderr()).toBe('');

  const second = kept(await sandboxCommand(['--data', dataDir]));
  expect(second.accounts).toEqual(first.accounts);
  const client = clientOf(second);
  const got = await succeed(client, 's3', 'GetObject', { Bucket: 'ledger', Key: 'year/2026' }, session);
  expect(got['Body'].equals(Body)).toBe(true);
  const enter = { RoleArn: Role.Arn, RoleSessionName: 'test' };
  const role = credentialsOf(await succeed(client, 'sts', 'AssumeRole', enter, session));
  expect((await succeed(client, 'sts', 'GetCallerIdentity', {}, role))['Arn']).toContain('assumed-role/work/test');
  expect((await succeed(client, 'iam', 'ListMFADevices', {}, alice.key))['MFADevices']).toHaveLength(1);
  expect((await client.call('sts', 'GetSessionToken', login, alice.key)).refusal?.code).toBe('AccessDenied');
  expect((await succeed(client, 'sts', 'GetCallerIdentity', {}, other?.root ?? session))['Account']).toBe(
    '444455556666',
  );
  expect((await postClock(second.port, account.root, {})).aheadSeconds).toBe(aheadSeconds);
});

test('nobody else may read the data folder, and no second sandbox may use it', async () => {
  const dataDir = join(await temporaryFolder(), 'data');
  kept(await sandboxCommand(['--data', dataDir]));
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  for (const entry of await readdir(dataDir, { withFileTypes: true, recursive: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect(mode & 0o077, entry.name).toBe(0);
  }
  await expect(sandboxCommand(['--data', dataDir])).rejects.toThrow(/another sandbox|in use/i);
});

describe('kill -9', () => {
  test('between the check of a code and the answer: the code stays used', async () => {
    const dataDir = join(await temporaryFolder(), 'data');
    const faults = [{ action: 'sts:GetSessionToken', when: 'after', answer: 'hang' }] as const;
    const first = kept(await sandboxLibrary({ dataDir, faults }));
    const [account] = first.accounts;
    const client = clientOf(first);
    const clock = remoteClock(first.port, account.root);
    const { phone, key } = await giveItAPhone(client, account, await hire(client, account, 'alice'), clock);
    const login = { SerialNumber: phone.serialNumber, TokenCode: await phone.freshCode() };
    const journal = await journalOf(dataDir);
    const before = (await stat(journal)).size;
    let answered = false;
    const waiting = client.call('sts', 'GetSessionToken', login, key).then(
      () => {
        answered = true;
      },
      () => undefined,
    );
    await expect.poll(async () => (await stat(journal)).size, { timeout: 10_000 }).toBeGreaterThan(before);
    expect(await first.end('SIGKILL')).toBe('SIGKILL');
    await waiting;
    expect(answered).toBe(false);

    const second = kept(await sandboxLibrary({ dataDir }));
    const again = clientOf(second);
    expect((await again.call('sts', 'GetSessionToken', login, key)).refusal).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('invalid MFA one time pass code'),
    });
    const older = { ...login, TokenCode: await phone.codeIn(-1) };
    expect((await again.call('sts', 'GetSessionToken', older, key)).refusal?.code).toBe('AccessDenied');
    const later = remoteClock(second.port, account.root);
    await later.advance(90_000);
    const fresh = { ...login, TokenCode: await phoneOf(phone.serialNumber, phone.seed, later).codeIn(0) };
    expect((await again.call('sts', 'GetSessionToken', fresh, key)).refusal).toBeUndefined();
  });

  test('at random moments under load: what was acknowledged is there, whole', async () => {
    const dataDir = join(await temporaryFolder(), 'data');
    const acknowledged: string[] = [];
    for (let round = 0; round < 8; round++) {
      const sandbox = kept(await sandboxLibrary({ dataDir }));
      const [account] = sandbox.accounts;
      const client = clientOf(sandbox);
      const names = await userNames(client, account.root);
      expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
      let running = true;
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let number = 0; running; number++) {
          const UserName = `r${round}-w${writer}-${number}`;
          try {
            await succeed(client, 'iam', 'CreateUser', { UserName }, account.root);
            acknowledged.push(UserName);
          } catch (error) {
            // Only the kill ends a writer.
            if (running) throw error;
          }
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 200));
      running = false;
      await sandbox.end('SIGKILL');
      await Promise.all(writers);
    }
    expect(acknowledged.length).toBeGreaterThan(20);
  });

  test('in the middle of a record: the torn end is cut off, and said', async () => {
    const dataDir = join(await temporaryFolder(), 'data');
    const first = kept(await sandboxCommand(['--data', dataDir]));
    await succeed(clientOf(first), 'iam', 'CreateUser', { UserName: 'alice' }, first.accounts[0].root);
    await first.end('SIGKILL');
    const journal = await journalOf(dataDir);
    const whole = await stat(journal);
    // As a write that was cut short leaves it.
    await appendFile(journal, Buffer.from([0, 0, 4, 0, 1, 2, 3]));
    const second = kept(await sandboxCommand(['--data', dataDir]));
    expect([...(await userNames(clientOf(second), second.accounts[0].root))]).toEqual(['alice']);
    expect(second.stderr()).toContain('cut off');
    await second.end('SIGTERM');
    expect((await stat(journal)).size).toBeGreaterThanOrEqual(whole.size);
  });
});

async function userNames(client: AwsClient, root: Parameters<typeof succeed>[4]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let Marker: string | undefined;
  do {
    const page: Output = await succeed(client, 'iam', 'ListUsers', { MaxItems: 1000, ...(Marker && { Marker }) }, root);
    for (const { UserName } of page['Users']) names.add(UserName);
    Marker = page['Marker'];
  } while (Marker !== undefined);
  return names;
}

async function journalOf(dataDir: string): Promise<string> {
  const name = (await readdir(dataDir)).find((file) => file.startsWith('journal'));
  if (name === undefined) throw new Error(`no journal in ${dataDir}`);
  return join(dataDir, name);
}
