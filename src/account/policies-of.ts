/** The policies that speak for a user or a role of an account, compiled for the evaluator. */
import { isStepupError, StepupError } from '../errors.ts';
import type { PolicyKind } from '../policy/document.ts';
import { parsePolicy } from '../policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../policy/prepare.ts';
import type { PolicySet } from '../policy/request.ts';
import type { Account, Group, ManagedPolicy, Role, User } from './account.ts';

/** Where a policy comes from, in words: `inline policy S3 of group staff`, `managed policy arn:aws:iam::aws:policy/ReadOnlyAccess`. */
export type PolicyName = string;

/** What an entity's own side of a {@link PolicySet} is. */
export interface HeldPolicies extends Pick<PolicySet, 'identity' | 'permissionsBoundary'> {
  /** The name of each policy of `identity`, in its order. */
  readonly identityNames: readonly PolicyName[];
  readonly permissionsBoundaryName?: PolicyName;
}

/**
 * The policies of an account, each compiled once however many hold it, and only when it is first asked for.
 *
 * Every method throws StepupError `malformed-policy` for a document that AWS itself would refuse, with the policy's
 * name in `document`, and `account-policy-missing` where the account's data lacks a policy that somebody holds.
 */
export class AccountPolicies {
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #managed: ReadonlyMap<string, ManagedPolicy>;
  readonly #prepared = new Map<string, PreparedPolicy>();

  constructor(account: Account) {
    this.#groups = new Map(account.groups.map((group) => [group.name, group]));
    this.#managed = new Map(account.managedPolicies.map((policy) => [policy.arn, policy]));
  }

  /** A user's inline and attached policies, those of its groups, and its boundary. */
  ofUser(user: User): HeldPolicies {
    const groups = user.groupNames.map((name) => {
      const group = this.#groups.get(name);
      if (group !== undefined) return group;
      throw new StepupError('malformed-account', { path: user.arn, problem: `is in group ${name}, which isn't there` });
    });
    const identity = [...this.#held('user', user), ...groups.flatMap((group) => this.#held('group', group))];
    return { ...listed(identity), ...this.#boundary(user) };
  }

  /** A role's inline and attached policies and its boundary: what its sessions may do. */
  ofRole(role: Role): HeldPolicies {
    return { ...listed(this.#held('role', role)), ...this.#boundary(role) };
  }

  /** A role's trust policy: the `resource` of a {@link PolicySet} when somebody assumes it. */
  trustOf(role: Role): PreparedPolicy {
    return this.#prepare(`trust policy of role ${role.name}`, 'trust', role.trustPolicy);
  }

  #held(kind: 'user' | 'group' | 'role', holder: Group): readonly NamedPolicy[] {
    const inline = holder.inlinePolicies.map((policy) => {
      const name = `inline policy ${policy.name} of ${kind} ${holder.name}`;
      return { name, policy: this.#prepare(name, 'identity', policy.document) };
    });
    const attached = holder.attachedPolicyArns.map((arn) =>
      this.#managedPolicy(arn, 'identity', `${kind} ${holder.name}`),
    );
    return [...inline, ...attached];
  }

  #boundary(holder: User | Role): Pick<HeldPolicies, 'permissionsBoundary' | 'permissionsBoundaryName'> {
    const arn = holder.permissionsBoundaryArn;
    if (arn === undefined) return {};
    const { name, policy } = this.#managedPolicy(arn, 'boundary', holder.arn);
    return { permissionsBoundary: policy, permissionsBoundaryName: name };
  }

  /** A managed policy's default version: the one that holds. */
  #managedPolicy(arn: string, kind: PolicyKind, holder: string): NamedPolicy {
    const found = this.#managed.get(arn);
    const version = found?.versions.find(({ versionId }) => versionId === found.defaultVersionId);
    if (version === undefined) throw new StepupError('account-policy-missing', { arn, holder });
    const name = `managed policy ${arn}`;
    return { name, policy: this.#prepare(name, kind, version.document) };
  }

  #prepare(name: PolicyName, kind: PolicyKind, document: string): PreparedPolicy {
    const key = `${kind} ${name}`;
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const prepared = preparePolicy(parseNamed(name, kind, document));
    this.#prepared.set(key, prepared);
    return prepared;
  }
}

interface NamedPolicy {
  readonly name: PolicyName;
  readonly policy: PreparedPolicy;
}

function listed(policies: readonly NamedPolicy[]): Pick<HeldPolicies, 'identity' | 'identityNames'> {
  return { identity: policies.map(({ policy }) => policy), identityNames: policies.map(({ name }) => name) };
}

/** A policy that does not parse must say which of the account's it is. */
function parseNamed(name: PolicyName, kind: PolicyKind, document: string): ReturnType<typeof parsePolicy> {
  try {
    return parsePolicy(document, kind);
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    throw new StepupError('malformed-policy', { ...error.fields, document: name }, { cause: error });
  }
}
