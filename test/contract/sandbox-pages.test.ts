/** Long lists come in pages, and every client's own way of turning them finds everything once. */
import { IAMClient, paginateListUsers } from '@aws-sdk/client-iam';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AwsClient, type Output, succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { variablesOf } from './harness/cli-client.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { policyText, trustText } from './harness/policy-text.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';

const names = Array.from({ length: 23 }, (_, index) => `user-${String(index).padStart(2, '0')}`);
const keys = names.map((name) => `logs/${name}/ü ${name}.txt`);
const Bucket = 'paged-works';

let sandbox: TestSandbox;
let client: AwsClient;
let home: Home;

beforeAll(async () => {
  sandbox = await openSandbox();
  client = jsClient(sandbox.endpoint);
  home = await makeHome(sandbox.endpoint);
  const { root } = sandbox.accounts[0];
  await succeed(client, 's3', 'CreateBucket', { Bucket }, root);
  for (const [index, UserName] of names.entries()) {
    await succeed(client, 'iam', 'CreateUser', { UserName }, root);
    await succeed(client, 's3', 'PutObject', { Bucket, Key: keys[index], Body: 'x' }, root);
  }
});
afterAll(async () => {
  await client.close();
  await sandbox.close();
  await home.remove();
});

describe('the SDK for JavaScript', () => {
  test('pages of users', async () => {
    const settings = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.accounts[0].root };
    const found: (string | undefined)[] = [];
    const sizes: number[] = [];
    const iam = new IAMClient(settings);
    for await (const { Users = [] } of paginateListUsers({ client: iam, pageSize: 10 }, {})) {
      sizes.push(Users.length);
      found.push(...Users.map(({ UserName }) => UserName));
    }
    iam.destroy();
    expect(sizes).toEqual([10, 10, 3]);
    expect(found).toEqual(names);
  });

  test('pages of objects', async () => {
    const settings = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.accounts[0].root };
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const found: (string | undefined)[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3, pageSize: 7 }, { Bucket })) {
      found.push(...Contents.map(({ Key }) => Key));
    }
    s3.destroy();
    expect(found).toEqual(keys);
  });
});

const botoPages = `
import boto3, json, sys
endpoint, bucket = sys.argv[1:]
iam = boto3.client("iam", endpoint_url=endpoint)
s3 = boto3.client("s3", endpoint_url=endpoint)
users = [u["UserName"] for p in iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 6}) for u in p["Users"]]
keys = [o["Key"] for p in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 6}) for o in p["Contents"]]
older = [o["Key"] for p in s3.get_paginator("list_objects").paginate(Bucket=bucket, PaginationConfig={"PageSize": 6}) for o in p["Contents"]]
details = [u["UserName"] for p in iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 5}) for u in p["UserDetailList"]]
print(json.dumps({"users": users, "keys": keys, "older": older, "details": details}))
`;

test.each(inject('pythons'))('$name pages users, objects and the account', async (python) => {
  const env = { ...home.env, ...variablesOf(sandbox.accounts[0].root) };
  const { stdout, stderr } = await runChild(python.path, ['-c', botoPages, sandbox.endpoint, Bucket], { env });
  expect(stderr).not.toContain('Traceback');
  expect(JSON.parse(stdout)).toEqual({ users: names, keys, older: keys, details: names });
});

test.each(inject('awsClis'))('$name pages users', async (aws) => {
  const env = { ...home.env, ...variablesOf(sandbox.accounts[0].root) };
  const args = ['iam', 'list-users', '--page-size', '6', '--query', 'Users[].UserName', '--output', 'json'];
  const { stdout, stderr } = await runChild(aws.path, args, { env });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(names);
});

describe('every list of IAM', () => {
  const root = (): { accessKeyId: string; secretAccessKey: string } => sandbox.accounts[0].root;

  beforeAll(async () => {
    const iam = (operation: string, input: Output) => succeed(client, 'iam', operation, input, root());
    const PolicyDocument = policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
    for (const number of [1, 2, 3]) {
      await iam('CreateGroup', { GroupName: `group-${number}` });
      await iam('AddUserToGroup', { GroupName: `group-${number}`, UserName: 'user-00' });
      await iam('AddUserToGroup', { GroupName: 'group-1', UserName: `user-0${number}` });
      await iam('CreateRole', {
        RoleName: `role-${number}`,
        AssumeRolePolicyDocument: trustText(sandbox.accounts[0].accountId),
      });
      const { Policy } = await iam('CreatePolicy', { PolicyName: `policy-${number}`, PolicyDocument });
      for (const [kind, name] of [
        ['User', 'user-00'],
        ['Group', 'group-1'],
        ['Role', 'role-1'],
      ] as const) {
        await iam(`Attach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn: Policy.Arn });
        await iam(`Put${kind}Policy`, { [`${kind}Name`]: name, PolicyName: `inline-${number}`, PolicyDocument });
      }
      await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: `device-${number}` });
      await iam('TagUser', { UserName: 'user-00', Tags: [{ Key: `tag-${number}`, Value: 'x' }] });
      await iam('TagRole', { RoleName: 'role-1', Tags: [{ Key: `tag-${number}`, Value: 'x' }] });
    }
  });

  test.each<[string, string, Output, number]>([
    ['ListGroups', 'Groups', {}, 3],
    ['GetGroup', 'Users', { GroupName: 'group-1' }, 4],
    ['ListGroupsForUser', 'Groups', { UserName: 'user-00' }, 3],
    ['ListRoles', 'Roles', {}, 3],
    ['ListPolicies', 'Policies', { Scope: 'Local' }, 3],
    ['ListUserPolicies', 'PolicyNames', { UserName: 'user-00' }, 3],
    ['ListGroupPolicies', 'PolicyNames', { GroupName: 'group-1' }, 3],
    ['ListRolePolicies', 'PolicyNames', { RoleName: 'role-1' }, 3],
    ['ListAttachedUserPolicies', 'AttachedPolicies', { UserName: 'user-00' }, 3],
    ['ListAttachedGroupPolicies', 'AttachedPolicies', { GroupName: 'group-1' }, 3],
    ['ListAttachedRolePolicies', 'AttachedPolicies', { RoleName: 'role-1' }, 3],
    ['ListVirtualMFADevices', 'VirtualMFADevices', {}, 3],
    ['ListUserTags', 'Tags', { UserName: 'user-00' }, 3],
    ['ListRoleTags', 'Tags', { RoleName: 'role-1' }, 3],
  ])('%s, one at a time', async (operation, member, input, count) => {
    const whole = await succeed(client, 'iam', operation, input, root());
    expect(whole[member]).toHaveLength(count);
    expect(whole['IsTruncated']).toBe(false);
    const found: unknown[] = [];
    let Marker: string | undefined;
    for (let page = 0; page < count; page++) {
      const more: Output = { ...input, MaxItems: 1, ...(Marker === undefined ? {} : { Marker }) };
      const answer: Output = await succeed(client, 'iam', operation, more, root());
      found.push(...answer[member]);
      expect(answer['IsTruncated']).toBe(page < count - 1);
      Marker = answer['Marker'];
    }
    expect(found).toEqual(whole[member]);
    expect(Marker).toBeUndefined();
  });

  test('a marker that nobody gave is refused', async () => {
    const refused = await client.call('iam', 'ListUsers', { Marker: 'made-up' }, root());
    expect(refused.refusal).toMatchObject({ code: 'ValidationError', status: 400 });
  });
});
