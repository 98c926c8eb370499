/** Where a statement stands in its document: from its opening brace to its closing one. */
import type { Location } from '../../policy/document.ts';
import type { XmlValue } from '../operation.ts';

/** `StartPosition` and `EndPosition` of AWS's answer; nothing if the place isn't known. Lines and columns count from 1. */
export function statementSpan(text: string, { line, column }: Location): { readonly [element: string]: XmlValue } {
  if (line === undefined || column === undefined) return {};
  const start = offsetOf(text, line, column);
  return { StartPosition: { Line: line, Column: column }, EndPosition: positionOf(text, closingBrace(text, start)) };
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let skipped = 1; skipped < line; skipped++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

function positionOf(text: string, offset: number): XmlValue {
  const before = text.slice(0, offset);
  return { Line: before.split('\n').length, Column: offset - before.lastIndexOf('\n') };
}

/** The text is JSON that parsed, so braces outside of strings come in pairs. */
function closingBrace(text: string, start: number): number {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '{') depth += 1;
    if (token[0] === '}') depth -= 1;
    if (depth === 0) return token.index;
  }
  return text.length;
}
