/**
 * Patterns with `*` and `?`, compiled once and matched many times. A match costs at most pattern length times value
 * length, whatever the pattern: no regular expression, and never more than one place to go back to for each kind of
 * star.
 */

/**
 * How far a wildcard reaches. `text`: over anything (Action, StringLike, one part of an ARN under ArnLike).
 * `segments`: a `*` passes a colon only where it is the last character of its segment, that is, before a colon or at
 * the end; any other `*`, and `?`, stays within its segment (IAM User Guide, JSON policy elements: Resource).
 */
export type Reach = 'text' | 'segments';

export type Pattern =
  | { readonly kind: 'anything' }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'prefix'; readonly text: string }
  /** `prefix`: what stands before the first wildcard; `codes`: all that follows. */
  | { readonly kind: 'codes'; readonly prefix: string; readonly codes: readonly number[] };

const STAR = -1;
const SEGMENT_STAR = -2;
const ANY_ONE = -3;
const SEGMENT_ONE = -4;

const ASTERISK = 0x2a;
const QUESTION_MARK = 0x3f;
export const COLON = 0x3a;

const ANYTHING: Pattern = { kind: 'anything' };

export function compilePattern(text: string, reach: Reach): Pattern {
  const star = text.indexOf('*');
  const questionMark = text.indexOf('?');
  if (star < 0 && questionMark < 0) return { kind: 'literal', text };
  if (star === text.length - 1 && questionMark < 0) {
    return star === 0 ? ANYTHING : { kind: 'prefix', text: text.slice(0, star) };
  }
  const first = star < 0 || (questionMark >= 0 && questionMark < star) ? questionMark : star;
  const codes: number[] = [];
  appendWildcards(codes, text.slice(first), reach, '');
  return { kind: 'codes', prefix: text.slice(0, first), codes };
}

/** Adds `text` with its wildcards to `codes`; `next` is what follows it, so that a star at the seam knows its place. */
export function appendWildcards(codes: number[], text: string, reach: Reach, next: string): void {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === ASTERISK) {
      const follower = index + 1 < text.length ? text.charCodeAt(index + 1) : next.charCodeAt(0);
      const endsSegment = Number.isNaN(follower) || follower === COLON;
      codes.push(reach === 'text' || endsSegment ? STAR : SEGMENT_STAR);
    } else if (code === QUESTION_MARK) {
      codes.push(reach === 'text' ? ANY_ONE : SEGMENT_ONE);
    } else {
      codes.push(code);
    }
  }
}

/** Adds `text` to `codes` as it stands: a `*` in it is an asterisk. */
export function appendLiteral(codes: number[], text: string): void {
  for (let index = 0; index < text.length; index += 1) codes.push(text.charCodeAt(index));
}

export function matchesPattern(pattern: Pattern, value: string): boolean {
  switch (pattern.kind) {
    case 'anything':
      return true;
    case 'literal':
      return pattern.text === value;
    case 'prefix':
      return value.startsWith(pattern.text);
    case 'codes':
      return value.startsWith(pattern.prefix) && matchesCodes(pattern.codes, value, pattern.prefix.length);
  }
}

/**
 * Whether `value`, from `start` on, is what the codes say. Goes through both at once. After a mismatch the last star takes one character more: first the last one that stays
 * within its segment, then the last one that doesn't. Going back further can't help: between two stars of a kind the
 * shortest match of the first leaves the second every choice that a longer one would.
 */
export function matchesCodes(codes: readonly number[], value: string, start = 0): boolean {
  let at = 0;
  let position = start;
  let star = -1;
  let starPosition = 0;
  let segmentStar = -1;
  let segmentStarPosition = 0;
  for (;;) {
    if (at === codes.length) {
      if (position === value.length) return true;
    } else {
      const code = codes[at];
      if (code === STAR) {
        at += 1;
        if (at === codes.length) return true;
        star = at;
        starPosition = position;
        segmentStar = -1;
        continue;
      }
      if (code === SEGMENT_STAR) {
        at += 1;
        segmentStar = at;
        segmentStarPosition = position;
        continue;
      }
      if (position < value.length) {
        const character = value.charCodeAt(position);
        if (code === character) {
          at += 1;
          position += 1;
          continue;
        }
        if (code === ANY_ONE || (code === SEGMENT_ONE && character !== COLON)) {
          at += 1;
          position += characterLength(value, position, character);
          continue;
        }
      }
    }
    if (segmentStar >= 0 && segmentStarPosition < value.length && value.charCodeAt(segmentStarPosition) !== COLON) {
      segmentStarPosition += 1;
      position = segmentStarPosition;
      at = segmentStar;
    } else if (star >= 0 && starPosition < value.length) {
      starPosition += 1;
      position = starPosition;
      at = star;
      segmentStar = -1;
    } else {
      return false;
    }
  }
}

/** A character beyond the basic plane is two UTF-16 units, and one character to `?`. */
function characterLength(value: string, position: number, unit: number): 1 | 2 {
  if (unit < 0xd800 || unit > 0xdbff || position + 1 >= value.length) return 1;
  const next = value.charCodeAt(position + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}
