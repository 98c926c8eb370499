/**
 * An AWS account as plain data: who is in it and which policies they hold, nothing about keys, devices or use. Lists
 * are in the order AWS gave them. A policy document is its JSON text: `policies-of.ts` makes policies of it.
 */

export interface Account {
  readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`… */
  readonly partition: string;
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly roles: readonly Role[];
  /** The account's own managed policies, and those of AWS's that something in it uses. */
  readonly managedPolicies: readonly ManagedPolicy[];
}

/** What users, groups and roles have in common. */
interface PolicyHolder {
  readonly arn: string;
  /** The unique id (`AIDA…`, `AGPA…`, `AROA…`). */
  readonly id: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly createdAtMs?: number;
  readonly inlinePolicies: readonly InlinePolicy[];
  /** ARNs of managed policies. */
  readonly attachedPolicyArns: readonly string[];
}

export interface User extends PolicyHolder {
  /** Names of its groups. */
  readonly groupNames: readonly string[];
  readonly permissionsBoundaryArn?: string;
  readonly tags: readonly Tag[];
}

export interface Group extends PolicyHolder {}

export interface Role extends PolicyHolder {
  /** JSON text. */
  readonly trustPolicy: string;
  readonly permissionsBoundaryArn?: string;
  readonly tags: readonly Tag[];
}

export interface InlinePolicy {
  readonly name: string;
  /** JSON text. */
  readonly document: string;
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly defaultVersionId: string;
  readonly versions: readonly ManagedPolicyVersion[];
}

export interface ManagedPolicyVersion {
  /** `v1`, `v2`… */
  readonly versionId: string;
  /** JSON text. */
  readonly document: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}
