/** Tags of users, roles, policies and virtual MFA devices. */
import type { Tag } from '../../enforcement/ports.ts';
import type { Call, XmlValue } from '../operation.ts';
import { mfaDeviceKey, policyKey, type TotpMfaDevice } from '../tables.ts';
import { demandDevice } from './mfa-devices.ts';
import { pageOf } from './paging.ts';
import type { InputOf, PageInput } from './parameters.ts';
import { demandOwnPolicy } from './policy-arns.ts';
import { quotas } from './quotas.ts';
import { invalidInput, limitExceeded } from './refusals.ts';
import { demandRole, demandUser } from './subjects.ts';

/** Keys of users' and roles' tags are the same without regard to case; those of policies and devices aren't. */
type KeyCase = 'case-insensitive' | 'case-sensitive';

type TagList = InputOf<'TagUser'>['Tags'];

/** The tags of an entity that is being made. Throws the Refusal `InvalidInput` for a key given twice. */
export function newTags(given: TagList | undefined, keyCase: KeyCase): readonly Tag[] {
  return withTags([], given ?? [], keyCase);
}

export function printTags(tags: readonly Tag[]): XmlValue {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

function withTags(tags: readonly Tag[], given: TagList, keyCase: KeyCase): readonly Tag[] {
  const fold = folding(keyCase);
  if (new Set(given.map(({ Key }) => fold(Key))).size < given.length) {
    const note = keyCase === 'case-insensitive' ? ' Please note that Tag keys are case insensitive.' : '';
    throw invalidInput(`Duplicate tag keys found.${note}`);
  }
  if (given.some(({ Key, Value }) => isReserved(Key) || isReserved(Value))) {
    // doubt: that they are refused is in the IAM User Guide ("Tags for IAM resources"), the words weren't found.
    throw invalidInput('Tag keys and values that begin with aws: are reserved for AWS.');
  }
  const byKey = new Map(tags.map((tag) => [fold(tag.key), tag]));
  for (const { Key, Value } of given) byKey.set(fold(Key), { key: Key, value: Value });
  if (byKey.size > quotas.tagsPerEntity) {
    // doubt: AWS's words for this weren't found; code and status are the model's.
    throw limitExceeded(`Cannot exceed quota for TagsPerEntity: ${quotas.tagsPerEntity}`);
  }
  return [...byKey.values()];
}

function withoutTags(tags: readonly Tag[], keys: readonly string[], keyCase: KeyCase): readonly Tag[] {
  const fold = folding(keyCase);
  const gone = new Set(keys.map(fold));
  return tags.filter(({ key }) => !gone.has(fold(key)));
}

function isReserved(text: string): boolean {
  return text.toLowerCase().startsWith('aws:');
}

function folding(keyCase: KeyCase): (key: string) => string {
  return keyCase === 'case-insensitive' ? (key) => key.toLowerCase() : (key) => key;
}

function changeUser(call: Call, name: string, change: (tags: readonly Tag[]) => readonly Tag[]): undefined {
  const user = demandUser(call, name);
  call.store.commit([{ table: 'users', key: user.userId, value: { ...user, tags: change(user.tags) } }]);
}

function changeRole(call: Call, name: string, change: (tags: readonly Tag[]) => readonly Tag[]): undefined {
  const role = demandRole(call, name);
  call.store.commit([{ table: 'roles', key: role.roleId, value: { ...role, tags: change(role.tags) } }]);
}

function changePolicy(call: Call, arn: string, change: (tags: readonly Tag[]) => readonly Tag[]): undefined {
  const policy = demandOwnPolicy(call, arn);
  const key = policyKey(policy.accountId, policy.policyName);
  call.store.commit([{ table: 'policies', key, value: { ...policy, tags: change(policy.tags) } }]);
}

function changeDevice(call: Call, serialNumber: string, change: (tags: readonly Tag[]) => readonly Tag[]): undefined {
  const device = demandTaggable(call, serialNumber);
  const key = mfaDeviceKey(device.accountId, device.serialNumber);
  call.store.commit([{ table: 'mfaDevices', key, value: { ...device, tags: change(device.tags) } }]);
}

/** Only virtual devices take tags. */
function demandTaggable(call: Call, serialNumber: string): TotpMfaDevice {
  const device = demandDevice(call, serialNumber);
  if (device.type !== 'virtual') throw invalidInput(`MFA device ${serialNumber} cannot be tagged.`);
  return device;
}

function listTags(tags: readonly Tag[], input: PageInput) {
  const sorted = tags.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { items, rest } = pageOf(sorted, ({ key }) => key, input);
  return { Tags: printTags(items), ...rest };
}

export const tagHandlers = {
  TagUser: (call: Call, { UserName, Tags }: InputOf<'TagUser'>) =>
    changeUser(call, UserName, (tags) => withTags(tags, Tags, 'case-insensitive')),
  UntagUser: (call: Call, { UserName, TagKeys }: InputOf<'UntagUser'>) =>
    changeUser(call, UserName, (tags) => withoutTags(tags, TagKeys, 'case-insensitive')),
  ListUserTags: (call: Call, input: InputOf<'ListUserTags'>) => listTags(demandUser(call, input.UserName).tags, input),

  TagRole: (call: Call, { RoleName, Tags }: InputOf<'TagRole'>) =>
    changeRole(call, RoleName, (tags) => withTags(tags, Tags, 'case-insensitive')),
  UntagRole: (call: Call, { RoleName, TagKeys }: InputOf<'UntagRole'>) =>
    changeRole(call, RoleName, (tags) => withoutTags(tags, TagKeys, 'case-insensitive')),
  ListRoleTags: (call: Call, input: InputOf<'ListRoleTags'>) => listTags(demandRole(call, input.RoleName).tags, input),

  TagPolicy: (call: Call, { PolicyArn, Tags }: InputOf<'TagPolicy'>) =>
    changePolicy(call, PolicyArn, (tags) => withTags(tags, Tags, 'case-sensitive')),
  UntagPolicy: (call: Call, { PolicyArn, TagKeys }: InputOf<'UntagPolicy'>) =>
    changePolicy(call, PolicyArn, (tags) => withoutTags(tags, TagKeys, 'case-sensitive')),
  ListPolicyTags: (call: Call, input: InputOf<'ListPolicyTags'>) =>
    listTags(demandOwnPolicy(call, input.PolicyArn).tags, input),

  TagMFADevice: (call: Call, { SerialNumber, Tags }: InputOf<'TagMFADevice'>) =>
    changeDevice(call, SerialNumber, (tags) => withTags(tags, Tags, 'case-sensitive')),
  UntagMFADevice: (call: Call, { SerialNumber, TagKeys }: InputOf<'UntagMFADevice'>) =>
    changeDevice(call, SerialNumber, (tags) => withoutTags(tags, TagKeys, 'case-sensitive')),
  ListMFADeviceTags: (call: Call, input: InputOf<'ListMFADeviceTags'>) =>
    listTags(demandTaggable(call, input.SerialNumber).tags, input),
};
