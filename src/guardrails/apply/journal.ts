/**
 * What was there before a setup changed it, beside `stepup.yaml`: a line of JSON for each part, on the disk before the
 * part is changed. It only grows. Documents and names stand in it, no secrets.
 */
import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { StepupError } from '../../errors.ts';
import { fileSystemError } from '../../files/modes.ts';
import { readText } from '../../files/read.ts';
import type { JournalEntry } from './apply.ts';

export interface DatedEntry extends JournalEntry {
  /** ISO 8601. */
  readonly at: string;
}

/** `stepup.yaml` → `stepup.journal.jsonl`, in the same folder. */
export function journalPath(setupFile: string): string {
  return `${setupFile.replace(/\.(ya?ml|json)$/i, '')}.journal.jsonl`;
}

/** Appends one entry; when it returns, it is on the disk. Throws StepupError `file-system`. */
export function appendJournal(path: string, entry: JournalEntry, nowMs: number): void {
  try {
    const descriptor = openSync(path, 'a+', 0o600);
    try {
      const line = Buffer.from(
        `${endsWhole(descriptor) ? '' : '\n'}${JSON.stringify({ at: new Date(nowMs).toISOString(), ...entry })}\n`,
      );
      // One write of one line: two processes that append don't mix their lines.
      if (writeSync(descriptor, line) !== line.length) {
        throw new StepupError('file-system', { code: 'ENOSPC', path, operation: 'write' });
      }
      fdatasyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileSystemError(error, path, 'write');
  }
}

/** Whether the last line is whole: a full disk, or a kill, may have cut it off. */
function endsWhole(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
}

/** All entries, oldest first; none where there is no file. A line that was cut off is left out. */
export function readJournal(path: string): readonly DatedEntry[] {
  return (readText(path) ?? '').split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isEntry(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

function isEntry(value: unknown): value is DatedEntry {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return ['at', 'setup', 'accountId', 'arn', 'part', 'value'].every((name) => typeof fields[name] === 'string');
}
