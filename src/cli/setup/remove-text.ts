/** What a removal takes away and brings back, as a person reads it before saying yes. */
import type { EntityRemoval } from '../../guardrails/removal/plan-removal.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Style } from '../../terminal/style.ts';

export interface RemovalFacts {
  readonly plan: readonly EntityRemoval[];
  readonly restoresOpenTrusts: boolean;
  /** Users who lost rights to a role of the setup, and what the journal has of them. */
  readonly movedRights: readonly {
    readonly arn: string;
    readonly name: string;
    /** How many can be given back. */
    readonly count: number;
    /** Names of groups that gave it rights and are there no more. */
    readonly goneGroups: readonly string[];
    /** The command. */
    readonly giveBack: string;
  }[];
}

/** Ends with a line break. */
export function removalText({ plan, restoresOpenTrusts, movedRights }: RemovalFacts, style: Style): string {
  if (plan.length === 0) return "Nothing here is this setup's: there is nothing to remove.\n";
  const lines = [
    ...plan.flatMap((entity) => entityLines(entity, restoresOpenTrusts, style)),
    ...movedRights.flatMap(movedLines).map((line) => style.yellow(`! ${line}`)),
  ];
  return `${lines.join('\n')}\n`;
}

export function removalJson({ plan, movedRights }: RemovalFacts): object {
  return {
    entities: plan.map(({ kind, arn, whole, foreign, belongings, openTrust, trustUnknown, steps }) => ({
      ...{ kind, arn, whole, foreign, ...belongings, trustUnknown },
      ...(openTrust !== undefined && { openTrust }),
      steps: steps.map(({ call }) => call.action),
    })),
    movedRights: movedRights.map(({ arn, count, goneGroups, giveBack }) => ({
      user: arn,
      count,
      goneGroups,
      giveBack,
    })),
  };
}

function movedLines({ name, count, goneGroups, giveBack }: RemovalFacts['movedRights'][number]): readonly string[] {
  const [who, command] = [escapeText(name), escapeText(giveBack)];
  return [
    ...(count === 0
      ? []
      : [
          `${who} keeps nothing of what it may do now: its own rights (${count}) went into a role, and then stand in the journal only. Give them back first: ${command}`,
        ]),
    ...goneGroups.map(
      (group) =>
        `${who} had rights by the group ${escapeText(group)}, which is there no more: they went into a role, and go with it. If they are still needed, make the group again first, with what the role has of it; then: ${command}`,
    ),
  ];
}

function entityLines(entity: EntityRemoval, restoresOpenTrusts: boolean, style: Style): readonly string[] {
  const { kind, arn, whole, foreign, openTrust, trustUnknown } = entity;
  const head = `${kind} ${escapeText(arn)}`;
  return [
    whole ? style.red(`- ${head}`) : style.yellow(`~ ${head}: the setup's parts go, what they replaced comes back`),
    ...belongingsLines(entity),
    ...foreign.map((part) => style.yellow(`    ! ${escapeText(part)} isn't the setup's, and goes with it`)),
    ...(openTrust === undefined ? [] : openTrustLines(openTrust, restoresOpenTrusts, style)),
    ...(trustUnknown ? ["    its gate stays: the journal doesn't say which trust policy was there before"] : []),
  ];
}

function belongingsLines({ belongings: { keys, devices } }: EntityRemoval): readonly string[] {
  const counted = [
    ...(keys.length === 0 ? [] : [`${keys.length} access ${keys.length === 1 ? 'key' : 'keys'}`]),
    ...(devices.length === 0 ? [] : [`${devices.length} MFA ${devices.length === 1 ? 'device' : 'devices'}`]),
  ];
  return counted.length === 0 ? [] : [`    with ${counted.join(' and ')}`];
}

function openTrustLines(trust: string, comesBack: boolean, style: Style): readonly string[] {
  return [
    style.red(
      comesBack
        ? '    ! the trust policy that comes back lets somebody in without a code:'
        : '    ! its gate stays: the trust policy before it let somebody in without a code; --restore-open-trusts brings it back:',
    ),
    `      ${escapeText(trust)}`,
  ];
}
