/** Bytes in and out of S3 by the ways that real clients have: streams, checksums, presigned addresses, `aws s3`. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { runChild } from './harness/child.ts';
import { variablesOf } from './harness/cli-client.ts';
import { type Home, makeHome } from './harness/home.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';

const Bucket = 'works-transfers';
const bytes = randomBytes(300_000);

let sandbox: TestSandbox;
let s3: S3;
let home: Home;

beforeAll(async () => {
  sandbox = await openSandbox();
  // Versions 1 of the AWS CLI still presign by Signature Version 2 unless told.
  home = await makeHome(sandbox.endpoint, { config: '[default]\ns3 =\n    signature_version = s3v4\n' });
  s3 = newClient();
  await s3.createBucket({ Bucket });
});
afterAll(async () => {
  s3.destroy();
  await sandbox.close();
  await home.remove();
});

function newClient(): S3 {
  const { endpoint, accounts } = sandbox;
  return new S3({ endpoint, region: 'us-east-1', credentials: accounts[0].root, forcePathStyle: true });
}

async function stored(Key: string): Promise<Buffer> {
  const { Body } = await s3.getObject({ Bucket, Key });
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('the SDK for JavaScript', () => {
  test('streams a body with a trailing checksum', async () => {
    const body = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
    let sentAs: string | undefined;
    const recording = newClient();
    onTestFinished(() => recording.destroy());
    recording.middlewareStack.add(
      (next) => (args) => {
        sentAs = (args.request as { readonly headers: Record<string, string> }).headers['x-amz-content-sha256'];
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'recordHash' },
    );
    await recording.putObject({ Bucket, Key: 'streamed', Body: body, ContentLength: bytes.length });
    expect(sentAs).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
    expect((await stored('streamed')).equals(bytes)).toBe(true);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('checks a %s both ways', async (algorithm) => {
    const Key = `checked-${algorithm}`;
    const put = await s3.putObject({ Bucket, Key, Body: bytes, ChecksumAlgorithm: algorithm });
    const member = `Checksum${algorithm}` as const;
    expect(put[member]).toMatch(/=$|[A-Za-z0-9+/]$/);
    const head = await s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
    expect(head[member]).toBe(put[member]);
    expect((await stored(Key)).equals(bytes)).toBe(true);
  });

  test('asks for a part of an object, and for one that has changed', async () => {
    const { ETag } = await s3.putObject({ Bucket, Key: 'ranged', Body: bytes });
    const part = await s3.getObject({ Bucket, Key: 'ranged', Range: 'bytes=1000-1999' });
    expect(part.ContentRange).toBe(`bytes 1000-1999/${bytes.length}`);
    expect(Buffer.from((await part.Body?.transformToByteArray()) ?? [])).toEqual(bytes.subarray(1000, 2000));
    await expect(s3.getObject({ Bucket, Key: 'ranged', IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(s3.putObject({ Bucket, Key: 'ranged', Body: 'x', IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });
});

const presign = `
import boto3, json, sys
from botocore.config import Config
endpoint, bucket = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
sts = boto3.client("sts", endpoint_url=endpoint)
params = {"Bucket": bucket, "Key": "a b/ü+signed.txt"}
print(json.dumps({
    "put": s3.generate_presigned_url("put_object", Params=params, ExpiresIn=60),
    "get": s3.generate_presigned_url("get_object", Params={**params, "ResponseContentType": "text/x-asked"}, ExpiresIn=60),
    "delete": s3.generate_presigned_url("delete_object", Params=params, ExpiresIn=60),
    "identity": sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET"),
}))
`;

test.each(inject('pythons'))('addresses presigned by $name put, get and delete', async (python) => {
  const env = { ...home.env, ...variablesOf(sandbox.accounts[0].root) };
  const { stdout, stderr } = await runChild(python.path, ['-c', presign, sandbox.endpoint, Bucket], { env });
  expect(stderr).not.toContain('Traceback');
  const address = JSON.parse(stdout) as Record<'put' | 'get' | 'delete' | 'identity', string>;
  expect((await fetch(address.put, { method: 'PUT', body: 'signed for' })).status).toBe(200);
  const got = await fetch(address.get);
  expect([got.status, await got.text(), got.headers.get('content-type')]).toEqual([200, 'signed for', 'text/x-asked']);
  expect((await fetch(address.get, { method: 'DELETE' })).status).toBe(403);
  expect((await fetch(address.delete, { method: 'DELETE' })).status).toBe(204);
  expect((await fetch(address.get)).status).toBe(404);
  expect(await (await fetch(address.identity)).text()).toContain(`<Account>${sandbox.accounts[0].accountId}</Account>`);
});

test.each(inject('awsClis'))('$name copies, lists, moves and removes', async (aws) => {
  const env = { ...home.env, ...variablesOf(sandbox.accounts[0].root) };
  const folder = join(home.path, aws.name.replaceAll(' ', '-'));
  await mkdir(folder);
  await writeFile(join(folder, 'here.bin'), bytes);
  const bucket = `s3://works-${aws.name.replaceAll(/[^a-z0-9]/g, '-')}`;
  const run = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runChild(aws.path, ['s3', ...args], { env, cwd: folder });
    expect({ exitCode, stderr }, args.join(' ')).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  await run('mb', bucket);
  await run('cp', 'here.bin', `${bucket}/logs/there.bin`, '--no-progress');
  expect(await run('ls', '--recursive', bucket)).toMatch(/ 300000 logs\/there\.bin\n$/);
  await run('mv', `${bucket}/logs/there.bin`, 'back.bin', '--no-progress');
  expect((await readFile(join(folder, 'back.bin'))).equals(bytes)).toBe(true);
  await run('cp', 'here.bin', `${bucket}/again.bin`, '--no-progress');
  const address = (await run('presign', `${bucket}/again.bin`)).trim();
  expect((await fetch(address)).status).toBe(200);
  await run('rb', bucket, '--force');
  expect(await run('ls')).not.toContain(bucket.slice('s3://'.length));
});
