/** A plan as a person reads it: what is left, then what is made, changed and taken away, and what shouldn't be there. */

import type { Price } from '../../guardrails/desired-state/prices.ts';
import type { Change, EntityPlan, Extra } from '../../guardrails/plan/change.ts';
import { ENDED_SESSIONS_POLICY } from '../../guardrails/plan/ended-sessions.ts';
import type { AccountPlan, Plan } from '../../guardrails/plan/plan.ts';
import type { RolePlan } from '../../guardrails/plan/plan-role.ts';
import type { UserPlan } from '../../guardrails/plan/plan-user.ts';
import type { PolicyDiff } from '../../guardrails/plan/policy-diff.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Style } from '../../terminal/style.ts';
import { formatDuration } from '../../terminal/time.ts';

type AnyPlan = UserPlan | RolePlan;

/** Ends with a line break. */
export function planText(plan: Plan, prices: readonly Price[], style: Style): string {
  const accounts = plan.accounts.flatMap((account) => accountLines(account, style));
  return [...accounts, ...prices.map((price) => style.yellow(priceText(price))), ''].join('\n');
}

function accountLines({ account, users, roles, leftovers }: AccountPlan, style: Style): readonly string[] {
  const entities: readonly AnyPlan[] = [...users, ...roles];
  const changed = entities.filter(({ changes }) => changes.length > 0).sort((a, b) => weight(a) - weight(b));
  const left = entities.length - changed.length;
  return [
    style.bold(`${escapeText(account.label)} (${account.accountId})`),
    ...(left === 0 ? [] : [style.dim(`  ${left} left as ${left === 1 ? 'it is' : 'they are'}`)]),
    ...changed.flatMap((entity) => entityLines(entity, style)),
    ...entities.flatMap((entity) => extraLines(entity, style)),
    ...leftovers.map(({ kind, name }) =>
      style.yellow(
        `  ! ${kind} ${escapeText(name)} is this setup's, and no longer in the file: stepup setup remove takes it away`,
      ),
    ),
  ];
}

/** The least comes first; what takes something away is what a person reads last, before the question. */
function weight({ state, changes }: EntityPlan): number {
  if (changes.some((change) => isTaking(change))) return 2;
  return state === 'new' ? 0 : 1;
}

function isTaking(change: Change): boolean {
  return (
    change.type === 'detach' ||
    change.type === 'leave-group' ||
    change.type === 'trust' ||
    (change.type === 'inline' && change.diff.removed.length > 0)
  );
}

function entityLines(entity: AnyPlan, style: Style): readonly string[] {
  const isNew = entity.state === 'new';
  const head = `${entity.kind} ${escapeText(entity.name)}${entity.kind === 'role' ? gateText(entity) : ''}`;
  return [
    isNew ? style.green(`  + ${head}`) : style.yellow(`  ~ ${head}`),
    ...entity.changes.flatMap((change) => changeLines(change, style)).map((line) => `      ${line}`),
  ];
}

function gateText({ blueprint: { gate } }: RolePlan): string {
  const names = gate.entrants.map((arn) => escapeText(arn.slice(arn.lastIndexOf('/') + 1)));
  return `: opens to ${names.join(', ')} with a code younger than ${formatDuration(gate.maxAgeSeconds)}`;
}

function changeLines(change: Change, style: Style): readonly string[] {
  switch (change.type) {
    case 'create':
      return [];
    case 'trust':
      return [style.yellow('~ trust policy'), ...diffLines(change.diff, style)];
    case 'inline': {
      const name = `policy ${escapeText(change.name)}`;
      if (change.before === undefined) return [style.green(`+ ${name}`), ...diffLines(change.diff, style)];
      if (change.after === undefined) return [style.red(`- ${name}`), ...diffLines(change.diff, style)];
      return [style.yellow(`~ ${name}`), ...diffLines(change.diff, style)];
    }
    case 'attach':
      return [style.green(`+ ${escapeText(change.arn)}`)];
    case 'detach':
      return [style.red(`- ${escapeText(change.arn)}`)];
    case 'boundary':
      return [
        ...(change.before === undefined ? [] : [style.red(`- boundary ${escapeText(change.before)}`)]),
        ...(change.after === undefined ? [] : [style.green(`+ boundary ${escapeText(change.after)}`)]),
      ];
    case 'settings': {
      const { before, after } = change;
      return [
        ...(before.maxSessionSeconds === after.maxSessionSeconds
          ? []
          : [
              style.yellow(
                `~ sessions of ${formatDuration(after.maxSessionSeconds)} (were ${formatDuration(before.maxSessionSeconds)})`,
              ),
            ]),
        ...(before.description === after.description
          ? []
          : [style.yellow(`~ description: ${escapeText(after.description)}`)]),
      ];
    }
    case 'leave-group':
      return [style.red(`- group ${escapeText(change.group)}`)];
    case 'tags':
      return [style.dim('~ tags')];
    case 'open-bootstrap':
      return [style.green(`+ may enrol a first device, for ${formatDuration(change.seconds)}`)];
    case 'close-bootstrap':
      return [style.red(`- may enrol a first device: ${BECAUSE[change.because]}${WHEN_OVER[change.because] ?? ''}`)];
    case 'forget-ended-sessions':
      return [style.red(`- policy ${ENDED_SESSIONS_POLICY}: ${BECAUSE[change.because]}`)];
    case 'access-key':
      return [style.green(`+ access key, encrypted to ${escapeText(change.recipient)}`)];
  }
}

/** Whoever was too late needs another window. */
const WHEN_OVER: Readonly<Record<string, string>> = {
  over: ', and no device is there; stepup setup reset-device opens another',
};

const BECAUSE: Readonly<
  Record<Extract<Change, { readonly type: 'close-bootstrap' | 'forget-ended-sessions' }>['because'], string>
> = {
  enrolled: 'a device is there',
  over: 'its time is over',
  altered: 'it is not what was written',
};

function diffLines({ added, removed, kept }: PolicyDiff, style: Style): readonly string[] {
  return [
    ...removed.map((statement) => style.red(`    - ${escapeText(statement)}`)),
    ...added.map((statement) => style.green(`    + ${escapeText(statement)}`)),
    ...(kept === 0 ? [] : [style.dim(`    ${kept} ${kept === 1 ? 'statement stays' : 'statements stay'}`)]),
  ];
}

function extraLines({ kind, name, extras }: AnyPlan, style: Style): readonly string[] {
  const shown = escapeText(name);
  const has = extras.map(extraText).filter((text) => text !== undefined);
  const way = kind === 'user' ? `; stepup setup adopt ${shown} --into ROLE moves it into a gated role` : '';
  return [
    ...(has.length === 0
      ? []
      : [style.yellow(`  ! ${kind} ${shown} was there before and also has ${escapeText(has.join(', '))}: left${way}`)]),
    ...extras.flatMap((extra) =>
      extra.type === 'entering-roles'
        ? [
            style.yellow(
              `  ! role ${shown}: sessions of ${escapeText(someOf(extra.names))} may enter any role, and so this one until it is gated`,
            ),
          ]
        : [],
    ),
    ...(extras.some(({ type }) => type === 'reset-begun')
      ? [
          style.yellow(
            `  ! user ${shown}: a reset of its device was begun and not finished, and until then neither its key nor its sessions get anywhere: stepup setup reset-device ${shown} goes on`,
          ),
        ]
      : []),
  ];
}

const MOST_NAMES = 5;

function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function extraText(extra: Extra): string | undefined {
  switch (extra.type) {
    case 'inline':
      return `policy ${extra.name}`;
    case 'attached':
      return extra.arn;
    case 'group':
      return `group ${extra.name}`;
    case 'boundary':
      return `boundary ${extra.arn}`;
    case 'entering-roles':
    case 'reset-begun':
      return undefined;
  }
}

function priceText(price: Price): string {
  const names = price.roles.map(escapeText).join(', ');
  return price.type === 'short-gate'
    ? `! ${names}: people are asked for a code whenever theirs is older than ${formatDuration(price.maxAgeSeconds)}; plain profiles (source_profile, without stepup) just get AccessDenied then.`
    : `! ${names}: a session of more than an hour takes a code of its own each time (stepup exec, stepup credentials).`;
}
