/**
 * What enforcement needs from the world behind it. It knows no service: an emulator of anything that signs with
 * SigV4 can stand here by giving these ports.
 */
import type { PreparedPolicy } from '../policy/prepare.ts';
import type { PolicySet } from '../policy/request.ts';

/** Epoch milliseconds. */
export interface Clocks {
  /** The machine's clock: dates of signatures are checked against it. */
  machine(): number;
  /** The authority's clock: code windows, MFA age, expiry, creation dates. It can be moved. */
  authority(): number;
}

/** A source of unpredictable bytes. */
export interface Randomness {
  bytes(length: number): Buffer;
}

export interface LongTermKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly active: boolean;
  readonly owner: KeyOwner;
}

export type KeyOwner =
  | { readonly type: 'root'; readonly accountId: string; readonly arn: string; readonly userId: string }
  | {
      readonly type: 'user';
      readonly accountId: string;
      readonly arn: string;
      readonly userId: string;
      readonly userName: string;
    };

export interface TotpDevice {
  readonly serialNumber: string;
  /** RFC 6238 secret: SHA-1, six digits, 30 seconds. */
  readonly secret: Uint8Array;
}

/** A role as it is now. */
export interface RoleIdentity {
  readonly accountId: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly arn: string;
}

/** Keys, principals and their policies. Every answer is as of now: nothing is kept between two calls. */
export interface Directory {
  findKey(accessKeyId: string): LongTermKey | undefined;
  /** The user or root (whose id is the account's) behind a temporary credential; nothing once it is gone. */
  findOwner(accountId: string, userId: string): KeyOwner | undefined;
  /** The role behind a role session; nothing once it is gone. */
  findRole(accountId: string, roleId: string): RoleIdentity | undefined;
  /** The enabled TOTP device of this serial, if it belongs to this user (or to the account's root). */
  totpDevice(owner: KeyOwner, serialNumber: string): TotpDevice | undefined;
  /** Identity policies (own, groups', attached) and boundary of a user or a role. */
  userPolicies(accountId: string, userId: string): Pick<PolicySet, 'identity' | 'permissionsBoundary'>;
  rolePolicies(accountId: string, roleId: string): Pick<PolicySet, 'identity' | 'permissionsBoundary'>;
  /** The default version of a managed policy that this account may use (its own or AWS's). */
  managedPolicy(accountId: string, policyArn: string): PreparedPolicy | undefined;
  userTags(accountId: string, userId: string): readonly Tag[];
  roleTags(accountId: string, roleId: string): readonly Tag[];
  /** Called once for each request that a long-term key signed well. */
  keyUsed(accessKeyId: string, service: string, region: string): void;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/**
 * Steps of codes already used. `claim` must be atomic and durable before it returns: true means that this step was
 * after the last one claimed for the device and is now the last one.
 */
export interface ReplayMemory {
  claim(serialNumber: string, step: number): boolean;
}
