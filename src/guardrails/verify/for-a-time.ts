/** What is so for a time only, of users whose device is yet to come or was reset: no fault, and worth knowing. */
import type { Account } from '../../account/account.ts';
import type { UserBlueprint } from '../blueprint/blueprint.ts';
import { endedSessionsOf, openBootstrapEnd } from '../plan/passing-policies.ts';

export interface ForATime {
  /** Users who may enrol a device with the key alone. */
  readonly openBootstraps: readonly OpenBootstrap[];
  /** Users whose sessions of before a reset get nowhere. */
  readonly endedSessions: readonly EndedSessions[];
}

export interface OpenBootstrap {
  readonly userArn: string;
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

export interface EndedSessions {
  readonly userArn: string;
  /** Epoch milliseconds: those that were issued before. */
  readonly beforeMs: number;
  /** By then the last of them is over by itself. */
  readonly untilMs: number;
}

/** `account` is the identity account as it was read back. */
export function forATime(wanted: readonly UserBlueprint[], { users }: Account, nowMs: number): ForATime {
  const found = wanted.flatMap((blueprint) =>
    users.filter(({ arn }) => arn === blueprint.userArn).map((there) => ({ blueprint, there })),
  );
  return {
    openBootstraps: found.flatMap(({ blueprint, there }) => {
      const untilMs = openBootstrapEnd(blueprint, there, nowMs);
      return untilMs === undefined ? [] : [{ userArn: there.arn, untilMs }];
    }),
    endedSessions: found.flatMap(({ there }) => {
      const ended = endedSessionsOf(there, nowMs);
      return ended === undefined ? [] : [{ userArn: there.arn, ...ended }];
    }),
  };
}
