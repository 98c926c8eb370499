/** What was verified, as a person reads it: a row a claim, and each case in which one doesn't hold. */
import type { Claim, Finding } from '../../guardrails/verify/claims.ts';
import type { SetupProof } from '../../guardrails/verify/prove-setup.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Style } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { formatLocalTime } from '../../terminal/time.ts';

const CLAIMS: Readonly<Record<Claim, string>> = {
  'as stated': 'what is there is what the file says',
  'fresh code': 'who may enter gets in with a fresh code',
  'key alone': 'the key alone gets nobody in',
  'session without a code': 'a session made without a code gets nobody in',
  'aged code': 'a code as old as the gate allows gets nobody in',
  'role session': 'no role’s session gets in',
  'federated session': 'no federated session gets in',
  'not an entrant': 'who may not enter doesn’t, whatever the code',
  'external id': 'nobody gets in by another external id',
  'key elsewhere': 'the key alone may do nothing but ask for its roles',
};

/** Above this, the first ones and how many there are. */
const SHOWN_FAILURES = 20;

/** Ends with a line break. */
export function verifyText(proof: SetupProof, nowMs: number, style: Style): string {
  const { findings } = proof;
  const rows = findings.map(({ method, claim, cases, failures }) => [
    failures.length === 0 ? { text: '✓', paint: style.green } : { text: '✗', paint: style.red },
    { text: method, paint: style.dim },
    CLAIMS[claim],
    { text: `${cases} ${cases === 1 ? 'case' : 'cases'}`, paint: style.dim },
  ]);
  const failures = findings.flatMap((finding) => failureLines(finding, style));
  return [...tableLines(rows), ...failures, ...passingLines(proof, nowMs, style), ''].join('\n');
}

function passingLines({ openBootstraps, endedSessions }: SetupProof, nowMs: number, style: Style): readonly string[] {
  const time = (epochMs: number): string => formatLocalTime(epochMs, nowMs);
  const lines = [
    ...openBootstraps.map(({ userArn, untilMs }) =>
      style.yellow(`  ! ${escapeText(userArn)} may enrol a device with the key alone until ${time(untilMs)}`),
    ),
    ...endedSessions.map(
      ({ userArn, beforeMs, untilMs }) =>
        `  ${escapeText(userArn)}: sessions of before ${time(beforeMs)} get nowhere; the last of them is over at ${time(untilMs)}`,
    ),
  ];
  return lines.length === 0 ? [] : ['', style.bold('For a time'), ...lines];
}

function failureLines({ claim, failures }: Finding, style: Style): readonly string[] {
  if (failures.length === 0) return [];
  const more = failures.length - SHOWN_FAILURES;
  return [
    '',
    style.bold(`Doesn’t hold: ${CLAIMS[claim]}`),
    ...failures.slice(0, SHOWN_FAILURES).map(({ who, what, because }) => {
      const by = who === undefined ? '' : `${escapeText(who)} at `;
      return `  ${by}${escapeText(what)}: ${escapeText(because)}`;
    }),
    ...(more > 0 ? [`  and ${more} more; --json has all of them`] : []),
  ];
}
