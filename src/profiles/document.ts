/**
 * An AWS file as sections and entries, on top of its lines (see `lexer.ts`). The document is read-only: an edit makes
 * a new one (`edit-document.ts`).
 */
import { type AwsFileProblem, StepupError } from '../errors.ts';
import { indentOf, type Line, lex, textOf } from './lexer.ts';
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
  readonly isBlock: boolean;
  block?: Map<string, string>;
  value: string;
  lastAt: number;
}

/**
 * Reads a file's text.
 * @throws StepupError `aws-file-syntax` for a line that neither the AWS CLI nor an SDK could make sense of
 */
export function parseDocument(text: string, file: FileKind, path: string): Document {
  const lines = lex(text);
  const sections: MutableSection[] = [];
  let section: MutableSection | undefined;
  for (const [at, line] of lines.entries()) {
    if (line.type === 'section') {
      const name = sectionName(line, at, path);
      section = { name, title: readSectionTitle(name, file), at, entries: [] };
      sections.push(section);
    } else if (line.type === 'entry') {
      if (section === undefined) throw syntaxError('text-before-first-section', line, at, path);
      section.entries.push(readEntry(line, at, path));
    } else if (line.type === 'continuation') {
      const entry = section?.entries.at(-1);
      if (entry === undefined) throw new StepupError('internal', { problem: 'a value goes on that never began' });
      continueEntry(entry, lines, at, path);
    }
  }
  return { file, path, lines, sections };
}

function sectionName(line: Line, at: number, path: string): string {
  const closed = line.tokens.filter(({ type }) => type === 'bracket').length === 2;
  if (!closed) throw syntaxError('section-without-end', line, at, path);
  const name = textOf(line, 'section');
  if (name === '') throw syntaxError('section-without-name', line, at, path);
  return name;
}

function readEntry(line: Line, at: number, path: string): MutableEntry {
  if (textOf(line, 'separator') === '') throw syntaxError('line-without-equals-sign', line, at, path);
  const key = textOf(line, 'key').toLowerCase();
  if (key === '') throw syntaxError('line-without-key', line, at, path);
  const value = textOf(line, 'value');
  return { key, value, isBlock: value === '', at, lastAt: at };
}

function continueEntry(entry: MutableEntry, lines: readonly Line[], at: number, path: string): void {
  const line = lines[at];
  if (line === undefined) return;
  const value = textOf(line, 'value');
  if (entry.isBlock) {
    if (textOf(line, 'separator') === '') throw syntaxError('nested-line-without-equals-sign', line, at, path);
    entry.block ??= new Map();
    entry.block.set(textOf(line, 'key'), value);
  } else {
    const blanks = lines.slice(entry.lastAt + 1, at).filter(({ type }) => type === 'blank').length;
    entry.value += '\n'.repeat(blanks + 1) + value;
  }
  entry.lastAt = at;
}

function syntaxError(problem: AwsFileProblem, line: Line, at: number, path: string): StepupError {
  return new StepupError('aws-file-syntax', { path, line: at + 1, column: indentOf(line).length + 1, problem });
}
