import { isDeepStrictEqual } from 'node:util';
import type { Document, Section } from './document.ts';
import { keyOf, type Line, lineEndOf, separatorOf, valueTextOf } from './lexer.ts';

/** Things that some clients take and others refuse or take otherwise: for `doctor`. */
export interface Peculiarity {
  readonly type: PeculiarityType;
  /** Counts from 1. */
  readonly line: number;
  /** The section or key. */
  readonly name: string;
}

export type PeculiarityType =
  /** The CLI and boto3 refuse the file; the JavaScript SDK reads it. */
  | 'byte-order-mark'
  /** The CLI and boto3 end a line at a CR without LF; others don't. */
  | 'lone-carriage-return'
  /** The CLI and boto3 refuse the file; others merge the sections, and so do we: the later entry counts. */
  | 'duplicate-section'
  | 'duplicate-key'
  /** `[profile x]` and `[profile "x"]`: the CLI and boto3 take the later one alone, others merge them, and so do we. */
  | 'two-spellings'
  /** The CLI and boto3 take `key: value`; others skip the line. */
  | 'colon'
  /** The CLI and boto3 take the key in lower case, others as it is. */
  | 'upper-case-key'
  /** The CLI and boto3 take ` # …` for a part of the value, others for a comment. */
  | 'comment-behind-value';

const COMMENT_BEHIND_VALUE = /(?:^|\s)[#;]/;

/** All that clients don't agree on, in the order of the lines. */
export function findPeculiarities(document: Document): Peculiarity[] {
  const { lines, sections } = document;
  const found: Peculiarity[] = [];
  if (lines[0]?.text.startsWith('\ufeff') === true) found.push({ type: 'byte-order-mark', line: 1, name: '' });
  const loneReturn = lines.findIndex((line) => lineEndOf(line) === '\r');
  if (loneReturn !== -1) found.push({ type: 'lone-carriage-return', line: loneReturn + 1, name: '' });
  for (const [index, section] of sections.entries()) {
    const earlier = sections.slice(0, index).filter(({ title }) => isDeepStrictEqual(title, section.title));
    const at = { line: section.at + 1, name: section.name };
    if (earlier.some(({ name }) => name === section.name)) found.push({ type: 'duplicate-section', ...at });
    else if (earlier.length > 0) found.push({ type: 'two-spellings', ...at });
    found.push(...peculiarEntries(section, lines));
  }
  return found;
}

function peculiarEntries(section: Section, lines: readonly Line[]): Peculiarity[] {
  const keys = new Set<string>();
  return section.entries.flatMap((entry) => {
    const line = lines[entry.at];
    if (line === undefined) return [];
    const types: PeculiarityType[] = [];
    if (keys.has(entry.key)) types.push('duplicate-key');
    keys.add(entry.key);
    if (separatorOf(line).includes(':')) types.push('colon');
    if (keyOf(line) !== entry.key) types.push('upper-case-key');
    if (COMMENT_BEHIND_VALUE.test(valueTextOf(line))) types.push('comment-behind-value');
    return types.map((type) => ({ type, line: entry.at + 1, name: entry.key }));
  });
}
