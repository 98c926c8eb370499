/** Changes of the AWS files: planned on what is there under the lock, written whole or not at all. */
import { devNull } from 'node:os';
import { requireReplaceable, resolveLinks } from '../files/atomic-write.ts';
import { type EditOutcome, editFile, editFiles } from '../files/edit-file.ts';
import type { LockOptions } from '../files/lock.ts';
import { type AwsFilePaths, type AwsFiles, parseAwsFiles } from './aws-files.ts';
import { type Document, parseDocument } from './document.ts';
import { printDocument, removeKeys, removeProfile, setKeys } from './edit-document.ts';
import type { FileKind } from './section-title.ts';

/** One change of one profile's section in one file; nothing else in the file changes. */
export type AwsEdit =
  | {
      readonly type: 'set';
      readonly file: FileKind;
      readonly profile: string;
      readonly values: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'remove-keys';
      readonly file: FileKind;
      readonly profile: string;
      readonly keys: readonly string[];
    }
  | { readonly type: 'remove-profile'; readonly file: FileKind; readonly profile: string };

export interface UpdateOutcome {
  readonly config: EditOutcome;
  readonly credentials: EditOutcome;
}

/**
 * Changes the AWS files. `plan` sees them as they are under the locks of both and gives the edits; it may be called
 * again if a program that takes no lock writes in between, and what it throws stops all before anything is written. A
 * credentials file that others may read is narrowed to its owner when it is written, and the outcome says so.
 * @throws StepupError `aws-file-syntax`, `profile-name-unwritable`, `aws-file-unwritable`, `aws-file-edit-unsafe`,
 * `lock-timeout`, `unsafe-path`, `file-system`; what `plan` throws
 */
export async function updateAwsFiles(
  paths: AwsFilePaths,
  plan: (files: AwsFiles) => readonly AwsEdit[],
  lock: LockOptions,
): Promise<UpdateOutcome> {
  if (areOneFile(paths)) {
    const outcome = await editFile(
      { path: paths.config, narrow: true },
      (text) => {
        const files = parseAwsFiles(paths, text, text);
        return editedTexts(files, plan(files)).config;
      },
      lock,
    );
    return { config: outcome, credentials: outcome };
  }
  const targets = [
    { path: paths.config, mayBeNull: true },
    { path: paths.credentials, narrow: true },
  ];
  const edit = ([config = '', credentials = '']: readonly string[]): readonly string[] => {
    const files = parseAwsFiles(paths, config, credentials);
    const texts = editedTexts(files, plan(files));
    return [texts.config, texts.credentials];
  };
  const [config, credentials] = await editFiles(targets, edit, lock);
  const unchanged = (path: string): EditOutcome => ({ type: 'unchanged', path });
  return { config: config ?? unchanged(paths.config), credentials: credentials ?? unchanged(paths.credentials) };
}

/** @throws what {@link updateAwsFiles} would throw for these edits, as far as it shows before anything is written */
export function requireEditable(files: AwsFiles, edits: readonly AwsEdit[]): void {
  const texts = editedTexts(files, edits);
  for (const file of ['config', 'credentials'] as const) {
    const path = files.paths[file];
    const isDropped = file === 'config' && resolveLinks(path) === devNull;
    if (!isDropped && texts[file] !== printDocument(files[file])) requireReplaceable(path);
  }
}

/** The texts of both files after these edits. @throws as {@link updateAwsFiles} */
export function editedTexts(files: AwsFiles, edits: readonly AwsEdit[]): Readonly<Record<FileKind, string>> {
  const { paths } = files;
  if (!areOneFile(paths)) {
    return { config: editedText(files.config, edits), credentials: editedText(files.credentials, edits) };
  }
  const text = editedText(parseDocument(editedText(files.config, edits), 'credentials', paths.credentials), edits);
  return { config: text, credentials: text };
}

/** `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` may lead to one file, with both kinds of sections in it. */
function areOneFile({ config, credentials }: AwsFilePaths): boolean {
  return resolveLinks(config) === resolveLinks(credentials);
}

/** The text of a document's file after those of the edits that are for it. @throws as {@link updateAwsFiles} */
export function editedText(document: Document, edits: readonly AwsEdit[]): string {
  return printDocument(edits.filter(({ file }) => file === document.file).reduce(applyEdit, document));
}

function applyEdit(document: Document, edit: AwsEdit): Document {
  switch (edit.type) {
    case 'set':
      return setKeys(document, edit.profile, edit.values);
    case 'remove-keys':
      return removeKeys(document, edit.profile, edit.keys);
    case 'remove-profile':
      return removeProfile(document, edit.profile);
  }
}
