/**
 * What a setup takes away when it goes: what its tags name as its own, and nothing else. What it made goes whole, with
 * all that hangs on it; of what was there before, its parts go, and what they replaced comes back from the journal.
 *
 * The order is safe at every stop: first nobody may enter any more, then the roles lose what they may do, then their
 * doors and they themselves go, then keys before the devices that guard them, then the people; names last, so that a
 * second run knows what is left.
 */
import type { Account, Role, Tag, User } from '../../account/account.ts';
import type { IamCall } from '../apply/iam-call.ts';
import { inlinePart, managedPart, type OwnParts, partsOfTags, tagPart, tagsOfParts } from '../blueprint/parts.ts';
import type { DesiredAccount } from '../desired-state/desired-state.ts';
import { isSessionOf, type Operator } from '../lock-out/refusal.ts';
import { ENDED_SESSIONS_POLICY } from '../plan/ended-sessions.ts';
import { type Belongings, NO_BELONGINGS } from './belongings.ts';
import { hasGate } from './has-gate.ts';

export const REMOVAL_PHASES = ['ways', 'grants', 'doors', 'keys', 'devices', 'people', 'names'] as const;
type Phase = (typeof REMOVAL_PHASES)[number];

export interface RemovalStep {
  readonly phase: Phase;
  readonly account: DesiredAccount;
  /** The ARN of the user or role. */
  readonly target: string;
  readonly call: IamCall;
  /** The last step of its entity. */
  readonly releases: boolean;
}

/** What becomes of one user or role. */
export interface EntityRemoval {
  readonly kind: 'user' | 'role';
  readonly arn: string;
  readonly name: string;
  /** It goes whole; else only the setup's parts of it do. */
  readonly whole: boolean;
  /** Parts of it that aren't the setup's, and go with it. */
  readonly foreign: readonly string[];
  readonly belongings: Belongings;
  /** Comes back only if that is asked for: a trust policy that lets somebody in without a code. */
  readonly openTrust?: string;
  /** Its gate stays, for nobody knows what was there before. */
  readonly trustUnknown: boolean;
  readonly steps: readonly RemovalStep[];
}

export interface RemovalSource {
  readonly setup: string;
  readonly account: DesiredAccount;
  readonly found: Account;
  /** By user name, of those that the setup made. */
  readonly belongings: ReadonlyMap<string, Belongings>;
  readonly former: (arn: string) => ReadonlyMap<string, string>;
  readonly restoreOpenTrusts: boolean;
  /** Only what the file no longer names; default: all. */
  readonly isToGo: (arn: string) => boolean;
}

export function planRemoval(source: RemovalSource): readonly EntityRemoval[] {
  const { found, setup, isToGo } = source;
  const own = <T extends User | Role>(entities: readonly T[]): readonly (readonly [T, OwnParts])[] =>
    entities.flatMap((entity) => {
      const parts = partsOfTags(entity.tags);
      return parts?.setup === setup && isToGo(entity.arn) ? [[entity, parts] as const] : [];
    });
  return [
    ...own(found.roles).map(([role, { parts }]) => removeRole(source, role, parts)),
    ...own(found.users).map(([user, { parts }]) => removeUser(source, user, parts)),
  ];
}

/** Users and roles that the operator works with: without them the removal would stop in the middle. */
export function ownWaysIn(removals: readonly EntityRemoval[], operator: Operator): readonly EntityRemoval[] {
  return removals.filter((entity) =>
    entity.kind === 'user' ? entity.arn === operator.arn : isSessionOf(operator, entity),
  );
}

class Steps {
  readonly #account: DesiredAccount;
  readonly #target: string;
  readonly #steps: Omit<RemovalStep, 'releases'>[] = [];

  constructor(account: DesiredAccount, target: string) {
    this.#account = account;
    this.#target = target;
  }

  add(phase: Phase, call: IamCall): void {
    this.#steps.push({ phase, account: this.#account, target: this.#target, call });
  }

  /** In the order of phases; the last one releases the entity, unless something of it stays. */
  all(isReleased: boolean): readonly RemovalStep[] {
    const ordered = REMOVAL_PHASES.flatMap((phase) => this.#steps.filter((step) => step.phase === phase));
    return ordered.map((step, index) => ({ ...step, releases: isReleased && index === ordered.length - 1 }));
  }
}

function removeRole(source: RemovalSource, role: Role, parts: ReadonlySet<string>): EntityRemoval {
  const RoleName = role.name;
  const whole = parts.has('made');
  const former = whole ? new Map<string, string>() : source.former(role.arn);
  const steps = new Steps(source.account, role.arn);
  for (const { name: PolicyName } of role.inlinePolicies) {
    const before = former.get(inlinePart(PolicyName));
    if (!whole && !parts.has(inlinePart(PolicyName))) continue;
    if (before === undefined) steps.add('grants', { action: 'DeleteRolePolicy', input: { RoleName, PolicyName } });
    else steps.add('grants', { action: 'PutRolePolicy', input: { RoleName, PolicyName, PolicyDocument: before } });
  }
  for (const PolicyArn of role.attachedPolicyArns) {
    if (!whole && !parts.has(managedPart(PolicyArn))) continue;
    steps.add('grants', { action: 'DetachRolePolicy', input: { RoleName, PolicyArn } });
  }
  const common = {
    ...({ kind: 'role', arn: role.arn, name: role.name, whole, belongings: NO_BELONGINGS } as const),
    foreign: whole ? foreignParts(role, parts) : [],
  };
  if (whole) {
    steps.add('doors', { action: 'DeleteRole', input: { RoleName } });
    return { ...common, trustUnknown: false, steps: steps.all(true) };
  }
  const trust = former.get('trust');
  const isOpen = trust !== undefined && !hasGate(trust);
  const comesBack = trust !== undefined && (!isOpen || source.restoreOpenTrusts);
  if (parts.has('trust') && comesBack) {
    steps.add('doors', { action: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: trust } });
  }
  restoreLimits(steps, role, parts, former);
  const waits = parts.has('trust') && isOpen && !comesBack;
  // The gate stays the setup's until somebody says that what was there may come back.
  const left = waits ? tagsOfParts(source.setup, ['trust']) : [];
  if (waits) {
    const Tags = left.map(({ key, value }) => ({ Key: key, Value: value }));
    steps.add('names', { action: 'TagRole', input: { RoleName, Tags } });
  }
  untag(steps, role, parts, left, (TagKeys) => ({ action: 'UntagRole', input: { RoleName, TagKeys } }));
  return {
    ...common,
    ...(parts.has('trust') && isOpen && { openTrust: trust }),
    trustUnknown: parts.has('trust') && trust === undefined,
    steps: steps.all(!waits),
  };
}

function restoreLimits(
  steps: Steps,
  { name: RoleName }: Role,
  parts: ReadonlySet<string>,
  former: ReadonlyMap<string, string>,
): void {
  const boundary = former.get('boundary');
  if (parts.has('boundary')) {
    steps.add(
      'doors',
      boundary === undefined
        ? { action: 'DeleteRolePermissionsBoundary', input: { RoleName } }
        : { action: 'PutRolePermissionsBoundary', input: { RoleName, PermissionsBoundary: boundary } },
    );
  }
  const settings = former.get('settings');
  if (settings === undefined) return;
  const { maxSessionSeconds, description } = JSON.parse(settings);
  steps.add('doors', {
    action: 'UpdateRole',
    input: { RoleName, MaxSessionDuration: maxSessionSeconds, Description: description },
  });
}

function removeUser(source: RemovalSource, user: User, parts: ReadonlySet<string>): EntityRemoval {
  const UserName = user.name;
  const whole = parts.has('made');
  const former = whole ? new Map<string, string>() : source.former(user.arn);
  const belongings = (whole ? source.belongings.get(user.name) : undefined) ?? NO_BELONGINGS;
  const steps = new Steps(source.account, user.arn);
  for (const { name: PolicyName } of user.inlinePolicies) {
    const before = former.get(inlinePart(PolicyName));
    if (!whole && !parts.has(inlinePart(PolicyName))) continue;
    // What ended sessions ends them for as long as there are keys.
    const phase = PolicyName === ENDED_SESSIONS_POLICY ? 'devices' : 'ways';
    if (before === undefined) steps.add(phase, { action: 'DeleteUserPolicy', input: { UserName, PolicyName } });
    else steps.add(phase, { action: 'PutUserPolicy', input: { UserName, PolicyName, PolicyDocument: before } });
  }
  const keys = whole ? belongings.keys : [...parts].flatMap((part) => /^key:(A[A-Z0-9]{15,})$/.exec(part)?.[1] ?? []);
  for (const AccessKeyId of keys) steps.add('keys', { action: 'DeleteAccessKey', input: { UserName, AccessKeyId } });
  if (whole) {
    for (const PolicyArn of user.attachedPolicyArns) {
      steps.add('ways', { action: 'DetachUserPolicy', input: { UserName, PolicyArn } });
    }
    for (const GroupName of user.groupNames) {
      steps.add('ways', { action: 'RemoveUserFromGroup', input: { UserName, GroupName } });
    }
    for (const SerialNumber of belongings.devices) {
      steps.add('devices', { action: 'DeactivateMFADevice', input: { UserName, SerialNumber } });
      // A hardware device isn't AWS's to delete.
      if (SerialNumber.includes(':mfa/')) {
        steps.add('devices', { action: 'DeleteVirtualMFADevice', input: { SerialNumber } });
      }
    }
    steps.add('people', { action: 'DeleteUser', input: { UserName } });
  } else untag(steps, user, parts, [], (TagKeys) => ({ action: 'UntagUser', input: { UserName, TagKeys } }));
  return {
    ...({ kind: 'user', arn: user.arn, name: user.name, whole, belongings } as const),
    foreign: whole ? [...foreignParts(user, parts), ...user.groupNames.map((name) => `group ${name}`)] : [],
    trustUnknown: false,
    steps: steps.all(true),
  };
}

function foreignParts(
  { inlinePolicies, attachedPolicyArns }: User | Role,
  parts: ReadonlySet<string>,
): readonly string[] {
  return [
    ...inlinePolicies.flatMap(({ name }) => (parts.has(inlinePart(name)) ? [] : [`inline policy ${name}`])),
    ...attachedPolicyArns.filter((arn) => !parts.has(managedPart(arn))),
  ];
}

function untag(
  steps: Steps,
  { tags }: User | Role,
  parts: ReadonlySet<string>,
  stay: readonly Tag[],
  call: (keys: string[]) => IamCall,
): void {
  const keys = tags
    .map(({ key }) => key)
    .filter((key) => key.startsWith('stepup:') || parts.has(tagPart(key)))
    .filter((key) => !stay.some((tag) => tag.key === key));
  if (keys.length > 0) steps.add('names', call(keys));
}
