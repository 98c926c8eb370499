/** What a user has for a time only and no file names: each such inline policy has a rule of its own. */
import type { InlinePolicy, User } from '../../account/account.ts';
import type { UserBlueprint } from '../blueprint/blueprint.ts';
import { inlinePart, type Part, partsOfTags } from '../blueprint/parts.ts';
import {
  BOOTSTRAP_POLICY,
  bootstrapEnd,
  bootstrapPolicy,
  SELF_SERVICE_POLICY,
  USER_QUOTA,
} from '../blueprint/user-policies.ts';
import type { Change, Extra } from './change.ts';
import type { Standing } from './compare.ts';
import {
  ENDED_SESSIONS_POLICY,
  endedSessionsPolicy,
  LONGEST_SESSION_SECONDS,
  readEndedSessions,
} from './ended-sessions.ts';

export interface PassingUser {
  readonly wanted: UserBlueprint;
  /** Undefined: it is made now. */
  readonly there: User | undefined;
  readonly standing: Standing;
  /** By user name, where it was asked. */
  readonly devices: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

interface PlannedPolicy {
  readonly changes: readonly Change[];
  /** Whether the policy is there, and named in the tags, when all is done. */
  readonly stays: boolean;
}

const RULES: Readonly<Record<string, (user: PassingUser) => PlannedPolicy>> = {
  [BOOTSTRAP_POLICY]: planBootstrap,
  [ENDED_SESSIONS_POLICY]: planEndedSessions,
};

export const PASSING_POLICIES: ReadonlySet<string> = new Set(Object.keys(RULES));

export function planPassing(user: PassingUser): {
  readonly changes: readonly Change[];
  readonly extras: readonly Extra[];
  readonly parts: readonly Part[];
} {
  const planned = Object.entries(RULES).map(([name, rule]) => ({ name, ...rule(user) }));
  return {
    changes: planned.flatMap(({ changes }) => changes),
    extras: isResetBegun(user.there) ? [{ type: 'reset-begun' }] : [],
    parts: planned.filter(({ stays }) => stays).map(({ name }) => inlinePart(name)),
  };
}

/**
 * A user's policies while it also has these for a time. Where all together are more than AWS takes, self-service waits:
 * whoever has no device can bring no code, and so can't use it.
 */
export function policiesBeside(wanted: UserBlueprint, passing: readonly string[]): readonly InlinePolicy[] {
  const also = [bootstrapPolicy(wanted, 0), endedSessionsPolicy(0)].filter(({ name }) =>
    passing.includes(inlinePart(name)),
  );
  const size = [...wanted.inlinePolicies, ...also].reduce((sum, { document }) => sum + document.length, 0);
  return size <= USER_QUOTA
    ? wanted.inlinePolicies
    : wanted.inlinePolicies.filter(({ name }) => name !== SELF_SERVICE_POLICY);
}

/** A reset of the user's device that was stopped: until it goes on, no session of the user's gets anywhere. */
export function isResetBegun(there: User | undefined): boolean {
  const held = policyOf(there, ENDED_SESSIONS_POLICY);
  return held !== undefined && readEndedSessions(held) === 'all';
}

/** Whether a reset has come so far that sessions of before get nowhere, and those after it count. */
export function areSessionsEnded(there: User): boolean {
  const held = policyOf(there, ENDED_SESSIONS_POLICY);
  return held !== undefined && typeof readEndedSessions(held) === 'number';
}

/** AWS's servers tell the time in whole seconds, and no two of them quite the same. */
const CLOCKS_APART_MS = 60_000;

/**
 * A user without a device gets the statement once: when it is new, when a setup first meets it, or when its device was
 * reset. It goes when the device is there or its time is over, and at once if it isn't what was written.
 */
function planBootstrap({ wanted, there, standing: { parts }, devices, nowMs }: PassingUser): PlannedPolicy {
  const opened: PlannedPolicy = {
    changes: [{ type: 'open-bootstrap', seconds: windowSeconds(wanted, there) }],
    stays: true,
  };
  if (there === undefined) return opened;
  // Whoever goes on with the reset opens the window, once the old device is out.
  if (isResetBegun(there)) return { changes: [], stays: parts.has(inlinePart(BOOTSTRAP_POLICY)) };
  const held = policyOf(there, BOOTSTRAP_POLICY);
  const hasDevice = devices.get(there.name) !== 0;
  if (held === undefined) {
    // Named and not there: whoever began this didn't come to the end.
    const due = partsOfTags(there.tags) === undefined || parts.has(inlinePart(BOOTSTRAP_POLICY));
    return due && !hasDevice ? opened : { changes: [], stays: false };
  }
  const endMs = bootstrapEnd(wanted, held);
  const tooLong = endMs !== undefined && endMs > nowMs + wanted.bootstrapSeconds * 1000 + CLOCKS_APART_MS;
  const because = hasDevice
    ? 'enrolled'
    : endMs === undefined || tooLong
      ? 'altered'
      : endMs <= nowMs
        ? 'over'
        : undefined;
  if (because === undefined) return { changes: [], stays: true };
  return { changes: [{ type: 'close-bootstrap', before: held, because }], stays: false };
}

/**
 * How long a user's next window is open. A reset may have been begun for a shorter one than the file's: from its first
 * call on, the user's tags name the end of sessions.
 */
export function windowSeconds(
  { bootstrapSeconds, resetBootstrapSeconds = bootstrapSeconds }: UserBlueprint,
  there: User | undefined,
): number {
  const isAfterReset = partsOfTags(there?.tags ?? [])?.parts.has(inlinePart(ENDED_SESSIONS_POLICY)) === true;
  return isAfterReset ? Math.min(resetBootstrapSeconds, bootstrapSeconds) : bootstrapSeconds;
}

/** Until when a user may enrol a device with the key alone, in epoch milliseconds; undefined: it may not. */
export function openBootstrapEnd(wanted: UserBlueprint, there: User, nowMs: number): number | undefined {
  const held = policyOf(there, BOOTSTRAP_POLICY);
  const endMs = held === undefined ? undefined : bootstrapEnd(wanted, held);
  return endMs !== undefined && endMs > nowMs ? endMs : undefined;
}

/** The sessions that a reset ended, in epoch milliseconds, while any of them could still live. */
export function endedSessionsOf(
  there: User,
  nowMs: number,
): { readonly beforeMs: number; readonly untilMs: number } | undefined {
  const held = policyOf(there, ENDED_SESSIONS_POLICY);
  const beforeMs = held === undefined ? undefined : readEndedSessions(held);
  if (typeof beforeMs !== 'number') return undefined;
  const untilMs = beforeMs + LONGEST_SESSION_SECONDS * 1000;
  return untilMs > nowMs ? { beforeMs, untilMs } : undefined;
}

/** It stays until the last session that it ends would have ended by itself. */
function planEndedSessions({ there, nowMs }: PassingUser): PlannedPolicy {
  const held = policyOf(there, ENDED_SESSIONS_POLICY);
  if (there === undefined || held === undefined) return { changes: [], stays: false };
  const ended = readEndedSessions(held);
  const isOver = typeof ended === 'number' && endedSessionsOf(there, nowMs) === undefined;
  if (ended !== undefined && !isOver) return { changes: [], stays: true };
  return {
    changes: [{ type: 'forget-ended-sessions', before: held, because: isOver ? 'over' : 'altered' }],
    stays: false,
  };
}

function policyOf(there: User | undefined, policyName: string): string | undefined {
  return there?.inlinePolicies.find(({ name }) => name === policyName)?.document;
}
