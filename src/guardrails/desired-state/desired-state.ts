/**
 * The guardrails that are wanted: who there is, which gated roles there are, and who may enter them. Every default is
 * filled in and every name resolved, so that nothing after this asks what a file left out.
 */
import type { Tag } from '../../account/account.ts';
import type { SelfService } from './setup-file.ts';

export interface DesiredState {
  /** The name of this setup: what it made is tagged with it. */
  readonly setup: string;
  readonly accounts: readonly DesiredAccount[];
  /** The account whose users these are; one of `accounts`. */
  readonly identity: DesiredAccount;
  readonly users: readonly DesiredUser[];
  readonly roles: readonly DesiredRole[];
}

export interface DesiredAccount {
  /** The name that the file gives it. */
  readonly label: string;
  readonly accountId: string;
  readonly partition: string;
  /** The AWS profile that reads and changes it. */
  readonly profile?: string;
  /** How long a trust policy may be, white space not counted. */
  readonly trustQuota: number;
}

export interface DesiredUser {
  readonly name: string;
  readonly path: string;
  readonly selfService: readonly SelfService[];
  readonly ageRecipient?: string;
  /** How long a new user may enrol its first device. */
  readonly bootstrapSeconds: number;
  readonly tags: readonly Tag[];
}

/** A role of one account; what the file puts into several accounts is several of these. */
export interface DesiredRole {
  readonly account: DesiredAccount;
  readonly name: string;
  readonly path: string;
  readonly description?: string;
  /** Names of users, each of the identity account; at least one. */
  readonly enter: readonly string[];
  readonly permissions: DesiredPermissions;
  readonly maxAgeSeconds: number;
  readonly sessionSeconds: number;
  readonly externalId?: string;
  readonly tags: readonly Tag[];
}

export interface DesiredPermissions {
  readonly managedArns: readonly string[];
  readonly inline: readonly { readonly name: string; readonly document: unknown }[];
  readonly boundaryArn?: string;
}

/** A login lasts this long, so a gate of this age lets one code do for a day. */
export const LOGIN_SECONDS = 43_200;
