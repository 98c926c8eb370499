/**
 * A user's lost device: out, and the way open for another. The order is safe at every stop:
 *
 * 1. the user's tags name what comes, and a window that is open closes: step 5 frees the very name that it allows;
 * 2. neither the user's key nor a session gets anywhere any more, not even one that the lost device still makes;
 * 3. the devices are deactivated, so that no code of theirs makes a session;
 * 4. from here on the key and new sessions count, and those of before stay ended;
 * 5. virtual devices go whole, so that their names are free;
 * 6. the window opens in which the person enrols another device with the key alone; where none does, its name goes.
 *
 * Each call may be made twice. Whatever stops it, the next run goes on from what is there and from the journal.
 */
import type { InlinePolicy, User } from '../account/account.ts';
import type { Patience } from '../aws/patience.ts';
import { isStepupError } from '../errors.ts';
import { readSerialNumber } from '../mfa/device.ts';
import type { JournalEntry } from './apply/apply.ts';
import type { IamCall } from './apply/iam-call.ts';
import type { DatedEntry } from './apply/journal.ts';
import { seeThrough } from './apply/persistence.ts';
import type { Step } from './apply/steps.ts';
import { type Blueprint, demandSize, type UserBlueprint } from './blueprint/blueprint.ts';
import { inlinePart, partsOfTags, tagsOfParts } from './blueprint/parts.ts';
import {
  BOOTSTRAP_POLICY,
  bootstrapPolicy,
  ENTER_POLICY,
  SELF_SERVICE_POLICY,
  STEPUP_POLICIES,
  USER_QUOTA,
} from './blueprint/user-policies.ts';
import type { DesiredAccount } from './desired-state/desired-state.ts';
import { ENDED_SESSIONS_POLICY, endedSessionsPolicy } from './plan/ended-sessions.ts';
import { isResetBegun, policiesBeside } from './plan/passing-policies.ts';

export interface DeviceReset {
  readonly setup: string;
  readonly account: DesiredAccount;
  readonly user: UserBlueprint;
  /** Serial numbers. */
  readonly deactivated: readonly string[];
  readonly deleted: readonly string[];
  /** How long another device may then be enrolled; undefined: a device that makes codes is left to the user. */
  readonly bootstrapSeconds?: number;
  /** Calls that name in the user's tags what comes; none: it is named. */
  readonly naming: readonly IamCall[];
  /** Calls after which they no longer name what has gone. */
  readonly forgetting: readonly IamCall[];
  /** A window is open from before. */
  readonly closesWindow: boolean;
  /** Self-service goes for the time being: there is no room for it. */
  readonly selfServiceWaits: boolean;
  /** Nothing is gone on with: what the journal has of the user from before, no call followed. */
  readonly isNew: boolean;
}

export interface ResetSource {
  readonly setup: string;
  readonly account: DesiredAccount;
  readonly user: UserBlueprint;
  readonly there: User;
  /** Serial numbers of the user's devices. */
  readonly held: readonly string[];
  /** Of these, those that go. */
  readonly lost: readonly string[];
  /** Those that an earlier run began with: `begunReset`. */
  readonly begun: readonly string[];
  readonly bootstrapSeconds: number;
}

/** Throws StepupError `setup-too-large` where AWS would take what is needed only in part, and the rest be stuck. */
export function planReset(source: ResetSource): DeviceReset {
  const { setup, account, user, there, held, lost, begun, bootstrapSeconds } = source;
  const left = held.filter((serial) => !lost.includes(serial));
  const opens = !left.some(makesCodes);
  const gone = [...lost, ...begun, ...(opens ? [user.deviceArn] : [])].filter((serial) => !left.includes(serial));
  const named = [...(partsOfTags(there.tags)?.parts ?? [])];
  const passing = [ENDED_SESSIONS_POLICY, ...(opens ? [BOOTSTRAP_POLICY] : [])].map(inlinePart);
  const beside = policiesBeside(user, passing);
  demandRoom(user, there, beside, opens);
  const during = [...named, ...passing];
  const after = during.filter((part) => opens || part !== inlinePart(BOOTSTRAP_POLICY));
  const has = (policyName: string): boolean => there.inlinePolicies.some(({ name }) => name === policyName);
  return {
    ...{ setup, account, user },
    deactivated: lost,
    deleted: [...new Set(gone)].filter(isVirtual),
    ...(opens && { bootstrapSeconds }),
    naming: retag(setup, user, named, during),
    forgetting: retag(setup, user, during, after),
    closesWindow: has(BOOTSTRAP_POLICY),
    selfServiceWaits: has(SELF_SERVICE_POLICY) && !beside.some(({ name }) => name === SELF_SERVICE_POLICY),
    isNew: begun.length === 0,
  };
}

/** The calls after which a user's tags name other parts than before. */
function retag(
  setup: string,
  { name: UserName }: UserBlueprint,
  before: readonly string[],
  after: readonly string[],
): readonly IamCall[] {
  const [old, wanted] = [tagsOfParts(setup, before), tagsOfParts(setup, after)];
  const Tags = wanted
    .filter((tag) => !old.some(({ key, value }) => key === tag.key && value === tag.value))
    .map(({ key, value }) => ({ Key: key, Value: value }));
  const TagKeys = old.map(({ key }) => key).filter((key) => !wanted.some((tag) => tag.key === key));
  return [
    ...(Tags.length === 0 ? [] : [{ action: 'TagUser', input: { UserName, Tags } } as const]),
    ...(TagKeys.length === 0 ? [] : [{ action: 'UntagUser', input: { UserName, TagKeys } } as const]),
  ];
}

/** What the file wants, what is there beside it, and both statements, each as long as it will be at its longest. */
function demandRoom(user: UserBlueprint, there: User, beside: readonly InlinePolicy[], opens: boolean): void {
  const others = there.inlinePolicies.filter(({ name }) => name === ENTER_POLICY || !STEPUP_POLICIES.has(name));
  const passing = [endedSessionsPolicy(0), ...(opens ? [bootstrapPolicy(user, 0)] : [])];
  const longest = new Map<string, InlinePolicy>();
  for (const policy of [...others, ...beside, ...passing]) {
    const other = longest.get(policy.name);
    if (other === undefined || other.document.length < policy.document.length) longest.set(policy.name, policy);
  }
  const what = `the policies of user ${user.name} during a reset of its device`;
  demandSize(what, [...longest.values()], USER_QUOTA, 'fewer-roles');
}

/** Whether STS takes its codes. */
export function makesCodes(serialNumber: string): boolean {
  return readSerialNumber(serialNumber).kind !== 'fido';
}

function isVirtual(serialNumber: string): boolean {
  const device = readSerialNumber(serialNumber);
  return device.kind === 'totp' && device.form === 'virtual';
}

const LOST_DEVICE = 'lost-device';
/** In seconds, for a reset that is gone on with. */
const RESET_WINDOW = 'reset-window';
/**
 * Of all that stands before it nothing is left to do. Its value is the window that is yet to open, in seconds, or empty:
 * in the same line, so that no stop between forgets how long it was to be.
 */
const DEVICE_RESET = 'device-reset';

/**
 * The devices of a reset that is under way. A line is written before the first call, so by itself it says nothing: it
 * counts while the user has the statement that ends sessions, and of a device that is still held, while that denies all.
 */
export function begunReset(
  entries: readonly DatedEntry[],
  setup: string,
  there: User,
  held: readonly string[],
): readonly string[] {
  if (!there.inlinePolicies.some(({ name }) => name === ENDED_SESSIONS_POLICY)) return [];
  const since = unfinished(entries, setup, there.arn);
  const named = [...new Set(since.filter(({ part }) => part === LOST_DEVICE).map(({ value }) => value))];
  return isResetBegun(there) ? named : named.filter((serial) => !held.includes(serial));
}

/** The same setup, where each user knows how long the window of a reset that was stopped was to be open. */
export function withBegunWindows(blueprint: Blueprint, entries: readonly DatedEntry[]): Blueprint {
  const { setup, accounts } = blueprint;
  const known = (user: UserBlueprint): UserBlueprint => {
    const said = unfinished(entries, setup, user.userArn).findLast(({ part }) => part !== LOST_DEVICE)?.value;
    return said === undefined || said === '' ? user : { ...user, resetBootstrapSeconds: Number(said) };
  };
  return { setup, accounts: accounts.map((account) => ({ ...account, users: account.users.map(known) })) };
}

/** Once a setup has opened the window of a reset that was stopped, and no device of that is left to go: its end. */
export function endOfReset(
  { setup, accounts }: Blueprint,
  entries: readonly DatedEntry[],
  step: Step,
): JournalEntry | undefined {
  const { account, target: arn } = step;
  const opens =
    step.type === 'call' && step.call.action === 'PutUserPolicy' && step.call.input.PolicyName === BOOTSTRAP_POLICY;
  const user = accounts.flatMap(({ users }) => users).find(({ userArn }) => userArn === arn);
  if (!opens || user?.resetBootstrapSeconds === undefined) return undefined;
  if (unfinished(entries, setup, arn).some(({ part }) => part === LOST_DEVICE)) return undefined;
  return { setup, accountId: account.accountId, arn, part: DEVICE_RESET, value: '' };
}

const RESET_PARTS: ReadonlySet<string> = new Set([LOST_DEVICE, RESET_WINDOW, DEVICE_RESET]);

/** What the journal has of a user's resets since the last line before which nothing is left to do. */
function unfinished(entries: readonly DatedEntry[], setup: string, userArn: string): readonly DatedEntry[] {
  const own = entries.filter(({ arn, setup: of, part }) => arn === userArn && of === setup && RESET_PARTS.has(part));
  const last = own.findLastIndex(({ part }) => part === DEVICE_RESET);
  return own.slice(Math.max(last, 0));
}

export interface ResetPorts extends Patience {
  /** By AWS's clock: it dates the sessions, and ends the window. */
  readonly now: () => number;
  /** Sends one call once. */
  readonly send: (account: DesiredAccount, call: IamCall) => Promise<unknown>;
  readonly journal: (entry: JournalEntry) => void;
  readonly onProgress: (call: IamCall) => void;
}

/**
 * What AWS takes to know everywhere that a device is out. A person can't be that quick: enrolling takes two codes, and
 * the first login another.
 */
const SETTLING_MS = 60_000;

export interface ResetOutcome {
  /** Sessions issued before are ended, in epoch milliseconds. */
  readonly endedBeforeMs: number;
  readonly bootstrapUntilMs?: number;
  /** Serial numbers that are somebody else's devices by now, and so weren't deleted. */
  readonly taken: readonly string[];
}

/** Throws what stops it: AWS's refusals, no network, Ctrl-C, a journal that can't be written. */
export async function resetDevice(reset: DeviceReset, ports: ResetPorts): Promise<ResetOutcome> {
  const { setup, account, user, bootstrapSeconds } = reset;
  const UserName = user.name;
  const keep = (part: string, value: string): void =>
    ports.journal({ setup, accountId: account.accountId, arn: user.userArn, part, value });
  const send = async (call: IamCall): Promise<void> => {
    await seeThrough(call.action, () => ports.send(account, call), ports);
    ports.onProgress(call);
  };
  const put = ({ name: PolicyName, document: PolicyDocument }: ReturnType<typeof endedSessionsPolicy>) =>
    send({ action: 'PutUserPolicy', input: { UserName, PolicyName, PolicyDocument } });

  const window = bootstrapSeconds === undefined ? '' : String(bootstrapSeconds);
  keep(reset.isNew ? DEVICE_RESET : RESET_WINDOW, window);
  for (const serial of reset.deactivated) keep(LOST_DEVICE, serial);
  for (const call of reset.naming) await send(call);
  const going = [
    ...(reset.closesWindow ? [BOOTSTRAP_POLICY] : []),
    ...(reset.selfServiceWaits ? [SELF_SERVICE_POLICY] : []),
  ];
  for (const PolicyName of going) await send({ action: 'DeleteUserPolicy', input: { UserName, PolicyName } });
  await put(endedSessionsPolicy('all'));
  for (const SerialNumber of reset.deactivated) {
    await send({ action: 'DeactivateMFADevice', input: { UserName, SerialNumber } });
  }
  const endedBeforeMs = ports.now() + SETTLING_MS;
  await put(endedSessionsPolicy(endedBeforeMs));
  const taken: string[] = [];
  for (const SerialNumber of reset.deleted) {
    try {
      await send({ action: 'DeleteVirtualMFADevice', input: { SerialNumber } });
    } catch (error) {
      const isHeld = isStepupError(error, 'aws-refused') && error.fields.awsCode === 'DeleteConflict';
      // What was this user's a moment ago AWS may still take for it: then the next run deletes it.
      if (!isHeld || reset.deactivated.includes(SerialNumber)) throw error;
      taken.push(SerialNumber);
    }
  }
  const bootstrapUntilMs = bootstrapSeconds === undefined ? undefined : ports.now() + bootstrapSeconds * 1000;
  if (bootstrapUntilMs !== undefined) {
    keep(DEVICE_RESET, window);
    await put(bootstrapPolicy(user, bootstrapUntilMs));
  }
  for (const call of reset.forgetting) await send(call);
  keep(DEVICE_RESET, '');
  return { endedBeforeMs, taken, ...(bootstrapUntilMs !== undefined && { bootstrapUntilMs }) };
}
