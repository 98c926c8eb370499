/** The values of a condition as patterns over strings, for the walk that tells all strings apart (string-classes.ts). */
import { parseBoolean } from '../conditions/bool.ts';
import type { Condition } from '../document.ts';
import type { ResolvedPart } from '../variables.ts';
import type { PatternToken, StringPattern } from './string-classes.ts';

/**
 * What decides whether one value satisfies an operator. `text`: a pattern that it matches or doesn't (`compile` gives
 * undefined for a policy's value that nothing matches). `number`, `date`,
 * `address`: where it stands among the policy's own. `bytes`: equality once decoded. `none`: only presence.
 */
export type ValueKind =
  | { readonly kind: 'text'; readonly compile: (parts: readonly ResolvedPart[]) => StringPattern | undefined }
  | { readonly kind: 'number' | 'date' | 'address' | 'bytes' | 'none' };

const EQUALS: ValueKind = { kind: 'text', compile: (parts) => parts.flatMap(({ text }) => literal(text, false)) };
const IGNORING_CASE: ValueKind = { kind: 'text', compile: (parts) => parts.flatMap(({ text }) => literal(text, true)) };
const LIKE: ValueKind = { kind: 'text', compile: (parts) => tokens(parts) };
const ARN: ValueKind = { kind: 'text', compile: arnPattern };
const BOOLEAN: ValueKind = { kind: 'text', compile: booleanPattern };
const NUMBER: ValueKind = { kind: 'number' };
const DATE: ValueKind = { kind: 'date' };
const ADDRESS: ValueKind = { kind: 'address' };

const KINDS: Readonly<Record<string, ValueKind>> = {
  StringEquals: EQUALS,
  StringNotEquals: EQUALS,
  StringEqualsIgnoreCase: IGNORING_CASE,
  StringNotEqualsIgnoreCase: IGNORING_CASE,
  StringLike: LIKE,
  StringNotLike: LIKE,
  ArnEquals: ARN,
  ArnLike: ARN,
  ArnNotEquals: ARN,
  ArnNotLike: ARN,
  Bool: BOOLEAN,
  NumericEquals: NUMBER,
  NumericNotEquals: NUMBER,
  NumericLessThan: NUMBER,
  NumericLessThanEquals: NUMBER,
  NumericGreaterThan: NUMBER,
  NumericGreaterThanEquals: NUMBER,
  DateEquals: DATE,
  DateNotEquals: DATE,
  DateLessThan: DATE,
  DateLessThanEquals: DATE,
  DateGreaterThan: DATE,
  DateGreaterThanEquals: DATE,
  IpAddress: ADDRESS,
  NotIpAddress: ADDRESS,
  BinaryEquals: { kind: 'bytes' },
  Null: { kind: 'none' },
};

/** Undefined for an operator that isn't known here: then nothing is known of the values that satisfy it. */
export function valueKindOf(condition: Condition): ValueKind | undefined {
  return KINDS[condition.operator];
}

function literal(text: string, ignoreCase: boolean): readonly PatternToken[] {
  return [...text].map((character) => ({ type: 'character', character, ignoreCase }));
}

function tokens(parts: readonly ResolvedPart[]): readonly PatternToken[] {
  return parts.flatMap((part): readonly PatternToken[] =>
    part.kind === 'literal' ? literal(part.text, false) : [...part.text].map(wildcard),
  );
}

function wildcard(character: string): PatternToken {
  if (character === '*') return { type: 'star', exceptColon: false };
  if (character === '?') return { type: 'one', exceptColon: false };
  return { type: 'character', character, ignoreCase: false };
}

const ARN_PARTS = 6;

/** Wildcards stay within their part in the first five; fewer than six parts match no ARN. */
function arnPattern(parts: readonly ResolvedPart[]): StringPattern | undefined {
  let colons = 0;
  const pattern = tokens(parts).map((token): PatternToken => {
    if (token.type === 'character') {
      if (token.character === ':') colons += 1;
      return token;
    }
    return { type: token.type, exceptColon: colons < ARN_PARTS - 1 };
  });
  return colons < ARN_PARTS - 1 ? undefined : pattern;
}

function booleanPattern(parts: readonly ResolvedPart[]): StringPattern | undefined {
  const wanted = parseBoolean(parts.map(({ text }) => text).join(''));
  return wanted === undefined ? undefined : literal(String(wanted), true);
}
