import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trySandbox } from '../../test/support/sandbox-clients.ts';

/** The kernel refuses to let a file of the process grow beyond this: a disk that is full, for whoever writes to it. */
const limitKilobytes = 24;
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'stepup-full-'));
const dataDir = join(folder, 'data');
// Inside the checkout, so that the native lock is found.
const program = join(root, 'node_modules/.cache', `sandbox-program-${process.pid}.mjs`);
let child: ChildProcess;
let iam: IAMClient;
let s3: S3Client;

beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'test/support/sandbox-program.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const limited = `ulimit -f ${limitKilobytes}; exec "$@"`;
  child = spawn('bash', ['-c', limited, 'bash', process.execPath, program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => child.stdout?.once('data', (chunk) => resolve(String(chunk))));
  const { endpoint, accounts } = JSON.parse(line);
  const settings = { endpoint, region: 'us-east-1', credentials: accounts[0], maxAttempts: 1 };
  iam = new IAMClient(settings);
  s3 = new S3Client({ ...settings, forcePathStyle: true });
});
afterAll(() => {
  iam.destroy();
  s3.destroy();
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  rmSync(program, { force: true });
});

async function userCount(client: IAMClient): Promise<number> {
  return (await client.send(new ListUsersCommand({ MaxItems: 1000 }))).Users?.length ?? 0;
}

it('answers a full disk with its own failure, changes nothing, and keeps what it acknowledged', async () => {
  const Bucket = 'ledger';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'small', Body: 'hello' }));
  const bodies = readdirSync(join(dataDir, 'objects'));
  const tooBig = new PutObjectCommand({ Bucket, Key: 'big', Body: Buffer.alloc((limitKilobytes + 1) * 1024) });
  await expect(s3.send(tooBig)).rejects.toMatchObject({ name: 'InternalError', $metadata: { httpStatusCode: 500 } });
  expect(readdirSync(join(dataDir, 'objects'))).toEqual(bodies);
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'big' }))).rejects.toMatchObject({ name: 'NoSuchKey' });

  let made = 0;
  const create = () => iam.send(new CreateUserCommand({ UserName: `user-${made}` }));
  const failure = await (async () => {
    for (;;) {
      try {
        await create();
      } catch (error) {
        return error;
      }
      made++;
    }
  })();
  expect(made).toBeGreaterThan(10);
  expect(failure).toMatchObject({ name: 'ServiceFailureException', $metadata: { httpStatusCode: 500 } });
  await expect(create()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(await userCount(iam)).toBe(made);

  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const again = await trySandbox({ dataDir });
  expect(await userCount(again.iam())).toBe(made);
  await again.iam().send(new CreateUserCommand({ UserName: 'room-again' }));
  const { Body } = await again.s3().send(new GetObjectCommand({ Bucket, Key: 'small' }));
  expect(await Body?.transformToString()).toBe('hello');
  await again.close();
});
