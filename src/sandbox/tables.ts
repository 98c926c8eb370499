/**
 * What the sandbox remembers: the entity type of each table and how its keys are made. Entities are plain JSON data
 * and never change in place: a change is a new object under the same key (so a WeakMap on an entity never goes stale).
 * Times are epoch milliseconds on the authority's clock.
 */
import type { Tag } from '../enforcement/ports.ts';
import type { Bucket, StoredObject } from './s3/entities.ts';

/** The key of each table is said beside it. */
export interface Tables {
  /** The twelve digits. */
  readonly accounts: Account;
  /** {@link nameKey}: the index from a name to its unique id, in name order. */
  readonly names: NameEntry;
  /** The unique id (`AIDA…`). */
  readonly users: User;
  /** The unique id (`AGPA…`). */
  readonly groups: Group;
  /** The unique id (`AROA…`). */
  readonly roles: Role;
  /** {@link policyKey}. */
  readonly policies: ManagedPolicy;
  /** The access key id. */
  readonly accessKeys: AccessKey;
  /** The access key id; no row until its first use. */
  readonly accessKeyUses: AccessKeyUse;
  /** {@link mfaDeviceKey}. */
  readonly mfaDevices: MfaDevice;
  /** The serial number; no row until the first code is used. */
  readonly totpSteps: TotpStep;
  /** The account's twelve digits. */
  readonly credentialReports: CredentialReport;
  /** The bucket's name. */
  readonly buckets: Bucket;
  /** `objectKey` of `s3/entities.ts`. */
  readonly objects: StoredObject;
  /** `authority`: one row, once the authority's clock was moved. */
  readonly clocks: MovedClock;
}

export interface Account {
  readonly accountId: string;
  readonly createdAtMs: number;
  /** Root's long-term keys, at most two. */
  readonly rootAccessKeyIds: readonly string[];
  readonly alias?: string;
}

export type NamedKind = 'user' | 'group' | 'role';

export interface NameEntry {
  readonly id: string;
}

/** `document` is the text as it was sent. */
export interface InlinePolicy {
  readonly name: string;
  readonly document: string;
}

/** What users, groups and roles have in common. */
interface PolicyHolder {
  readonly accountId: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly createdAtMs: number;
  readonly inlinePolicies: readonly InlinePolicy[];
  /** ARNs of managed policies, the account's own and AWS's, in order of attachment. */
  readonly attachedPolicyArns: readonly string[];
}

export interface User extends PolicyHolder {
  readonly userId: string;
  readonly userName: string;
  readonly tags: readonly Tag[];
  readonly permissionsBoundaryArn?: string;
  readonly groupIds: readonly string[];
  /** At most two. */
  readonly accessKeyIds: readonly string[];
}

export interface Group extends PolicyHolder {
  readonly groupId: string;
  readonly groupName: string;
}

export interface Role extends PolicyHolder {
  readonly roleId: string;
  readonly roleName: string;
  /**
   * The trust policy as compact JSON in which the ARNs of users and roles are already their unique ids, as AWS keeps
   * it: a principal that is deleted and made again under its name isn't trusted.
   */
  readonly trustPolicy: string;
  readonly maxSessionSeconds: number;
  readonly description?: string;
  readonly tags: readonly Tag[];
  readonly permissionsBoundaryArn?: string;
}

export interface ManagedPolicy {
  readonly accountId: string;
  readonly policyId: string;
  readonly policyName: string;
  readonly path: string;
  readonly description?: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly defaultVersionId: string;
  /** Ids are never used again: the number of the next version. */
  readonly nextVersion: number;
  /** Oldest first, at most five. */
  readonly versions: readonly PolicyVersion[];
  readonly tags: readonly Tag[];
}

export interface PolicyVersion {
  /** `v1`, `v2`… */
  readonly versionId: string;
  readonly document: string;
  readonly createdAtMs: number;
}

/** Whose a key or a device is, within its account. */
export type CredentialOwner = { readonly type: 'root' } | { readonly type: 'user'; readonly userId: string };

export interface AccessKey {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly active: boolean;
  readonly createdAtMs: number;
  /** When `active` last changed. */
  readonly statusChangedAtMs: number;
  readonly owner: CredentialOwner;
}

export interface AccessKeyUse {
  readonly usedAtMs: number;
  readonly service: string;
  readonly region: string;
}

export type MfaDevice = TotpMfaDevice | FidoMfaDevice;

interface DeviceBase {
  readonly accountId: string;
  readonly serialNumber: string;
  readonly createdAtMs: number;
}

/** `virtual`: serial `arn:aws:iam::ACCOUNT:mfa/NAME`; `hardware`: a plain serial (`GAHT12345678`). */
export interface TotpMfaDevice extends DeviceBase {
  readonly type: 'virtual' | 'hardware';
  /** The RFC 6238 secret in Base32. The sandbox is the authority of made-up devices: it has to know it. */
  readonly seedBase32: string;
  readonly tags: readonly Tag[];
  /** There once the device is enabled. */
  readonly assignment?: DeviceAssignment;
}

/** Serial `arn:aws:iam::ACCOUNT:u2f/user/NAME/…`. Always somebody's; STS takes no code for it. */
export interface FidoMfaDevice extends DeviceBase {
  readonly type: 'fido';
  readonly assignment: DeviceAssignment;
}

export interface DeviceAssignment {
  readonly owner: CredentialOwner;
  readonly enabledAtMs: number;
}

export interface TotpStep {
  /** The last step whose code was used: seconds since the epoch divided by 30. */
  readonly lastStep: number;
}

export interface CredentialReport {
  readonly generatedAtMs: number;
  /** The CSV's text. */
  readonly csv: string;
}

/** How far the authority's clock is ahead of the clock it is based on; negative: behind. */
export interface MovedClock {
  readonly aheadMs: number;
}

/** Names are unique within an account and kind, without regard to case (IAM quotas, Name requirements). */
export function nameKey(accountId: string, kind: NamedKind, name: string): string {
  return `${accountId}/${kind}/${name.toLowerCase()}`;
}

/** A managed policy's name is unique in its account whatever its path, without regard to case. */
export function policyKey(accountId: string, policyName: string): string {
  return `${accountId}/${policyName.toLowerCase()}`;
}

export function mfaDeviceKey(accountId: string, serialNumber: string): string {
  return `${accountId}/${serialNumber.toLowerCase()}`;
}
