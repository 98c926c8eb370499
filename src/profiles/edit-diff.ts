/** What edits would do to the files, for a person to see first. Secrets are left out, in unchanged lines as well. */
import type { AwsFiles } from './aws-files.ts';
import { printDocument } from './edit-document.ts';
import { type AwsEdit, editedText } from './update.ts';

export interface FileDiff {
  readonly path: string;
  /** Unified format without its first two lines; no secret in it. */
  readonly hunks: readonly Hunk[];
}

export interface Hunk {
  /** Counts from 1: where the hunk begins in the old file and in the new one. */
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly type: 'same' | 'removed' | 'added';
  readonly text: string;
}

const CONTEXT_LINES = 2;
/** Commented out or not. */
const SECRET = /^(\s*[#;]*\s*aws_(?:secret_access_key|session_token|security_token)\s*[=:]\s*).*$/i;

/** The files that the edits change. @throws StepupError as the edits themselves */
export function diffEdits(files: AwsFiles, edits: readonly AwsEdit[]): FileDiff[] {
  return [files.config, files.credentials].flatMap((document) => {
    const before = printDocument(document);
    const after = editedText(document, edits);
    return before === after ? [] : [{ path: document.path, hunks: diffLines(before, after) }];
  });
}

/** Line by line, by the longest common sequence of lines. */
export function diffLines(before: string, after: string): Hunk[] {
  const all = align(splitText(before), splitText(after));
  const hunks: { oldStart: number; newStart: number; lines: DiffLine[] }[] = [];
  let [oldLine, newLine, lastChange] = [1, 1, Number.NEGATIVE_INFINITY];
  for (const [at, line] of all.entries()) {
    const isNear = all
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ type }) => type !== 'same');
    if (isNear) {
      if (lastChange !== at - 1) hunks.push({ oldStart: oldLine, newStart: newLine, lines: [] });
      lastChange = at;
      hunks.at(-1)?.lines.push({ type: line.type, text: line.text.replace(SECRET, '$1…') });
    }
    if (line.type !== 'added') oldLine += 1;
    if (line.type !== 'removed') newLine += 1;
  }
  return hunks;
}

function splitText(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function align(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ type: 'same', text }));
  return [
    ...same(before.slice(0, start)),
    ...alignMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** `lengths[i][j]`: how many lines `before` from i on and `after` from j on have in common, in order. */
function alignMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const length = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row !== undefined) {
        row[j] = before[i] === after[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
      }
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      lines.push({ type: 'same', text: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (fresh === undefined || length(i + 1, j) >= length(i, j + 1))) {
      lines.push({ type: 'removed', text: old });
      i += 1;
    } else {
      lines.push({ type: 'added', text: fresh ?? '' });
      j += 1;
    }
  }
  return lines;
}
