/**
 * A plan as calls of IAM, in an order in which every stop on the way is safe:
 *
 * 1. `people`: users, named as the setup's in their tags, with no rights yet. A gate can only name users that exist.
 * 2. `room`: what users had for a time goes, and self-service where it goes or waits. None of it is a way in, and AWS
 *    takes only so much of a user's policies at once.
 * 3. `ways`: what the users may do. A role that is there and not yet gated may be entered with a code only, by the
 *    user's own policy, so that no stop leaves a gated role without a way in, nor opens a door that had no gate.
 * 4. `gates`: new roles are created with their gate, their boundary and no permissions; roles that are there get it.
 * 5. `limits`: what roles must not have is taken from them, before
 * 6. `grants`: they get what they must have.
 * 7. `settled`: users' policies in their final form; what users must not have is taken from them.
 * 8. `names`: tags that no longer name what is gone.
 * 9. `keys`: access keys for those whose way in now stands.
 *
 * A part is named in its entity's tags before it is made, and until after it is gone. Every call may be done twice.
 */
import type { Tag } from '../../account/account.ts';
import type { UserBlueprint } from '../blueprint/blueprint.ts';
import { inlinePart, tagsOfParts } from '../blueprint/parts.ts';
import {
  BOOTSTRAP_POLICY,
  bootstrapPolicy,
  ENTER_POLICY,
  interimEnterPolicy,
  SELF_SERVICE_POLICY,
} from '../blueprint/user-policies.ts';
import type { DesiredAccount } from '../desired-state/desired-state.ts';
import type { Change, EntityPlan } from '../plan/change.ts';
import { ENDED_SESSIONS_POLICY } from '../plan/ended-sessions.ts';
import type { RolePlan } from '../plan/plan-role.ts';
import type { UserPlan } from '../plan/plan-user.ts';
import type { IamAction, IamCall, IamInputs } from './iam-call.ts';

export const PHASES = ['people', 'room', 'ways', 'gates', 'limits', 'grants', 'settled', 'names', 'keys'] as const;
export type Phase = (typeof PHASES)[number];

export interface CallStep {
  readonly type: 'call';
  readonly phase: Phase;
  readonly account: DesiredAccount;
  /** The ARN of the user or role. */
  readonly target: string;
  readonly call: IamCall;
  /** Takes something away, or closes what was open: looked at once more before it is done. */
  readonly destructive: boolean;
  /** What was there, for the journal. */
  readonly former?: FormerPart;
}

/** An access key for a person, handed over encrypted. */
export interface KeyStep {
  readonly type: 'access-key';
  readonly phase: 'keys';
  readonly account: DesiredAccount;
  readonly target: string;
  readonly user: UserBlueprint;
  readonly recipient: string;
  /** What the user's tags name beside the key. */
  readonly parts: readonly string[];
}

export type Step = CallStep | KeyStep;

export interface FormerPart {
  readonly part: string;
  /** A document, an ARN, a group, or a role's settings as JSON; `NOTHING_THERE`. */
  readonly value: string;
}

/** Nothing was there before the setup: said on the journal's first line of a part, so that no later one counts as that. */
export const NOTHING_THERE = '';

/** What a plan wants of each account. */
export interface PlannedChanges {
  readonly setup: string;
  readonly accounts: readonly {
    readonly account: DesiredAccount;
    readonly users: readonly UserPlan[];
    readonly roles: readonly RolePlan[];
  }[];
}

/** The steps, in order. `nowMs` is when bootstrap statements begin. */
export function stepsOf(plan: PlannedChanges, nowMs: number): readonly Step[] {
  const ungated = new Map(
    plan.accounts
      .flatMap(({ roles }) => roles)
      .filter(({ state, changes }) => state === 'there' && changes.some(({ type }) => type === 'trust'))
      .map(({ arn, blueprint }) => [arn, blueprint.gate.maxAgeSeconds]),
  );
  const steps = plan.accounts.flatMap(({ account, users, roles }) => [
    ...users.flatMap((user) => userSteps(plan.setup, account, user, ungated, nowMs)),
    ...roles.flatMap((role) => roleSteps(plan.setup, account, role)),
  ]);
  return PHASES.flatMap((phase) => steps.filter((step) => step.phase === phase));
}

type Add = (phase: Phase, call: IamCall, more?: Pick<CallStep, 'former'> & { readonly destructive?: boolean }) => void;

function collector(account: DesiredAccount, target: string): { readonly steps: Step[]; readonly add: Add } {
  const steps: Step[] = [];
  return {
    steps,
    add: (phase, call, { destructive = false, former } = {}) => {
      steps.push({ type: 'call', phase, account, target, call, destructive, ...(former !== undefined && { former }) });
    },
  };
}

function userSteps(
  setup: string,
  account: DesiredAccount,
  plan: UserPlan,
  ungated: ReadonlyMap<string, number>,
  nowMs: number,
): readonly Step[] {
  const { blueprint, changes, partsAfter } = plan;
  const UserName = plan.name;
  const { steps, add } = collector(account, plan.arn);
  addTags(plan, setup, blueprint.tags, add, 'people', {
    tag: (Tags) => ({ action: 'TagUser', input: { UserName, Tags } }),
    untag: (TagKeys) => ({ action: 'UntagUser', input: { UserName, TagKeys } }),
  });
  for (const change of changes) {
    switch (change.type) {
      case 'create': {
        const Tags = sdkTags([...blueprint.tags, ...tagsOfParts(setup, partsAfter)]);
        add('people', { action: 'CreateUser', input: { UserName, Path: blueprint.path, Tags } });
        break;
      }
      case 'inline': {
        const { name: PolicyName, before, after } = change;
        const former = before === undefined ? {} : { former: { part: inlinePart(PolicyName), value: before } };
        if (after === undefined) {
          add(
            PolicyName === SELF_SERVICE_POLICY ? 'room' : 'settled',
            { action: 'DeleteUserPolicy', input: { UserName, PolicyName } },
            { ...former, destructive: true },
          );
          break;
        }
        const put = (PolicyDocument: string): IamCall => ({
          action: 'PutUserPolicy',
          input: { UserName, PolicyName, PolicyDocument },
        });
        const interim = PolicyName === ENTER_POLICY ? interimEnterPolicy(blueprint, ungated) : undefined;
        if (interim === undefined) add('ways', put(after), former);
        else {
          if (interim.document !== undefined) add('ways', put(interim.document), former);
          add('settled', put(after));
        }
        break;
      }
      case 'open-bootstrap': {
        const { name: PolicyName, document: PolicyDocument } = bootstrapPolicy(
          blueprint,
          nowMs + change.seconds * 1000,
        );
        add('ways', { action: 'PutUserPolicy', input: { UserName, PolicyName, PolicyDocument } });
        break;
      }
      case 'close-bootstrap':
        add(
          'room',
          { action: 'DeleteUserPolicy', input: { UserName, PolicyName: BOOTSTRAP_POLICY } },
          { destructive: true },
        );
        break;
      case 'forget-ended-sessions':
        add(
          'room',
          { action: 'DeleteUserPolicy', input: { UserName, PolicyName: ENDED_SESSIONS_POLICY } },
          { destructive: true },
        );
        break;
      case 'detach':
        add(
          'settled',
          { action: 'DetachUserPolicy', input: { UserName, PolicyArn: change.arn } },
          { destructive: true, former: { part: 'managed', value: change.arn } },
        );
        break;
      case 'leave-group':
        add(
          'settled',
          { action: 'RemoveUserFromGroup', input: { UserName, GroupName: change.group } },
          { destructive: true, former: { part: 'group', value: change.group } },
        );
        break;
      case 'access-key': {
        const { recipient } = change;
        steps.push({
          ...{ type: 'access-key', phase: 'keys', account, target: plan.arn, user: blueprint, recipient },
          parts: partsAfter,
        });
        break;
      }
    }
  }
  return steps;
}

function roleSteps(setup: string, account: DesiredAccount, plan: RolePlan): readonly Step[] {
  const { blueprint, changes, partsAfter } = plan;
  const RoleName = plan.name;
  const made = plan.state === 'new' || plan.partsBefore.includes('made');
  const formerOf = (part: string, before: string | undefined): Pick<CallStep, 'former'> =>
    before === undefined && made ? {} : { former: { part, value: before ?? NOTHING_THERE } };
  const { steps, add } = collector(account, plan.arn);
  addTags(plan, setup, blueprint.tags, add, 'gates', {
    tag: (Tags) => ({ action: 'TagRole', input: { RoleName, Tags } }),
    untag: (TagKeys) => ({ action: 'UntagRole', input: { RoleName, TagKeys } }),
  });
  for (const change of changes) {
    switch (change.type) {
      case 'create':
        add('gates', {
          action: 'CreateRole',
          input: {
            RoleName,
            Path: blueprint.path,
            AssumeRolePolicyDocument: blueprint.trustPolicy,
            MaxSessionDuration: blueprint.maxSessionSeconds,
            Tags: sdkTags([...blueprint.tags, ...tagsOfParts(setup, partsAfter)]),
            ...(blueprint.description !== undefined && { Description: blueprint.description }),
            ...(blueprint.permissionsBoundaryArn !== undefined && {
              PermissionsBoundary: blueprint.permissionsBoundaryArn,
            }),
          },
        });
        break;
      case 'trust':
        add(
          'gates',
          { action: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: change.after } },
          { destructive: true, former: { part: 'trust', value: change.before } },
        );
        break;
      case 'inline': {
        const { name: PolicyName, before, after } = change;
        const former = formerOf(inlinePart(PolicyName), before);
        if (after === undefined) {
          add(
            'limits',
            { action: 'DeleteRolePolicy', input: { RoleName, PolicyName } },
            { ...former, destructive: true },
          );
        } else {
          add('grants', { action: 'PutRolePolicy', input: { RoleName, PolicyName, PolicyDocument: after } }, former);
        }
        break;
      }
      case 'attach':
        add('grants', { action: 'AttachRolePolicy', input: { RoleName, PolicyArn: change.arn } });
        break;
      case 'detach':
        add(
          'limits',
          { action: 'DetachRolePolicy', input: { RoleName, PolicyArn: change.arn } },
          { destructive: true, former: { part: 'managed', value: change.arn } },
        );
        break;
      case 'boundary': {
        const { before, after } = change;
        const former = formerOf('boundary', before);
        if (after === undefined) {
          add(
            'grants',
            { action: 'DeleteRolePermissionsBoundary', input: { RoleName } },
            { ...former, destructive: true },
          );
        } else {
          add(
            'gates',
            { action: 'PutRolePermissionsBoundary', input: { RoleName, PermissionsBoundary: after } },
            { ...former, destructive: true },
          );
        }
        break;
      }
      case 'settings': {
        const { maxSessionSeconds, description } = change.after;
        add(
          'grants',
          {
            action: 'UpdateRole',
            input: { RoleName, MaxSessionDuration: maxSessionSeconds, Description: description },
          },
          { former: { part: 'settings', value: JSON.stringify(change.before) } },
        );
        break;
      }
    }
  }
  return steps;
}

interface TagCalls {
  readonly tag: (tags: { Key: string; Value: string }[]) => IamCall;
  readonly untag: (keys: string[]) => IamCall;
}

/** What will be there is named first; what is gone is named until then. An entity that is created brings its names. */
function addTags(
  { state, changes, partsBefore, partsAfter }: EntityPlan,
  setup: string,
  own: readonly Tag[],
  add: Add,
  first: Phase,
  calls: TagCalls,
): void {
  const change = changes.find((one): one is Extract<Change, { readonly type: 'tags' }> => one.type === 'tags');
  if (change === undefined || state === 'new') return;
  // An end of the window is named before it is there: else a stop between would look like one that never began.
  const closing = changes.some(({ type }) => type === 'close-bootstrap') ? inlinePart(BOOTSTRAP_POLICY) : undefined;
  const going = partsBefore.filter((part) => part !== closing && !partsAfter.includes(part));
  const meanwhile = tagsOfParts(setup, [...partsAfter, ...going]);
  const named = new Set(tagsOfParts(setup, partsBefore).map(tagText));
  if (going.length === 0) {
    if (change.set.length > 0) add(first, calls.tag(sdkTags(change.set)));
    if (change.unset.length > 0) add('names', calls.untag([...change.unset]));
    return;
  }
  const sooner = meanwhile.filter((tag) => !named.has(tagText(tag)));
  const others = change.set.filter(({ key }) => own.some((tag) => tag.key === key));
  if (sooner.length + others.length > 0) add(first, calls.tag(sdkTags([...others, ...sooner])));
  const final = tagsOfParts(setup, partsAfter);
  const stale = meanwhile.map(({ key }) => key).filter((key) => !final.some((tag) => tag.key === key));
  add('names', calls.tag(sdkTags(final)));
  const unset = [...new Set([...change.unset, ...stale])];
  if (unset.length > 0) add('names', calls.untag(unset));
}

function tagText({ key, value }: Tag): string {
  return `${key}=${value}`;
}

function sdkTags(tags: readonly Tag[]): { Key: string; Value: string }[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** What tells one call from another: action, target and what of it. */
export function callKey({ account, call }: CallStep): string {
  const { action, input }: { readonly action: IamAction; readonly input: IamInputs[IamAction] } = call;
  return JSON.stringify([account.accountId, action, input]);
}
