/** What a reset of a lost device will do, as a person reads it before saying yes, and as JSON. */
import type { DeviceReset } from '../../guardrails/reset-device.ts';
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
export function resetText({ reset, nowMs, left }: ResetFacts, style: Style): string {
  const { user, account, deactivated, deleted, bootstrapSeconds, closesWindow, selfServiceWaits } = reset;
  const roles = user.roles.map(
    ({ name, maxSessionSeconds }) =>
      `${escapeText(name)} until ${formatLocalTime(nowMs + maxSessionSeconds * 1000, nowMs)}`,
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
