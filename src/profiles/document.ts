/**
 * An AWS file as sections and entries, on top of its lines (see `lexer.ts`). The document is read-only: an edit makes
 * a new one (`edit-document.ts`).
 */
import { type AwsFileProblem, StepupError } from '../errors.ts';
import { indentOf, keyOf, type Line, type LineType, lex, sectionNameOf, valueTextOf } from './lexer.ts';
import { type FileKind, readSectionTitle, type SectionTitle } from './section-title.ts';

export interface Document {
  readonly file: FileKind;
  /** For errors. */
  readonly path: string;
  readonly lines: readonly Line[];
  /** In the order of the file; one name may come more than once. */
  readonly sections: readonly Section[];
}

export interface Section {
  /** What stands between the brackets, as it is: `profile "with space"`. */
  readonly name: string;
  readonly title: SectionTitle;
  /** Index of its line. */
  readonly at: number;
  readonly entries: readonly Entry[];
}

export interface Entry {
  /** In lower case, as botocore takes keys. */
  readonly key: string;
  /** More lines of it are joined by LF, as botocore does; of a block, nothing. */
  readonly value: string;
  /** The entries below a key without a value (`s3 =`), keys as they are. */
  readonly block?: ReadonlyMap<string, string>;
  /** Index of its first line, and of the last one that belongs to its value. */
  readonly at: number;
  readonly lastAt: number;
}

interface MutableSection extends Section {
  readonly entries: MutableEntry[];
}

interface MutableEntry {
  readonly key: string;
  readonly at: number;
  block?: Map<string, string>;
  value: string;
  lastAt: number;
}

/** Lines that nobody could make sense of. */
const MISTAKES: Readonly<Partial<Record<LineType, AwsFileProblem>>> = {
  'open-section': 'section-without-end',
  text: 'line-without-equals-sign',
  'block-text': 'nested-line-without-equals-sign',
};

/**
 * Reads a file's text.
 * @throws StepupError `aws-file-syntax` for a line that neither the AWS CLI nor an SDK could make sense of
 */
export function parseDocument(text: string, file: FileKind, path: string): Document {
  const lines = lex(text);
  const sections: MutableSection[] = [];
  let section: MutableSection | undefined;
  for (const [at, line] of lines.entries()) {
    if (line.type === 'blank' || line.type === 'comment') continue;
    const mistake = mistakeIn(line, section !== undefined);
    if (mistake !== undefined) throw syntaxError(mistake, line, at, path);
    if (line.type === 'section') {
      section = readSection(line, at, file, path);
      sections.push(section);
    } else if (line.type === 'entry') {
      section?.entries.push(readEntry(line, at, path));
    } else {
      continueEntry(section?.entries.at(-1), lines, at);
    }
  }
  return { file, path, lines, sections };
}

function mistakeIn({ type }: Line, isInSection: boolean): AwsFileProblem | undefined {
  const startsSection = type === 'section' || type === 'open-section';
  return isInSection || startsSection ? MISTAKES[type] : 'text-before-first-section';
}

function readSection(line: Line, at: number, file: FileKind, path: string): MutableSection {
  const name = sectionNameOf(line);
  if (name === '') throw syntaxError('section-without-name', line, at, path);
  return { name, title: readSectionTitle(name, file), at, entries: [] };
}

function readEntry(line: Line, at: number, path: string): MutableEntry {
  const key = keyOf(line).toLowerCase();
  if (key === '') throw syntaxError('line-without-key', line, at, path);
  return { key, value: valueTextOf(line), at, lastAt: at };
}

function continueEntry(entry: MutableEntry | undefined, lines: readonly Line[], at: number): void {
  const line = lines[at];
  if (entry === undefined || line === undefined) return;
  if (line.type === 'block-entry') {
    entry.block ??= new Map();
    entry.block.set(keyOf(line), valueTextOf(line));
  } else {
    const blanks = lines.slice(entry.lastAt + 1, at).filter(({ type }) => type === 'blank').length;
    entry.value += '\n'.repeat(blanks + 1) + valueTextOf(line);
  }
  entry.lastAt = at;
}

function syntaxError(problem: AwsFileProblem, line: Line, at: number, path: string): StepupError {
  return new StepupError('aws-file-syntax', { path, line: at + 1, column: indentOf(line).length + 1, problem });
}
