/** The words in which `stepup explain` speaks of conditions and of AWS's special rules. */
import type { Change } from '../../policy/explanation.ts';
import type { ConditionMismatch, Mismatch } from '../../policy/mismatch.ts';

type SpecialRule = Extract<Change, { readonly change: 'none-possible' }>['rule'];

/** What a value must do to satisfy an operator. */
const DEMANDS: Readonly<Record<string, string>> = {
  StringEquals: 'be',
  StringNotEquals: 'not be',
  StringEqualsIgnoreCase: 'be, in any case,',
  StringNotEqualsIgnoreCase: 'not be, in any case,',
  StringLike: 'match',
  StringNotLike: 'not match',
  NumericEquals: 'be',
  NumericNotEquals: 'not be',
  NumericLessThan: 'be less than',
  NumericLessThanEquals: 'be at most',
  NumericGreaterThan: 'be more than',
  NumericGreaterThanEquals: 'be at least',
  DateEquals: 'be',
  DateNotEquals: 'not be',
  DateLessThan: 'be before',
  DateLessThanEquals: 'be no later than',
  DateGreaterThan: 'be after',
  DateGreaterThanEquals: 'be no earlier than',
  Bool: 'be',
  BinaryEquals: 'be',
  IpAddress: 'lie in',
  NotIpAddress: 'lie outside',
  ArnEquals: 'match',
  ArnLike: 'match',
  ArnNotEquals: 'not match',
  ArnNotLike: 'not match',
};

const QUALIFIERS: Readonly<Record<string, string>> = { ForAllValues: 'all values of ', ForAnyValue: 'some value of ' };

/** `aws:MultiFactorAuthPresent must be true; the request does not have it`: what a failed part demanded, and what there was. */
export function wordMismatch(mismatch: Mismatch): string {
  const wanted = alternatives(mismatch.wanted);
  if (mismatch.element !== 'Condition') {
    const negated = mismatch.element.startsWith('Not');
    return `${mismatch.element} ${negated ? 'leaves out' : 'names'} ${wanted}; the request has ${mismatch.had}`;
  }
  const had = wordHad(mismatch.had);
  if (mismatch.operator === 'Null') {
    const absent = mismatch.wanted.includes('true');
    return `${mismatch.key} must be ${absent ? 'absent' : 'there'}; ${had}`;
  }
  const [, qualifier = '', operator = ''] = /^(?:(\w+):)?(\w+?)(?:IfExists)?$/.exec(mismatch.operator) ?? [];
  const demand = DEMANDS[operator] ?? `satisfy ${operator}`;
  return `${QUALIFIERS[qualifier] ?? ''}${mismatch.key} must ${demand} ${wanted} (${mismatch.operator}); ${had}`;
}

/** `NotIpAddress aws:SourceIp 203.0.113.0/24; the request does not have it`: a condition that held. */
export function wordMet({ operator, key, wanted, had }: ConditionMismatch): string {
  return `${operator} ${key} ${alternatives(wanted)}; ${wordHad(had)}`;
}

function wordHad(had: readonly string[] | undefined): string {
  return had === undefined ? 'the request does not have it' : `the request has ${values(had)}`;
}

/** A dozen are enough to read. */
const MOST = 12;

function alternatives(wanted: readonly string[]): string {
  const shown = wanted.slice(0, MOST).map(quoted).join(' or ');
  return wanted.length > MOST ? `${shown} or one of ${wanted.length - MOST} more` : shown;
}

function values(had: readonly string[]): string {
  if (had.length === 0) return 'an empty list';
  const shown = had.slice(0, MOST).map(quoted).join(', ');
  return had.length > MOST ? `${shown} and ${had.length - MOST} more` : shown;
}

/** An empty text must be seen. */
function quoted(value: string): string {
  return value === '' || /\s/.test(value) ? JSON.stringify(value) : value;
}

/** Rules of AWS that no policy changes. */
export const RULE_WORDS: Readonly<Record<SpecialRule, string>> = {
  'needs-no-permission': 'AWS lets every caller do this, whatever the policies say.',
  'closed-to-root': 'Root may not assume a role.',
  'closed-to-sessions': 'Only a long-term key may call this; temporary credentials are refused.',
  'root-is-not-limited': 'Root is limited by no identity policy and no boundary.',
  'root-mends-bucket-policy': 'Root of the bucket’s account may always mend the bucket policy.',
  'service-linked-role': 'Control policies do not bind a service-linked role.',
  'retire-grant': 'Resource control policies do not bind kms:RetireGrant.',
  'chain-needs-both-sides': 'In a role chain both the calling role and the trust policy must allow this.',
};
