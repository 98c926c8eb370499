/** An explanation as a person reads it: the verdict, who says what, why not, and what would have to change. */
import type { PolicyType } from '../../policy/decision.ts';
import type { Change, Explanation, PolicyExplanation, StatementExplanation } from '../../policy/explanation.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Style } from '../../terminal/style.ts';
import { type Cell, tableLines } from '../../terminal/table.ts';
import type { PolicyPlace, PolicySource } from './question.ts';
import { RULE_WORDS, wordMet, wordMismatch } from './words.ts';

export interface ExplainedRequest {
  readonly explanation: Explanation;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: ReadonlyMap<string, readonly string[]>;
  readonly sourceOf: (place: PolicyPlace) => PolicySource;
}

/** The whole text, lines ended. Everything that others wrote is escaped. */
export function explanationText(explained: ExplainedRequest, style: Style): string {
  const { explanation } = explained;
  const blocks = [
    [verdictLine(explained, style)],
    requestLines(explained),
    policyLines(explained, style),
    explanation.rules.map((rule) => `Rule: ${RULE_WORDS[rule]}`),
    ...explanation.policies
      .filter(isWorthTelling(explanation))
      .map((policy) => statementLines(policy, explained, style)),
    changeLines(explained, style),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function verdictLine({ explanation, action, sourceOf }: ExplainedRequest, style: Style): string {
  const { verdict, decidedBy, policies } = explanation;
  const what = escapeText(action);
  switch (verdict) {
    case 'allowed':
      return `${style.green('ALLOWED')}  ${what}`;
    case 'explicitDeny': {
      const denying = policies.find((policy) => policy.hasSay && policy.says === 'deny' && policy.type === decidedBy);
      const by =
        denying?.decidingStatement === undefined
          ? withArticle(decidedBy ?? 'identity-based policy')
          : `${statementName(denying, denying.decidingStatement, sourceOf)} of ${escapeText(sourceOf(denying).name)}`;
      return `${style.red('DENIED')}  ${what}: explicitly, by ${by}`;
    }
    case 'implicitDeny':
      return `${style.red('DENIED')}  ${what}: no ${decidedBy ?? 'policy'} allows it`;
  }
}

function withArticle(type: PolicyType): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function requestLines({ principal, action, resource, context }: ExplainedRequest): readonly string[] {
  const mfa = context.has('aws:multifactorauthpresent') || context.has('aws:multifactorauthage');
  return tableLines([
    ['  principal', escapeText(principal)],
    ['  action', escapeText(action)],
    ['  resource', escapeText(resource)],
    ...[...context].map(([key, values]) => [`  ${escapeText(key)}`, escapeText(values.join(', '))]),
    ...(mfa ? [] : [['  MFA keys', 'absent, as with a long-term key (--mfa says otherwise)']]),
  ]);
}

const SAYS = { deny: 'denies', allow: 'allows', nothing: 'says nothing' } as const;

function policyLines({ explanation, sourceOf }: ExplainedRequest, style: Style): readonly string[] {
  if (explanation.policies.length === 0) return ['No policy was given.'];
  const paint = { deny: style.red, allow: style.green, nothing: style.dim };
  return tableLines(
    explanation.policies.map((policy): readonly (string | Cell)[] => [
      `  ${policy.type}`,
      escapeText(sourceOf(policy).name),
      policy.hasSay ? { text: SAYS[policy.says], paint: paint[policy.says] } : { text: 'has no say', paint: style.dim },
      policy.decidingStatement === undefined ? '' : statementName(policy, policy.decidingStatement, sourceOf),
    ]),
  );
}

/** `Statement[2] "Gate", line 7`. */
function statementName(policy: PolicyExplanation, index: number, sourceOf: ExplainedRequest['sourceOf']): string {
  const statement = policy.statements.find((each) => each.index === index);
  const sid = statement?.sid === undefined ? '' : ` "${escapeText(statement.sid)}"`;
  // What AWS stored has no lines that somebody wrote.
  const written = sourceOf(policy).isFile ? statement?.location.line : undefined;
  const line = written === undefined ? '' : `, line ${written}`;
  return `Statement[${index}]${sid}${line}`;
}

/** Policies that say nothing though one of their type had to: there it is told why each statement fails. */
function isWorthTelling({ verdict, decidedBy }: Explanation): (policy: PolicyExplanation) => boolean {
  return ({ hasSay, says, type, statements }) => {
    if (!hasSay || statements.length === 0) return false;
    return says === 'deny' || (verdict === 'implicitDeny' && says === 'nothing' && type === decidedBy);
  };
}

function statementLines(policy: PolicyExplanation, { sourceOf }: ExplainedRequest, style: Style): readonly string[] {
  return [
    `${style.bold(escapeText(sourceOf(policy).name))} (${policy.type})`,
    ...policy.statements.flatMap((statement) => [
      `  ${statementName(policy, statement.index, sourceOf)} ${statement.effect}: ${outcome(statement)}`,
      ...statement.mismatches.map((mismatch) => `    ${escapeText(wordMismatch(mismatch))}`),
      ...(statement.met ?? []).map((condition) => `    ${escapeText(wordMet(condition))}`),
    ]),
  ];
}

function outcome({ matched }: StatementExplanation): string {
  return matched ? 'matches' : 'does not match';
}

function changeLines({ explanation, sourceOf }: ExplainedRequest, style: Style): readonly string[] {
  if (explanation.changes.length === 0) return [];
  return [
    style.bold('What would have to change'),
    ...explanation.changes.flatMap((change) => wordChange(change, explanation, sourceOf)),
  ];
}

function wordChange(
  change: Change,
  explanation: Explanation,
  sourceOf: ExplainedRequest['sourceOf'],
): readonly string[] {
  const named = (place: PolicyPlace & { readonly statement: number }): string => {
    const policy = explanation.policies.find(
      ({ type, level, index }) => type === place.type && level === place.level && index === place.index,
    );
    const statement =
      policy === undefined ? `Statement[${place.statement}]` : statementName(policy, place.statement, sourceOf);
    return `${escapeText(sourceOf(place).name)} ${statement}`;
  };
  switch (change.change) {
    case 'none-possible':
      return [`  - Nothing: ${RULE_WORDS[change.rule]}`];
    case 'lift-deny':
      return [`  - ${named(change.place)} denies it: remove it, narrow it, or do not meet its conditions.`];
    case 'allow': {
      const level = change.level === undefined ? '' : ` of level ${change.level}`;
      const nearest = change.nearest.flatMap((place) => [
        `    nearest: ${named(place)}`,
        ...place.mismatches.map((mismatch) => `      ${escapeText(wordMismatch(mismatch))}`),
      ]);
      return [`  - ${withArticle(change.type)}${level} must allow it.`, ...nearest];
    }
  }
}
