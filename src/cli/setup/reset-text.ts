/** What a reset of a lost device will do, as a person reads it before saying yes, and as JSON. */
import { type DeviceReset, makesCodes, type ResetOutcome } from '../../guardrails/reset-device.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Style } from '../../terminal/style.ts';
import { formatDuration, formatLocalTime } from '../../terminal/time.ts';

export interface ResetFacts {
  readonly reset: DeviceReset;
  readonly nowMs: number;
  /** Serial numbers of the devices that the user keeps. */
  readonly left: readonly string[];
}

/** Ends with a line break. */
export function resetText({ reset, left }: ResetFacts, style: Style): string {
  const { user, account, deactivated, deleted, bootstrapSeconds, closesWindow, selfServiceWaits } = reset;
  const roles = user.roles.map(
    ({ name, maxSessionSeconds }) => `${escapeText(name)} for ${formatDuration(maxSessionSeconds)}`,
  );
  const lines = [
    style.bold(`user ${escapeText(user.name)} of ${escapeText(account.label)} (${account.accountId})`),
    style.red('  - its MFA sessions: all that were made until now get nowhere any more'),
    ...deactivated.map((serial) =>
      style.red(
        `  - device ${escapeText(serial)}: ${deleted.includes(serial) ? 'deactivated and deleted' : 'deactivated'}`,
      ),
    ),
    ...left.map((serial) => style.dim(`    device ${escapeText(serial)} stays`)),
    ...(closesWindow ? [style.red('  - the window that is open: a device may be enrolled with the key alone')] : []),
    ...(selfServiceWaits ? [style.red('  - self-service, for which there is no room until this is over')] : []),
    ...(bootstrapSeconds === undefined
      ? []
      : [
          style.green(`  + may enrol another device, with the key alone, for ${formatDuration(bootstrapSeconds)}`),
          style.yellow('  ! whoever else has the key could be quicker: if it may be stolen, replace it first'),
        ]),
    ...(roles.length === 0
      ? []
      : [
          style.yellow(
            `  ! role sessions that are entered already last on, at the longest: ${roles.join(', ')} (docs/break-glass.md)`,
          ),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What came of it, and what is next. `nowMs` is when it was done. */
export function doneText(
  { reset, nowMs, left }: ResetFacts,
  { endedBeforeMs, bootstrapUntilMs, taken }: ResetOutcome,
  style: Style,
): string {
  const name = escapeText(reset.user.name);
  const ended = formatLocalTime(endedBeforeMs, nowMs);
  const roles = reset.user.roles.map(
    (role) => `${escapeText(role.name)} until ${formatLocalTime(nowMs + role.maxSessionSeconds * 1000, nowMs)}`,
  );
  const logins = left
    .filter(makesCodes)
    .map((serial) => `stepup login PROFILE --serial-number ${escapeText(serial)} --force`);
  return [
    `${style.green('✓')} Done. Its sessions of before ${ended} get nowhere any more.`,
    ...(roles.length === 0 ? [] : [`  Role sessions entered before it last on, at the longest: ${roles.join(', ')}.`]),
    ...taken.map(
      (serial) => `  ${escapeText(serial)} is another user's device by now: ${name} can enrol none of that name.`,
    ),
    bootstrapUntilMs === undefined
      ? `  From ${ended} on ${name} gets in with the device that is left: ${logins.join(', or ')}`
      : `  ${name} may enrol another device until ${formatLocalTime(bootstrapUntilMs, nowMs)}: stepup mfa enrol. Then run stepup setup, which takes that right away.`,
  ].join('\n');
}

export function resetJson({ reset, nowMs, left }: ResetFacts): object {
  const { user, account, deactivated, deleted, bootstrapSeconds, closesWindow, selfServiceWaits } = reset;
  return {
    user: user.userArn,
    account: account.label,
    accountId: account.accountId,
    deactivated,
    deleted,
    left,
    ...(bootstrapSeconds !== undefined && { bootstrapSeconds }),
    closesWindow,
    selfServiceWaits,
    roleSessionsUntil: user.roles.map(({ arn, maxSessionSeconds }) => ({
      role: arn,
      until: new Date(nowMs + maxSessionSeconds * 1000).toISOString(),
    })),
  };
}
