/** The calls of IAM about a user's long-term keys. Each is one request and is never repeated. */
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { type Connection, call, notAws } from './connection.ts';

export interface ListedKey {
  readonly accessKeyId: string;
  readonly active: boolean;
  /** Epoch milliseconds, by AWS's clock. */
  readonly createdAtMs: number;
}

/** ListAccessKeys: a user has two at most, so there is one page. */
export async function listAccessKeys(connection: Connection, userName: string): Promise<readonly ListedKey[]> {
  const command = new ListAccessKeysCommand({ UserName: userName });
  const { AccessKeyMetadata } = await call('ListAccessKeys', connection, (config) =>
    new IAMClient(config).send(command),
  );
  if (AccessKeyMetadata === undefined) throw notAws(connection, 200);
  return AccessKeyMetadata.map(({ AccessKeyId, Status, CreateDate }) => {
    if (AccessKeyId === undefined || CreateDate === undefined) throw notAws(connection, 200);
    return { accessKeyId: AccessKeyId, active: Status === 'Active', createdAtMs: CreateDate.getTime() };
  });
}

export interface NewKey {
  readonly accessKeyId: string;
  /** AWS tells it this once. */
  readonly secretAccessKey: string;
  /** Epoch milliseconds, by AWS's clock. */
  readonly createdAtMs: number;
}

/** CreateAccessKey. Throws `aws-refused` (LimitExceeded) where the user has two, and what `call` throws. */
export async function createAccessKey(connection: Connection, userName: string): Promise<NewKey> {
  const command = new CreateAccessKeyCommand({ UserName: userName });
  const { AccessKey } = await call('CreateAccessKey', connection, (config) => new IAMClient(config).send(command));
  const { AccessKeyId, SecretAccessKey, CreateDate } = AccessKey ?? {};
  if (!AccessKeyId || !SecretAccessKey || CreateDate === undefined) throw notAws(connection, 200);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, createdAtMs: CreateDate.getTime() };
}

export interface KeyOfUser {
  readonly userName: string;
  readonly accessKeyId: string;
}

/** UpdateAccessKey. Throws `aws-refused` (NoSuchEntity), and what `call` throws. */
export async function setAccessKeyActive(
  connection: Connection,
  { userName, accessKeyId }: KeyOfUser,
  active: boolean,
): Promise<void> {
  const Status = active ? 'Active' : 'Inactive';
  const command = new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: accessKeyId, Status });
  await call('UpdateAccessKey', connection, (config) => new IAMClient(config).send(command));
}

/** DeleteAccessKey. Throws `aws-refused` (NoSuchEntity), and what `call` throws. */
export async function deleteAccessKey(connection: Connection, { userName, accessKeyId }: KeyOfUser): Promise<void> {
  const command = new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: accessKeyId });
  await call('DeleteAccessKey', connection, (config) => new IAMClient(config).send(command));
}

/** What AWS knows of a key's last use; it may lag behind by hours (IAM API Reference, GetAccessKeyLastUsed). */
export type LastUse = { readonly userName?: string } & (
  | { readonly type: 'never' }
  | { readonly type: 'used'; readonly usedAtMs: number; readonly service: string }
);

/** GetAccessKeyLastUsed. Throws `aws-refused` (AccessDenied, also for a key that isn't there), and what `call` throws. */
export async function accessKeyLastUse(connection: Connection, accessKeyId: string): Promise<LastUse> {
  const command = new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId });
  const { AccessKeyLastUsed, UserName } = await call('GetAccessKeyLastUsed', connection, (config) =>
    new IAMClient(config).send(command),
  );
  if (AccessKeyLastUsed === undefined) throw notAws(connection, 200);
  const { LastUsedDate, ServiceName } = AccessKeyLastUsed;
  const owner = UserName === undefined ? {} : { userName: UserName };
  if (LastUsedDate === undefined) return { type: 'never', ...owner };
  return { type: 'used', usedAtMs: LastUsedDate.getTime(), service: ServiceName ?? 'unknown', ...owner };
}
