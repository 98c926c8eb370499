/**
 * The desired state compiled to what each account must contain: the one model that plan, apply, verify and export
 * share. Plain data, in the words of `account/`; documents are JSON text without white space.
 */
import type { InlinePolicy, Tag } from '../../account/account.ts';
import { StepupError } from '../../errors.ts';
import type { DesiredAccount, DesiredRole, DesiredState, DesiredUser } from '../desired-state/desired-state.ts';
import { type Gate, trustPolicyOf } from './gate.ts';
import { inlinePart, managedPart, type Part } from './parts.ts';
import { bootstrapPolicy, enterPolicy, type Owner, selfServicePolicy, USER_QUOTA } from './user-policies.ts';

export interface Blueprint {
  readonly setup: string;
  /** As the file has them; the identity account may be anywhere among them. */
  readonly accounts: readonly AccountBlueprint[];
}

export interface AccountBlueprint {
  readonly account: DesiredAccount;
  /** Empty in all but the identity account. */
  readonly users: readonly UserBlueprint[];
  readonly roles: readonly RoleBlueprint[];
}

export interface UserBlueprint extends Owner {
  readonly name: string;
  readonly path: string;
  /** Beside these there may be some for a time: see `passing-policies.ts`. */
  readonly inlinePolicies: readonly InlinePolicy[];
  /** The person's own; stepup's come from `parts`. */
  readonly tags: readonly Tag[];
  /** Without `made`, which is for what the plan creates. */
  readonly parts: readonly Part[];
  /** The roles that it may enter. */
  readonly roles: readonly RoleBlueprint[];
  readonly ageRecipient?: string;
  readonly bootstrapSeconds: number;
  /** What was said for the window of a reset that was stopped before it opened one. */
  readonly resetBootstrapSeconds?: number;
}

export interface RoleBlueprint {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string;
  readonly gate: Gate;
  /** The document of `gate`. */
  readonly trustPolicy: string;
  readonly maxSessionSeconds: number;
  readonly inlinePolicies: readonly InlinePolicy[];
  readonly attachedPolicyArns: readonly string[];
  readonly permissionsBoundaryArn?: string;
  readonly tags: readonly Tag[];
  readonly parts: readonly Part[];
}

/**
 * Compiles it. Throws StepupError `setup-too-large` for what AWS's quotas of sizes don't let through; they don't count
 * white space, and there is none (IAM User Guide, IAM and AWS STS quotas).
 */
export function compileBlueprint(state: DesiredState): Blueprint {
  const roles = state.roles.map((role) => ({ role, blueprint: compileRole(state, role) }));
  const users = state.users.map((user) => {
    const entered = roles.filter(({ role }) => role.enter.includes(user.name));
    return compileUser(
      state.identity,
      user,
      entered.map(({ blueprint }) => blueprint),
    );
  });
  return {
    setup: state.setup,
    accounts: state.accounts.map((account) => ({
      account,
      users: account === state.identity ? users : [],
      roles: roles.filter(({ role }) => role.account === account).map(({ blueprint }) => blueprint),
    })),
  };
}

function compileUser(identity: DesiredAccount, user: DesiredUser, roles: readonly RoleBlueprint[]): UserBlueprint {
  const owner: Owner = {
    userArn: iamArn(identity, `user${user.path}${user.name}`),
    deviceArn: iamArn(identity, `mfa/${user.name}`),
  };
  const policies = [enterPolicy(roles.map(({ arn }) => arn)), selfServicePolicy(owner, user.selfService)];
  const inlinePolicies = policies.filter((policy) => policy !== undefined);
  const atFirst = [...inlinePolicies, bootstrapPolicy(owner, 0)];
  demandSize(`the policies of user ${user.name}`, atFirst, USER_QUOTA, 'fewer-roles');
  return {
    ...owner,
    name: user.name,
    path: user.path,
    inlinePolicies,
    tags: user.tags,
    parts: inlinePolicies.map(({ name }) => inlinePart(name)),
    roles,
    ...(user.ageRecipient !== undefined && { ageRecipient: user.ageRecipient }),
    bootstrapSeconds: user.bootstrapSeconds,
  };
}

function compileRole({ identity, users }: DesiredState, role: DesiredRole): RoleBlueprint {
  const { account, name, permissions } = role;
  const entrants = users.filter((user) => role.enter.includes(user.name));
  const gate: Gate = {
    entrants: entrants.map((user) => iamArn(identity, `user${user.path}${user.name}`)),
    maxAgeSeconds: role.maxAgeSeconds,
    ...(role.externalId !== undefined && { externalId: role.externalId }),
  };
  const trustPolicy = trustPolicyOf(gate);
  const where = `${name} in ${account.label}`;
  demandSize(`the trust policy of role ${where}`, [{ name, document: trustPolicy }], account.trustQuota, 'trust-quota');
  const inlinePolicies = permissions.inline.map((policy) => ({
    name: policy.name,
    document: JSON.stringify(policy.document),
  }));
  demandSize(`the inline policies of role ${where}`, inlinePolicies, ROLE_QUOTA, 'managed-policy');
  return {
    arn: iamArn(account, `role${role.path}${name}`),
    name,
    path: role.path,
    ...(role.description !== undefined && { description: role.description }),
    gate,
    trustPolicy,
    maxSessionSeconds: role.sessionSeconds,
    inlinePolicies,
    attachedPolicyArns: permissions.managedArns,
    ...(permissions.boundaryArn !== undefined && { permissionsBoundaryArn: permissions.boundaryArn }),
    tags: role.tags,
    parts: [
      'trust',
      ...(permissions.boundaryArn === undefined ? [] : (['boundary'] as const)),
      ...inlinePolicies.map((policy) => inlinePart(policy.name)),
      ...permissions.managedArns.map(managedPart),
    ],
  };
}

function iamArn({ partition, accountId }: DesiredAccount, resource: string): string {
  return `arn:${partition}:iam::${accountId}:${resource}`;
}

const ROLE_QUOTA = 10_240;

/** Throws StepupError `setup-too-large` where policies together are longer than that, white space not counted. */
export function demandSize(
  what: string,
  policies: readonly InlinePolicy[],
  limit: number,
  remedy: 'fewer-roles' | 'trust-quota' | 'managed-policy',
): void {
  const size = policies.reduce((sum, { document }) => sum + document.replace(/\s/g, '').length, 0);
  if (size > limit) throw new StepupError('setup-too-large', { what, size, limit, remedy });
}
