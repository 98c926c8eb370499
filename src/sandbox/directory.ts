/**
 * What enforcement asks of the sandbox's state: keys, principals, their policies, and steps of codes already used.
 * Every answer is read from the store at the moment of the question; only compiled policies are kept, each on the
 * stored entity it was made from.
 */
import type { Directory, KeyOwner, ReplayMemory } from '../enforcement/ports.ts';
import type { PreparedPolicy } from '../policy/prepare.ts';
import type { PolicySet } from '../policy/request.ts';
import { decodeSeed } from '../totp/seed.ts';
import { roleArn, rootArn, userArn } from './arns.ts';
import { attachedPolicy } from './find.ts';
import { awsManagedPolicy } from './iam/managed-policies/held.ts';
import { preparedInlinePolicies, preparedManagedPolicy } from './prepared.ts';
import type { Store } from './store.ts';
import { type AccessKey, type Group, type MfaDevice, mfaDeviceKey, type Role, type User } from './tables.ts';

/** Of several uses of a key within fifteen minutes AWS records the first (IAM User Guide, credential reports). */
const USE_RECORDED_EVERY_MS = 15 * 60 * 1000;

/** `now` is the authority's clock. */
export function createDirectory(store: Store, now: () => number): Directory {
  return {
    findKey(accessKeyId) {
      const key = findKey(store, accessKeyId);
      const owner = key === undefined ? undefined : ownerOfKey(store, key);
      if (key === undefined || owner === undefined) return undefined;
      return { accessKeyId, secretAccessKey: key.secretAccessKey, active: key.active, owner };
    },

    findOwner(accountId, userId) {
      if (userId === accountId)
        return store.get('accounts', accountId) === undefined ? undefined : rootOwner(accountId);
      const user = userOf(store, accountId, userId);
      return user === undefined ? undefined : userOwner(user);
    },

    findRole(accountId, roleId) {
      const role = roleOf(store, accountId, roleId);
      return role === undefined ? undefined : { accountId, roleId, roleName: role.roleName, arn: roleArn(role) };
    },

    totpDevice(owner, serialNumber) {
      const device = store.get('mfaDevices', mfaDeviceKey(owner.accountId, serialNumber));
      if (device?.serialNumber !== serialNumber || device.type === 'fido' || !isAssigned(device, owner))
        return undefined;
      const secret = decodeSeed(device.seedBase32);
      return secret === undefined ? undefined : { serialNumber, secret };
    },

    userPolicies(accountId, userId) {
      const user = userOf(store, accountId, userId);
      return user === undefined ? NO_POLICIES : policiesOfUser(store, user);
    },

    rolePolicies(accountId, roleId) {
      const role = roleOf(store, accountId, roleId);
      return role === undefined ? NO_POLICIES : policiesOfRole(store, role);
    },

    managedPolicy: (accountId, policyArn) => preparedByArn(store, accountId, policyArn),

    userTags: (accountId, userId) => userOf(store, accountId, userId)?.tags ?? [],

    roleTags: (accountId, roleId) => roleOf(store, accountId, roleId)?.tags ?? [],

    keyUsed(accessKeyId, service, region) {
      const usedAtMs = now();
      const last = store.get('accessKeyUses', accessKeyId);
      const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : usedAtMs - last.usedAtMs;
      // A clock that was moved back makes the last use one of the future: it is recorded anew.
      if (sinceMs >= 0 && sinceMs < USE_RECORDED_EVERY_MS) return;
      store.commit([{ table: 'accessKeyUses', key: accessKeyId, value: { usedAtMs, service, region } }]);
    },
  };
}

/** A commit is durable when it returns, and nothing runs between the question and the commit. */
export function createReplayMemory(store: Store): ReplayMemory {
  return {
    claim(serialNumber, step) {
      const last = store.get('totpSteps', serialNumber)?.lastStep ?? Number.NEGATIVE_INFINITY;
      if (step <= last) return false;
      store.commit([{ table: 'totpSteps', key: serialNumber, value: { lastStep: step } }]);
      return true;
    },
  };
}

const NO_POLICIES = { identity: [] };

/** A user's new key may be refused for a while; root's, made with the data folder, never. */
function findKey(store: Store, accessKeyId: string): AccessKey | undefined {
  const key = store.get('accessKeys', accessKeyId);
  return key?.owner.type === 'root' ? key : store.visible('accessKeys', accessKeyId);
}

function ownerOfKey(store: Store, key: AccessKey): KeyOwner | undefined {
  if (key.owner.type === 'root') return rootOwner(key.accountId);
  const user = store.get('users', key.owner.userId);
  return user === undefined ? undefined : userOwner(user);
}

function rootOwner(accountId: string): KeyOwner {
  return { type: 'root', accountId, arn: rootArn(accountId), userId: accountId };
}

function userOwner(user: User): KeyOwner {
  const { accountId, userId, userName } = user;
  return { type: 'user', accountId, arn: userArn(user), userId, userName };
}

function userOf(store: Store, accountId: string, userId: string): User | undefined {
  const user = store.get('users', userId);
  return user?.accountId === accountId ? user : undefined;
}

function roleOf(store: Store, accountId: string, roleId: string): Role | undefined {
  const role = store.get('roles', roleId);
  return role?.accountId === accountId ? role : undefined;
}

function isAssigned({ assignment }: MfaDevice, owner: KeyOwner): boolean {
  if (assignment === undefined) return false;
  if (owner.type === 'root') return assignment.owner.type === 'root';
  return assignment.owner.type === 'user' && assignment.owner.userId === owner.userId;
}

type HeldPolicies = Pick<PolicySet, 'identity' | 'permissionsBoundary'>;

function policiesOfUser(store: Store, user: User): HeldPolicies {
  const identity = [...preparedInlinePolicies(user)];
  addAttached(identity, store, user);
  for (const id of user.groupIds) {
    const group = store.get('groups', id);
    if (group === undefined) continue;
    identity.push(...preparedInlinePolicies(group));
    addAttached(identity, store, group);
  }
  return { identity, permissionsBoundary: boundaryOf(store, user) };
}

function policiesOfRole(store: Store, role: Role): HeldPolicies {
  const identity = [...preparedInlinePolicies(role)];
  addAttached(identity, store, role);
  return { identity, permissionsBoundary: boundaryOf(store, role) };
}

function boundaryOf(store: Store, { accountId, permissionsBoundaryArn }: User | Role): PreparedPolicy | undefined {
  if (permissionsBoundaryArn === undefined) return undefined;
  const permissionsBoundary = preparedByArn(store, accountId, permissionsBoundaryArn);
  // A policy in use can't be deleted. Were it gone nonetheless, nobody may gain from it.
  if (permissionsBoundary === undefined) throw new Error(`the permissions boundary ${permissionsBoundaryArn} is gone`);
  return permissionsBoundary;
}

function addAttached(
  policies: PreparedPolicy[],
  store: Store,
  { accountId, attachedPolicyArns }: User | Group | Role,
): void {
  for (const arn of attachedPolicyArns) {
    const policy = preparedByArn(store, accountId, arn);
    if (policy !== undefined) policies.push(policy);
  }
}

function preparedByArn(store: Store, accountId: string, arn: string): PreparedPolicy | undefined {
  const aws = awsManagedPolicy(arn);
  if (aws !== undefined) return preparedManagedPolicy(aws);
  const own = attachedPolicy(store, arn);
  return own?.accountId === accountId ? preparedManagedPolicy(own) : undefined;
}
