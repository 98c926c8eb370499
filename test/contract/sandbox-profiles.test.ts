/**
 * The pattern as the clients see it: a role profile whose source is an MFA session, in files that a person could have
 * written. The client itself makes the AssumeRole, and meets a closed door once the code has aged.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type AwsClient, succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { variablesOf } from './harness/cli-client.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { giveItAPhone, hire, logIn, STEP_MS } from './harness/people.ts';
import { codeAt } from './harness/phone.ts';
import { policyText, trustText } from './harness/policy-text.ts';
import { readQr } from './harness/qr.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';

let sandbox: TestSandbox;
let client: AwsClient;
let home: Home;

beforeEach(async () => {
  sandbox = await openSandbox({ accounts: ['111122223333', '444455556666'] });
  client = jsClient(sandbox.endpoint);
  const [account, other] = sandbox.accounts;
  const root = account.root;
  const assumeAny = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }];
  const alice = await giveItAPhone(client, account, await hire(client, account, 'alice', assumeAny), sandbox.clock);
  const gate = {
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
  };
  const work = { RoleName: 'work', AssumeRolePolicyDocument: trustText(alice.arn, gate) };
  await succeed(client, 'iam', 'CreateRole', work, root);
  const list = policyText({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' });
  await succeed(client, 'iam', 'PutRolePolicy', { RoleName: 'work', PolicyName: 'own', PolicyDocument: list }, root);
  await succeed(client, 's3', 'CreateBucket', { Bucket: 'reports' }, root);
  // In the other account, entered from the first role.
  const onward = policyText({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
  const also = { RoleName: 'work', PolicyName: 'onward', PolicyDocument: onward };
  await succeed(client, 'iam', 'PutRolePolicy', also, root);
  const workArn = `arn:aws:iam::${account.accountId}:role/work`;
  const far = { RoleName: 'far', AssumeRolePolicyDocument: trustText(workArn) };
  await succeed(client, 'iam', 'CreateRole', far, other?.root ?? root);
  const session = await logIn(client, alice, 43_200);
  home = await makeHome(sandbox.endpoint, {
    config: `
[profile work]
region = us-east-1
[profile work-mfa]
region = us-east-1
[profile keyrole]
role_arn = ${workArn}
source_profile = work
region = us-east-1
[profile myrole]
role_arn = ${workArn}
source_profile = work-mfa
region = us-east-1
[profile far]
role_arn = arn:aws:iam::444455556666:role/far
source_profile = myrole
region = us-east-1
`,
    credentials: `
[work]
aws_access_key_id = ${alice.key.accessKeyId}
aws_secret_access_key = ${alice.key.secretAccessKey}
[work-mfa]
aws_access_key_id = ${session.accessKeyId}
aws_secret_access_key = ${session.secretAccessKey}
aws_session_token = ${session.sessionToken}
`,
  });
});
afterEach(async () => {
  await client.close();
  await sandbox.close();
  await home.remove();
});

/** A role session lives on in the cache of the CLI: a closed door is met only without it. */
const forgetRoles = () => rm(join(home.path, '.aws/cli'), { recursive: true, force: true });

describe.each(inject('awsClis'))('$name', (aws) => {
  const run = (...args: readonly string[]) => runChild(aws.path, args, { env: home.env });
  const deniedAssumeRole = /An error occurred \(AccessDenied\) when calling the AssumeRole operation/;

  test('lists buckets by the role profile, and not by the key', async () => {
    const byKey = await run('--profile', 'work', 's3', 'ls');
    expect(byKey.stderr).toContain('s3:ListAllMyBuckets because no identity-based policy allows');
    expect((await run('--profile', 'keyrole', 's3', 'ls')).stderr).toMatch(deniedAssumeRole);
    const byRole = await run('--profile', 'myrole', 's3', 'ls');
    expect({ exitCode: byRole.exitCode, stderr: byRole.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(byRole.stdout).toMatch(/ reports\n$/);
    const identity = await run('--profile', 'far', 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text');
    expect(identity.stdout).toMatch(/^arn:aws:sts::444455556666:assumed-role\/far\//);
    sandbox.clock.advance(3_600_000);
    await forgetRoles();
    const aged = await run('--profile', 'myrole', 's3', 'ls');
    expect(aged.stderr).toMatch(deniedAssumeRole);
    expect(aged.stdout).toBe('');
  });

  test('enrols a device by its picture', async () => {
    const { root } = sandbox.accounts[0];
    const env = { ...home.env, ...variablesOf(root) };
    const picture = join(home.path, 'qr.png');
    const create = ['iam', 'create-virtual-mfa-device', '--virtual-mfa-device-name', 'dora', '--outfile', picture];
    const made = await runChild(aws.path, [...create, '--bootstrap-method', 'QRCodePNG', '--output', 'json'], { env });
    const { SerialNumber } = JSON.parse(made.stdout).VirtualMFADevice;
    const address = new URL(await readQr(await readFile(picture)));
    expect(address.href).toMatch(/^otpauth:\/\/totp\/Amazon%20Web%20Services:dora@111122223333\?/);
    const seed = address.searchParams.get('secret') ?? '';
    await succeed(client, 'iam', 'CreateUser', { UserName: 'dora' }, root);
    const now = sandbox.clock.now();
    const codes = [await codeAt(seed, now), await codeAt(seed, now + STEP_MS)] as const;
    const enable = ['iam', 'enable-mfa-device', '--user-name', 'dora', '--serial-number', SerialNumber];
    const given = ['--authentication-code1', codes[0], '--authentication-code2', codes[1]];
    const enabled = await runChild(aws.path, [...enable, ...given], { env });
    expect({ exitCode: enabled.exitCode, stderr: enabled.stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { MFADevices } = await succeed(client, 'iam', 'ListMFADevices', { UserName: 'dora' }, root);
    expect(MFADevices).toMatchObject([{ SerialNumber }]);
  });
});

const listBuckets = `
import boto3, sys
try:
    print([b["Name"] for b in boto3.Session(profile_name=sys.argv[1]).client("s3").list_buckets()["Buckets"]])
except Exception as error:
    print(error)
`;

test.each(inject('pythons'))('$name lists buckets by the role profile, and not by the key', async (python) => {
  const run = async (profile: string): Promise<string> => {
    const { stdout, stderr } = await runChild(python.path, ['-c', listBuckets, profile], { env: home.env });
    expect(stderr).not.toContain('Traceback');
    return stdout.trim();
  };
  expect(await run('work')).toContain('AccessDenied');
  expect(await run('keyrole')).toContain('when calling the AssumeRole operation');
  expect(await run('myrole')).toBe("['reports']");
  sandbox.clock.advance(3_600_000);
  expect(await run('myrole')).toMatch(/AccessDenied.*AssumeRole/);
});

const listBucketsInNode = `
import { S3 } from '@aws-sdk/client-s3';
const s3 = new S3({ forcePathStyle: true });
const { Buckets } = await s3.listBuckets().catch((error) => ({ Buckets: [{ Name: error.name + ': ' + error.message }] }));
console.log(Buckets.map(({ Name }) => Name).join());
`;

test('the SDK for JavaScript lists buckets by the role profile, and not by the key', async () => {
  const run = async (profile: string): Promise<string> => {
    const env = {
      ...home.env,
      AWS_PROFILE: profile,
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    const args = ['--input-type=module', '--eval', listBucketsInNode];
    const { stdout, stderr } = await runChild(process.execPath, args, { env });
    expect(stderr).toBe('');
    return stdout.trim();
  };
  expect(await run('work')).toContain('AccessDenied');
  expect(await run('keyrole')).toContain('sts:AssumeRole');
  expect(await run('myrole')).toBe('reports');
  sandbox.clock.advance(3_600_000);
  expect(await run('myrole')).toContain('sts:AssumeRole');
});
