/**
 * An AWS file as lines of tokens. The tokens of all lines, put together, are the file, byte for byte: whatever the
 * rest of this room makes of a line, nothing of it can be lost.
 *
 * What a line is follows the reader of the AWS CLI (botocore's `configloader`, which is Python's `RawConfigParser`):
 *
 * - `#` and `;` begin a comment at the beginning of a line only; behind a value they are a part of it.
 * - A line that is indented deeper than the key before it goes on with that key's value, blank lines and comments
 *   between them or not.
 * - `=` and `:` both end a key.
 * - Behind the `]` of a section's line, anything may stand.
 *
 * Lines end with LF, CRLF or CR. A byte order mark is kept, although the CLI itself stops at it (the SDKs don't).
 */
export type TokenType =
  | 'byte-order-mark'
  | 'space'
  | 'comment'
  | 'bracket'
  | 'section'
  | 'after-section'
  | 'key'
  | 'separator'
  | 'value'
  | 'line-end';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
}

export type LineType =
  | 'blank'
  | 'comment'
  /** `[name]` */
  | 'section'
  /** `key = value`, and a line that should have been one. */
  | 'entry'
  /** More of the value of the entry before; `key = value` again where that entry's own value is empty. */
  | 'continuation';

export interface Line {
  readonly type: LineType;
  readonly tokens: readonly Token[];
}

/** What the lines before say about the next one: the entry whose value may go on, if there is one in this section. */
interface OpenEntry {
  readonly indent: number;
  /** Nothing stands behind its `=`, so what follows is a block of entries below it. */
  readonly isBlock: boolean;
}

const BYTE_ORDER_MARK = '\ufeff';
const LINE_END = /\r\n|\n|\r/g;
const COMMENT = /^[#;]/;
/** Up to the first `]` that ends the line or has a comment behind it, else up to the last one. */
const SECTION = /^\[(.*?)\](\s*(?:\s[#;].*)?)$|^\[(.*)\](.*)$/s;
const ENTRY_SEPARATOR = /[=:]/;
const BLOCK_SEPARATOR = /=/;

/** Reads any text; what is wrong with it shows when the tokens become a document. */
export function lex(text: string): Line[] {
  const lines: Line[] = [];
  let open: OpenEntry | undefined;
  for (const { content, lineEnd } of splitLines(text)) {
    const mark = lines.length === 0 && content.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    const line = lexLine(content.slice(mark.length), open);
    open = openAfter(line, open);
    lines.push({
      type: line.type,
      tokens: [token('byte-order-mark', mark), ...line.tokens, token('line-end', lineEnd)].filter(isNotEmpty),
    });
  }
  return lines;
}

/** The text that the lines were read from. */
export function print(lines: readonly Line[]): string {
  return lines.map((line) => line.tokens.map(({ text }) => text).join('')).join('');
}

/** The text of the first token of this type, or nothing. */
export function textOf(line: Line, type: TokenType): string {
  return line.tokens.find((one) => one.type === type)?.text ?? '';
}

/** The white space before the first character that is none. */
export function indentOf(line: Line): string {
  const [first, second] = line.tokens;
  const token = first?.type === 'byte-order-mark' ? second : first;
  return token?.type === 'space' ? token.text : '';
}

function splitLines(text: string): { readonly content: string; readonly lineEnd: string }[] {
  const lines: { content: string; lineEnd: string }[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE_END)) {
    lines.push({ content: text.slice(start, match.index), lineEnd: match[0] });
    start = match.index + match[0].length;
  }
  if (start < text.length) lines.push({ content: text.slice(start), lineEnd: '' });
  return lines;
}

function lexLine(content: string, open: OpenEntry | undefined): Line {
  const body = content.trim();
  const indent = content.slice(0, content.length - content.trimStart().length);
  const around = (tokens: readonly Token[]): Token[] => [
    token('space', indent),
    ...tokens,
    token('space', body === '' ? '' : content.slice(indent.length + body.length)),
  ];
  if (body === '') return { type: 'blank', tokens: around([]) };
  if (COMMENT.test(body)) return { type: 'comment', tokens: around([token('comment', body)]) };
  if (open !== undefined && indent.length > open.indent) {
    const tokens = open.isBlock ? entryTokens(body, BLOCK_SEPARATOR) : [token('value', body)];
    return { type: 'continuation', tokens: around(tokens) };
  }
  if (body.startsWith('[')) return { type: 'section', tokens: around(sectionTokens(body)) };
  return { type: 'entry', tokens: around(entryTokens(body, ENTRY_SEPARATOR)) };
}

function openAfter(line: Line, open: OpenEntry | undefined): OpenEntry | undefined {
  if (line.type === 'section') return undefined;
  if (line.type !== 'entry') return open;
  return { indent: indentOf(line).length, isBlock: textOf(line, 'value') === '' };
}

function sectionTokens(body: string): Token[] {
  const match = SECTION.exec(body);
  if (match === null) return [token('bracket', '['), token('section', body.slice(1))];
  const [, name = match[3] ?? '', rest = match[4] ?? ''] = match;
  return [token('bracket', '['), token('section', name), token('bracket', ']'), token('after-section', rest)];
}

/** A line without a separator becomes a value without a key. */
function entryTokens(body: string, separator: RegExp): Token[] {
  const at = body.search(separator);
  if (at === -1) return [token('value', body)];
  const key = body.slice(0, at).trimEnd();
  const value = body.slice(at + 1).trimStart();
  return [
    token('key', key),
    token('separator', body.slice(key.length, body.length - value.length)),
    token('value', value),
  ];
}

function token(type: TokenType, text: string): Token {
  return { type, text };
}

function isNotEmpty({ text }: Token): boolean {
  return text !== '';
}
