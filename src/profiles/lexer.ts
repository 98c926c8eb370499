/**
 * An AWS file as lines, each cut into tokens. The tokens of all lines, put together, are the file, byte for byte:
 * whatever the rest of this room makes of a line, nothing of it can be lost. A line keeps its text and the places of the
 * cuts, not the tokens themselves: most lines are read once and never looked at more closely.
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
  /** `[name`, which is a mistake */
  | 'open-section'
  /** `key = value` */
  | 'entry'
  /** Neither section nor comment nor `key = value`, which is a mistake. */
  | 'text'
  /** More of the value of the entry before. */
  | 'continuation'
  /** `key = value` below a key without a value. */
  | 'block-entry'
  /** Below a key without a value, but no `key = value`, which is a mistake. */
  | 'block-text';

/** A line and the places of its cuts: indexes in `text`, in this order. */
export interface Line {
  readonly type: LineType;
  /** All of it, with its end, and with the byte order mark of a first line. */
  readonly text: string;
  /** Where what isn't white space begins and ends. */
  readonly start: number;
  readonly end: number;
  /** Of an entry: where the key ends. Of a section: where the name ends. */
  readonly keyEnd: number;
  /** Of an entry: where the value begins. Of a section: what comes behind the bracket. */
  readonly valueStart: number;
}

const BYTE_ORDER_MARK = '\ufeff';
/** `]` that ends the line or has a comment behind it. */
const SECTION_END = /\](?=\s*$|\s+[#;])/;

/**
 * Reads any text; what is wrong with it shows when the lines become a document. Plain searches where they do: V8 compiles
 * a regular expression when it is used, and again when it is used twice, which in a file's few lines nothing pays back.
 */
export function lex(text: string): Line[] {
  const lines: Line[] = [];
  // The entry that a deeper line would go on with: how far it is indented, and whether its value is a block below it.
  let openIndent = Number.POSITIVE_INFINITY;
  let isBlock = false;
  for (const lineText of splitLines(text)) {
    const line = lexLine(lineText, openIndent, isBlock);
    lines.push(line);
    if (line.type === 'entry' || line.type === 'text') {
      openIndent = indentOf(line).length;
      isBlock = line.valueStart === line.end;
    } else if (line.type === 'section' || line.type === 'open-section') {
      openIndent = Number.POSITIVE_INFINITY;
    }
  }
  return lines;
}

/** The text that the lines were read from. */
export function print(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('');
}

/** The line, cut. */
export function tokensOf(line: Line): Token[] {
  const { text, start } = line;
  const cuts: readonly Cut[] = [
    ['byte-order-mark', markLength(text)],
    ['space', start],
    ...CUTS[line.type](line),
    ['space', contentLength(text)],
    ['line-end', text.length],
  ];
  return cuts
    .map(([type, to], index) => ({ type, text: text.slice(cuts[index - 1]?.[1] ?? 0, to) }))
    .filter((token) => token.text !== '');
}

/** The white space before the first character that is none. */
export function indentOf({ text, start }: Line): string {
  return text.slice(markLength(text), start);
}

/** Of an entry: its key as it is written. */
export function keyOf({ text, start, keyEnd }: Line): string {
  return text.slice(start, keyEnd);
}

/** Of an entry: the sign between key and value, and the white space around it. */
export function separatorOf({ text, keyEnd, valueStart }: Line): string {
  return text.slice(keyEnd, valueStart);
}

/** Of an entry or a continuation: its value. */
export function valueTextOf({ text, valueStart, end }: Line): string {
  return text.slice(valueStart, end);
}

/** What comes behind the bracket of a section; of any other line, nothing. */
export function textBehindSection({ type, text, valueStart, end }: Line): string {
  return type === 'section' ? text.slice(valueStart, end) : '';
}

/** Of a section: what stands between the brackets. */
export function sectionNameOf({ text, start, keyEnd }: Line): string {
  return text.slice(start + 1, keyEnd);
}

/** LF, CRLF, CR, or nothing at the end of the file. */
export function lineEndOf({ text }: Line): string {
  return text.slice(contentLength(text));
}

type Cut = readonly [type: TokenType, end: number];

const entryCuts = ({ keyEnd, valueStart, end }: Line): readonly Cut[] => [
  ['key', keyEnd],
  ['separator', valueStart],
  ['value', end],
];
const valueCut = ({ end }: Line): readonly Cut[] => [['value', end]];

const CUTS: Readonly<Record<LineType, (line: Line) => readonly Cut[]>> = {
  blank: () => [],
  comment: ({ end }) => [['comment', end]],
  section: ({ start, keyEnd, valueStart, end }) => [
    ['bracket', start + 1],
    ['section', keyEnd],
    ['bracket', valueStart],
    ['after-section', end],
  ],
  'open-section': ({ start, end }) => [
    ['bracket', start + 1],
    ['section', end],
  ],
  entry: entryCuts,
  text: valueCut,
  continuation: valueCut,
  'block-entry': entryCuts,
  'block-text': valueCut,
};

function markLength(text: string): number {
  return text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
}

function contentLength(text: string): number {
  if (text.endsWith('\r\n')) return text.length - 2;
  return text.endsWith('\n') || text.endsWith('\r') ? text.length - 1 : text.length;
}

/** Each line with its end. */
function splitLines(text: string): string[] {
  const lines: string[] = [];
  let feed = -1;
  let carriage = -1;
  for (let start = 0, end = 0; start < text.length; start = end) {
    // Looked for again only once it is passed: a file may have one of the two alone.
    if (feed < start) feed = nextOf('\n', text, start);
    if (carriage < start) carriage = nextOf('\r', text, start);
    const mark = Math.min(feed, carriage);
    end = mark === text.length ? mark : mark + (text.startsWith('\r\n', mark) ? 2 : 1);
    lines.push(text.slice(start, end));
  }
  return lines;
}

/** Where the character is; the text's end if it isn't there. */
function nextOf(character: string, text: string, from = 0): number {
  const at = text.indexOf(character, from);
  return at === -1 ? text.length : at;
}

/** Where one of the two characters is, the nearer one; -1 if neither is there. */
function firstOf(one: string, other: string, text: string): number {
  const at = Math.min(nextOf(one, text), nextOf(other, text));
  return at === text.length ? -1 : at;
}

function lexLine(text: string, openIndent: number, isBlock: boolean): Line {
  const body = text.trim();
  if (body === '') return bodyless(text, contentLength(text));
  const start = text.length - text.trimStart().length;
  const end = start + body.length;
  if (body.startsWith('#') || body.startsWith(';')) return uncut('comment', text, start, end);
  if (start - markLength(text) > openIndent) {
    if (!isBlock) return uncut('continuation', text, start, end);
    return cutEntry('block-entry', text, start, body, body.indexOf('=')) ?? uncut('block-text', text, start, end);
  }
  if (body.startsWith('[')) return cutSection(text, start, body);
  return cutEntry('entry', text, start, body, firstOf('=', ':', body)) ?? uncut('text', text, start, end);
}

function bodyless(text: string, end: number): Line {
  return { type: 'blank', text, start: end, end, keyEnd: end, valueStart: end };
}

function uncut(type: LineType, text: string, start: number, end: number): Line {
  return { type, text, start, end, keyEnd: start, valueStart: start };
}

/** @param separator where it is in the body, or -1 */
function cutEntry(type: LineType, text: string, start: number, body: string, separator: number): Line | undefined {
  if (separator === -1) return undefined;
  const keyEnd = start + body.slice(0, separator).trimEnd().length;
  const end = start + body.length;
  return { type, text, start, end, keyEnd, valueStart: end - body.slice(separator + 1).trimStart().length };
}

/** Up to the first `]` that ends the line or has a comment behind it, else up to the last one. */
function cutSection(text: string, start: number, body: string): Line {
  const end = start + body.length;
  const first = body.indexOf(']') === body.length - 1 ? body.length - 1 : body.search(SECTION_END);
  const close = first === -1 ? body.lastIndexOf(']') : first;
  if (close === -1) return { type: 'open-section', text, start, end, keyEnd: end, valueStart: end };
  return { type: 'section', text, start, end, keyEnd: start + close, valueStart: start + close + 1 };
}
