/**
 * Edits of one document. Each gives a new document in which the named keys or the named section have changed, and every
 * other line is what it was, byte for byte. That no other line has changed its *meaning* either (an indented section
 * line, say, could become a part of the value before it) is checked after each edit.
 */
import { isDeepStrictEqual } from 'node:util';
import { StepupError } from '../errors.ts';
import { type Document, type Entry, parseDocument, type Section } from './document.ts';
import { indentOf, keyOf, type Line, lineEndOf, print, separatorOf, textBehindSection, valueTextOf } from './lexer.ts';
import { printProfileTitle } from './section-title.ts';

/** Read alike by every client: no line break, nothing trimmed, nothing taken for a comment. */
const UNWRITABLE_VALUE = /[\u0000-\u001f\u007f]|^\s|\s$|(?:^|\s)[#;]/;
const WRITABLE_KEY = /^[a-z][a-z0-9_]*$/;

/** The whole text of the file. */
export function printDocument(document: Document): string {
  return print(document.lines);
}

/**
 * Sets keys of a profile, which gets a section at the end of the file if it has none. A key that is there is changed in
 * its place (the last one, if it is there twice), with its block or further lines; a new one goes behind the last, and the
 * first one behind the comments that follow the section's name: there {@link removeProfile} knows them for the section's.
 * @throws StepupError `profile-name-unwritable`, `aws-file-unwritable`, `aws-file-edit-unsafe`
 */
export function setKeys(document: Document, profile: string, values: Readonly<Record<string, string>>): Document {
  return Object.entries(values).reduce((edited, [key, value]) => setKey(edited, profile, key, value), document);
}

/** Removes keys of a profile, wherever they are; what isn't there is no error. @throws StepupError `aws-file-edit-unsafe` */
export function removeKeys(document: Document, profile: string, keys: readonly string[]): Document {
  const entries = sectionsOf(document, profile).flatMap((section) => section.entries);
  const gone = new Set(entries.filter(({ key }) => keys.includes(key)).flatMap((entry) => linesOf(entry, document)));
  return reread(document, document.lines.filter((_, at) => !gone.has(at)).map(textOf), profile, keys);
}

/**
 * Removes all sections of a profile, from their first line to their last key, and one of two blank lines around. Of a
 * section with comments in it only the keys go: the comments stay below the line that says what they are about, and no
 * client takes an empty section for credentials. A comment behind the last key may belong to the section that follows.
 * @throws StepupError `aws-file-edit-unsafe`
 */
export function removeProfile(document: Document, profile: string): Document {
  const { lines } = document;
  const gone = new Set<number>();
  for (const section of sectionsOf(document, profile)) {
    const last = section.entries.at(-1)?.lastAt ?? section.at;
    if (hasComment(section, last, document)) {
      for (const at of section.entries.flatMap((entry) => linesOf(entry, document))) gone.add(at);
      continue;
    }
    for (let at = section.at; at <= last; at += 1) gone.add(at);
    const before = lines[section.at - 1];
    const after = lines[last + 1];
    if (before?.type === 'blank' && (after === undefined || after.type === 'blank')) gone.add(section.at - 1);
  }
  const mark = gone.has(0) ? markOf(document) : '';
  const kept = lines.filter((_, at) => !gone.has(at)).map(textOf);
  return reread(document, [mark, ...kept], profile, undefined);
}

/** Behind its name, or between its first line and its last key. */
function hasComment({ at }: Section, lastAt: number, { lines }: Document): boolean {
  return lines.slice(at, lastAt + 1).some((line) => line.type === 'comment' || textBehindSection(line) !== '');
}

/** The sections of this profile, in the order of the file. */
function sectionsOf(document: Document, profile: string): Section[] {
  return document.sections.filter(({ title }) => title.type === 'profile' && title.name === profile);
}

function setKey(document: Document, profile: string, key: string, value: string): Document {
  checkWritable(key, value);
  const sections = sectionsOf(document, profile);
  const last = sections.at(-1);
  if (last === undefined) return appendSection(document, profile, key, value);
  const entry = sections.flatMap((section) => section.entries).findLast((one) => one.key === key);
  const lines = entry === undefined ? insertEntry(document, last, key, value) : replaceEntry(document, entry, value);
  return reread(document, lines, profile, [key]);
}

function checkWritable(key: string, value: string): void {
  if (!WRITABLE_KEY.test(key)) throw new StepupError('aws-file-unwritable', { what: key, problem: 'characters' });
  if (value === '') throw new StepupError('aws-file-unwritable', { what: key, problem: 'empty' });
  if (UNWRITABLE_VALUE.test(value)) throw new StepupError('aws-file-unwritable', { what: key, problem: 'characters' });
}

function replaceEntry(document: Document, entry: Entry, value: string): string[] {
  const gone = new Set(linesOf(entry, document).filter((at) => at !== entry.at));
  return document.lines.flatMap((line, at) => {
    if (gone.has(at)) return [];
    return at === entry.at ? [withValue(line, entry.key, value)] : [line.text];
  });
}

/** Everything but the value stays; but only what all clients read as this key: `=`, and lower case. */
function withValue(line: Line, key: string, value: string): string {
  const isPlain = keyOf(line) === key && separatorOf(line).includes('=') && valueTextOf(line) !== '';
  if (!isPlain) return `${indentOf(line)}${key} = ${value}${lineEndOf(line)}`;
  return line.text.slice(0, line.valueStart) + value + line.text.slice(line.end);
}

function insertEntry(document: Document, section: Section, key: string, value: string): string[] {
  const lastEntry = section.entries.at(-1);
  const lines = document.lines.map(textOf);
  const at = lastEntry?.lastAt ?? lastCommentBelow(section, document);
  const example = lastEntry === undefined ? undefined : document.lines[lastEntry.at];
  // Behind a block, SDKs take an indented line for a part of it.
  const hasBlock = section.entries.some((entry) => entry.block !== undefined || entry.value === '');
  const indent = example === undefined || hasBlock ? '' : indentOf(example);
  const end = usualLineEnd(document);
  const before = withLineEnd(lines[at] ?? '', end);
  return [...lines.slice(0, at), before, `${indent}${key} = ${value}${end}`, ...lines.slice(at + 1)];
}

/** The last of the comment lines right below the section's name; without one, that line itself. */
function lastCommentBelow({ at }: Section, { lines }: Document): number {
  const behind = lines.findIndex((line, index) => index > at && line.type !== 'comment');
  return (behind === -1 ? lines.length : behind) - 1;
}

function appendSection(document: Document, profile: string, key: string, value: string): Document {
  const title = printProfileTitle(profile, document.file);
  const end = usualLineEnd(document);
  const text = printDocument(document);
  const before = text === '' || text === markOf(document) ? text : `${withLineEnd(text, end)}${end}`;
  return reread(document, [before, `[${title}]${end}`, `${key} = ${value}${end}`], profile, [key]);
}

/** The lines of an entry: its own, those that go on with it, and blank ones between; comments between stay. */
function linesOf(entry: Entry, document: Document): number[] {
  return document.lines.flatMap((line, at) =>
    at >= entry.at && at <= entry.lastAt && line.type !== 'comment' ? [at] : [],
  );
}

function textOf({ text }: Line): string {
  return text;
}

function markOf(document: Document): string {
  return document.lines[0]?.text.startsWith('\ufeff') === true ? '\ufeff' : '';
}

/** As the file ends its first line. */
function usualLineEnd({ lines: [first] }: Document): string {
  return (first === undefined ? '' : lineEndOf(first)) || '\n';
}

function withLineEnd(line: string, end: string): string {
  return /[\r\n]$/.test(line) ? line : `${line}${end}`;
}

/** @param keys of the profile that were meant to change; undefined if all of it was */
function reread(
  document: Document,
  lines: readonly string[],
  profile: string,
  keys: readonly string[] | undefined,
): Document {
  const { file, path } = document;
  const edited = parseAgain(lines.join(''), document, profile);
  const before = meaningWithout(document, profile, keys);
  const after = meaningWithout(edited, profile, keys);
  if (!isDeepStrictEqual(before, after)) {
    throw new StepupError('aws-file-edit-unsafe', { path, section: printProfileTitle(profile, file) });
  }
  return edited;
}

function parseAgain(text: string, { file, path }: Document, profile: string): Document {
  try {
    return parseDocument(text, file, path);
  } catch (error) {
    if (!(error instanceof StepupError)) throw error;
    const section = printProfileTitle(profile, file);
    throw new StepupError('aws-file-edit-unsafe', { path, section }, { cause: error });
  }
}

/** All keys and values of the file except those of the edit. */
function meaningWithout(document: Document, profile: string, keys: readonly string[] | undefined): unknown[] {
  return document.sections.flatMap(({ name, title, entries }) => {
    const isEdited = title.type === 'profile' && title.name === profile;
    const kept = isEdited ? entries.filter(({ key }) => keys !== undefined && !keys.includes(key)) : entries;
    const pairs = kept.map(({ key, value, block }) => [key, value, [...(block ?? [])]]);
    return isEdited && pairs.length === 0 ? [] : [[name, pairs]];
  });
}
