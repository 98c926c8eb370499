/**
 * The rights of an over-privileged user moved into a gated role: what the role must have, and the calls that take it
 * from the user, or give it back. Only what a journal holds goes, and only what the role has.
 */
import type { Account, InlinePolicy, Role, User } from '../../account/account.ts';
import { type Patience, patiently } from '../../aws/patience.ts';
import { isStepupError, type StepupError } from '../../errors.ts';
import type { IamCall } from '../apply/iam-call.ts';
import type { DatedEntry } from '../apply/journal.ts';
import { BOUND_MS, isPassing } from '../apply/persistence.ts';
import { STEPUP_POLICIES } from '../blueprint/user-policies.ts';
import { diffPolicies } from '../plan/policy-diff.ts';

export interface HeldRights {
  readonly inline: readonly InlinePolicy[];
  readonly managedArns: readonly string[];
  readonly boundaryArn?: string;
}

/** A user's own rights and those of its groups, without what a setup gave it. */
export function heldRights(user: User, { groups }: Account): HeldRights {
  const inline = new Map(ownPolicies(user).map(({ name, document }) => [name, document]));
  const managed = new Set(user.attachedPolicyArns);
  for (const group of groups.filter(({ name }) => user.groupNames.includes(name))) {
    for (const { name, document } of group.inlinePolicies) {
      let free = name;
      while (inline.has(free) && inline.get(free) !== document) free = `${group.name}.${free}`;
      inline.set(free, document);
    }
    for (const arn of group.attachedPolicyArns) managed.add(arn);
  }
  const boundaryArn = user.permissionsBoundaryArn;
  return {
    inline: [...inline].map(([name, document]) => ({ name, document })),
    managedArns: [...managed],
    ...(boundaryArn !== undefined && { boundaryArn }),
  };
}

/** The user as it is but for what a setup gave it. */
export function withoutStepup(user: User): User {
  return { ...user, inlinePolicies: ownPolicies(user) };
}

function ownPolicies({ inlinePolicies }: User): readonly InlinePolicy[] {
  return inlinePolicies.filter(({ name }) => !STEPUP_POLICIES.has(name));
}

/** What the role lacks of these rights, or has beyond a boundary of the user's; none: nothing is lost on the way. */
export function lackingRights(role: Role, { inline, managedArns, boundaryArn }: HeldRights): readonly string[] {
  const has = ({ document }: InlinePolicy): boolean =>
    role.inlinePolicies.some((policy) => diffPolicies('identity', policy.document, document) === undefined);
  const sameBoundary = boundaryArn === undefined || role.permissionsBoundaryArn === boundaryArn;
  return [
    ...inline.filter((policy) => !has(policy)).map(({ name }) => `inline policy ${name}`),
    ...managedArns.filter((arn) => !role.attachedPolicyArns.includes(arn)),
    ...(sameBoundary ? [] : [`the boundary ${boundaryArn}`]),
  ];
}

/** One right taken away, and what the journal keeps of it. */
export interface Taking {
  readonly call: IamCall;
  readonly part: string;
  readonly value: string;
}

const MOVED = 'moved-';
/** Written once one right was given back; its value is the `Giving`'s part. */
export const MOVED_BACK = 'moved-back';

/** Its boundary stays: it only limits. */
export function takingsOf(user: User): readonly Taking[] {
  const UserName = user.name;
  return [
    ...user.groupNames.map(
      (GroupName): Taking => ({
        call: { action: 'RemoveUserFromGroup', input: { UserName, GroupName } },
        ...{ part: `${MOVED}group`, value: GroupName },
      }),
    ),
    ...user.attachedPolicyArns.map(
      (PolicyArn): Taking => ({
        call: { action: 'DetachUserPolicy', input: { UserName, PolicyArn } },
        ...{ part: `${MOVED}managed`, value: PolicyArn },
      }),
    ),
    ...ownPolicies(user).map(
      ({ name: PolicyName, document }): Taking => ({
        call: { action: 'DeleteUserPolicy', input: { UserName, PolicyName } },
        ...{ part: `${MOVED}inline:${PolicyName}`, value: document },
      }),
    ),
  ];
}

/** One right given back. */
export interface Giving {
  /** It may be made twice. */
  readonly call: IamCall;
  readonly part: string;
}

/** What was taken and not yet given back. */
export function givingsOf(
  entries: readonly DatedEntry[],
  setup: string,
  { arn, name: UserName }: Pick<User, 'arn' | 'name'>,
): readonly Giving[] {
  const givings = new Map<string, Giving>();
  for (const { part: taken, value } of entries.filter((entry) => entry.arn === arn && entry.setup === setup)) {
    if (taken === MOVED_BACK) givings.delete(value);
    else if (taken.startsWith(MOVED)) {
      const part = taken.includes(':') ? taken : `${taken}:${value}`;
      givings.set(part, { part, call: givingCall(UserName, taken, value) });
    }
  }
  return [...givings.values()];
}

/**
 * Whether the account has the group or managed policy that a giving needs. AWS's own policies aren't looked for: an account
 * tells only those that something in it uses.
 */
export function isSourceThere({ call: { action, input } }: Giving, account: Account): boolean {
  switch (action) {
    case 'AddUserToGroup':
      return account.groups.some(({ name }) => name === input.GroupName);
    case 'AttachUserPolicy': {
      const isOwn = input.PolicyArn?.split(':')[4] === account.accountId;
      return !isOwn || account.managedPolicies.some(({ arn }) => arn === input.PolicyArn);
    }
    default:
      return true;
  }
}

export interface FailedGiving extends Giving {
  readonly error: StepupError<'aws-refused'>;
}

/**
 * Makes the calls, and answers those that AWS refuses: they keep nothing else back. Throws what else `send` and
 * `onGiven` throw.
 */
export async function giveBack(
  givings: readonly Giving[],
  { send, onGiven, ...patience }: GivingPorts,
): Promise<readonly FailedGiving[]> {
  const failed: FailedGiving[] = [];
  for (const giving of givings) {
    try {
      await patiently(() => send(giving.call), passesWhileThere, BOUND_MS, patience);
      onGiven(giving);
    } catch (error) {
      if (!isStepupError(error, 'aws-refused')) throw error;
      failed.push({ ...giving, error });
    }
  }
  return failed;
}

/**
 * Whether the group or policy that it is about is no more. AWS deletes neither while a user is in it or has it, so
 * whoever had kept the right would have lost it too.
 */
export function isGone({ error }: FailedGiving): boolean {
  return error.fields.awsCode === 'NoSuchEntity';
}

export interface GivingPorts extends Patience {
  readonly send: (call: IamCall) => Promise<unknown>;
  readonly onGiven: (giving: Giving) => void;
}

/** Nothing here was made just now: what isn't there won't come. */
function passesWhileThere(error: unknown): boolean {
  const isGone = isStepupError(error, 'aws-refused') && error.fields.awsCode === 'NoSuchEntity';
  return !isGone && isPassing(error);
}

function givingCall(UserName: string, part: string, value: string): IamCall {
  switch (part) {
    case `${MOVED}group`:
      return { action: 'AddUserToGroup', input: { UserName, GroupName: value } };
    case `${MOVED}managed`:
      return { action: 'AttachUserPolicy', input: { UserName, PolicyArn: value } };
    default: {
      const PolicyName = part.slice(`${MOVED}inline:`.length);
      return { action: 'PutUserPolicy', input: { UserName, PolicyName, PolicyDocument: value } };
    }
  }
}
