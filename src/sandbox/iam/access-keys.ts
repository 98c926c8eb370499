/** Long-term keys of users and of root: at most two each. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { callerArn } from '../../enforcement/principal.ts';
import { newAccessKeyId, newSecretAccessKey } from '../identifiers.ts';
import type { Call } from '../operation.ts';
import type { Change } from '../store.ts';
import type { AccessKey } from '../tables.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { quotas } from './quotas.ts';
import { accessDenied, noSuchEntity, quotaExceeded } from './refusals.ts';
import { demandSubject, type Subject } from './subjects.ts';

function createAccessKey(call: Call, input: InputOf<'CreateAccessKey'>) {
  const subject = demandSubject(call, input.UserName);
  const ids = keyIdsOf(subject);
  if (ids.length >= quotas.accessKeysPerUser) throw quotaExceeded('AccessKeysPerUser', quotas.accessKeysPerUser);
  const key: AccessKey = {
    accountId: call.accountId,
    accessKeyId: newAccessKeyId(call.random),
    secretAccessKey: newSecretAccessKey(call.random),
    active: true,
    createdAtMs: call.nowMs,
    statusChangedAtMs: call.nowMs,
    owner: subject.type === 'root' ? { type: 'root' } : { type: 'user', userId: subject.user.userId },
  };
  call.store.commit([
    { table: 'accessKeys', key: key.accessKeyId, value: key },
    withKeyIds(subject, [...ids, key.accessKeyId]),
  ]);
  return { AccessKey: { ...printKey(subject, key), SecretAccessKey: key.secretAccessKey } };
}

function listAccessKeys(call: Call, input: InputOf<'ListAccessKeys'>) {
  const subject = demandSubject(call, input.UserName);
  const keys = keyIdsOf(subject).flatMap((id) => call.store.visible('accessKeys', id) ?? []);
  const { items, rest } = pageOf(keys.toSorted(byAge), ageKey, input);
  return { AccessKeyMetadata: items.map((key) => printKey(subject, key)), ...rest };
}

function updateAccessKey(call: Call, input: InputOf<'UpdateAccessKey'>) {
  const { key } = demandKey(call, input);
  const active = input.Status === 'Active';
  if (active !== key.active) {
    const value: AccessKey = { ...key, active, statusChangedAtMs: call.nowMs };
    call.store.commit([{ table: 'accessKeys', key: key.accessKeyId, value }]);
  }
  return undefined;
}

function deleteAccessKey(call: Call, input: InputOf<'DeleteAccessKey'>) {
  const { subject, key } = demandKey(call, input);
  const { accessKeyId } = key;
  call.store.commit([
    { table: 'accessKeys', key: accessKeyId, value: null },
    { table: 'accessKeyUses', key: accessKeyId, value: null },
    withKeyIds(
      subject,
      keyIdsOf(subject).filter((id) => id !== accessKeyId),
    ),
  ]);
  return undefined;
}

function getAccessKeyLastUsed(call: Call, { AccessKeyId }: InputOf<'GetAccessKeyLastUsed'>) {
  const key = call.store.visible('accessKeys', AccessKeyId);
  if (key?.accountId !== call.accountId) {
    // Recorded: a key that isn't there is told by a refusal of permission, whatever the caller may do.
    const caller = callerArn(call.caller);
    throw accessDenied(
      `User: ${caller} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${AccessKeyId}`,
    );
  }
  const use = call.store.get('accessKeyUses', AccessKeyId);
  const user = key.owner.type === 'user' ? call.store.get('users', key.owner.userId) : undefined;
  return {
    UserName: user?.userName,
    AccessKeyLastUsed:
      use === undefined
        ? { ServiceName: 'N/A', Region: 'N/A' }
        : { LastUsedDate: isoSeconds(use.usedAtMs), ServiceName: use.service, Region: use.region },
  };
}

function demandKey(call: Call, input: { readonly UserName: string | undefined; readonly AccessKeyId: string }) {
  const subject = demandSubject(call, input.UserName);
  const key = call.store.visible('accessKeys', input.AccessKeyId);
  if (key === undefined || !keyIdsOf(subject).includes(key.accessKeyId)) {
    throw noSuchEntity(`The Access Key with id ${input.AccessKeyId} cannot be found.`);
  }
  return { subject, key };
}

function keyIdsOf(subject: Subject): readonly string[] {
  return subject.type === 'root' ? subject.account.rootAccessKeyIds : subject.user.accessKeyIds;
}

function withKeyIds(subject: Subject, ids: readonly string[]): Change {
  return subject.type === 'root'
    ? { table: 'accounts', key: subject.account.accountId, value: { ...subject.account, rootAccessKeyIds: ids } }
    : { table: 'users', key: subject.user.userId, value: { ...subject.user, accessKeyIds: ids } };
}

function printKey(subject: Subject, key: AccessKey) {
  return {
    UserName: subject.type === 'user' ? subject.user.userName : undefined,
    AccessKeyId: key.accessKeyId,
    Status: key.active ? 'Active' : 'Inactive',
    CreateDate: isoSeconds(key.createdAtMs),
  };
}

function byAge(a: AccessKey, b: AccessKey): number {
  return ageKey(a) < ageKey(b) ? -1 : 1;
}

function ageKey(key: AccessKey): string {
  return `${new Date(key.createdAtMs).toISOString()}/${key.accessKeyId}`;
}

export const accessKeyHandlers = {
  CreateAccessKey: createAccessKey,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
};
