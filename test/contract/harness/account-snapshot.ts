/** All that an account and its buckets hold, as its root sees it: equal before and after means that nothing changed. */
import { type AwsClient, type Output, succeed } from './aws-client.ts';
import type { TestAccount } from './test-sandbox.ts';

export async function snapshotOf(client: AwsClient, accounts: readonly TestAccount[]): Promise<unknown> {
  const all: unknown[] = [];
  for (const account of accounts) all.push(await accountSnapshot(client, account));
  return all;
}

async function accountSnapshot(client: AwsClient, { root }: TestAccount): Promise<unknown> {
  const iam = (operation: string, input: Output = {}) => succeed(client, 'iam', operation, input, root);
  const details = await iam('GetAccountAuthorizationDetails', {
    Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'],
    MaxItems: 1000,
  });
  const users: unknown[] = [];
  for (const { UserName } of details['UserDetailList']) {
    const keys = (await iam('ListAccessKeys', { UserName }))['AccessKeyMetadata'];
    const devices = (await iam('ListMFADevices', { UserName }))['MFADevices'];
    users.push({ UserName, keys, devices });
  }
  return {
    details: withoutLastUse(details),
    users,
    devices: (await iam('ListVirtualMFADevices'))['VirtualMFADevices'],
    summary: (await iam('GetAccountSummary'))['SummaryMap'],
    buckets: await bucketsOf(client, root),
  };
}

async function bucketsOf(client: AwsClient, root: TestAccount['root']): Promise<unknown> {
  const buckets: unknown[] = [];
  for (const { Name } of (await succeed(client, 's3', 'ListBuckets', {}, root))['Buckets'] ?? []) {
    const listed = await succeed(client, 's3', 'ListObjectsV2', { Bucket: Name }, root);
    const policy = await client.call('s3', 'GetBucketPolicy', { Bucket: Name }, root);
    buckets.push({ Name, objects: listed['Contents'], policy: policy.output ?? policy.refusal?.code });
  }
  return buckets;
}

/** A role's last use changes with each call that its sessions make, refused or not. */
function withoutLastUse(details: Output): unknown {
  const { RoleDetailList, ...rest } = details;
  return { ...rest, roles: RoleDetailList.map(({ RoleLastUsed, ...role }: Output) => role) };
}
