import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appendJournal, journalPath, readJournal } from './journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (part: string) => ({
  setup: 's',
  accountId: '111122223333',
  arn: 'arn:aws:iam::1:role/r',
  part,
  value: '{}',
});

it('keeps what was there, oldest first, for its owner alone', () => {
  const path = journalPath(join(folder, 'stepup.yaml'));
  expect(path).toBe(join(folder, 'stepup.journal.jsonl'));
  expect(readJournal(path)).toEqual([]);
  appendJournal(path, entry('trust'), 0);
  appendJournal(path, entry('inline:a'), 1000);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readJournal(path)).toEqual([
    { at: '1970-01-01T00:00:00.000Z', ...entry('trust') },
    { at: '1970-01-01T00:00:01.000Z', ...entry('inline:a') },
  ]);
});

it('reads what is whole where a line was cut off, and goes on after it', () => {
  const path = join(folder, 'j');
  appendJournal(path, entry('trust'), 0);
  appendFileSync(path, '{"at":"1970-01-0');
  appendJournal(path, entry('boundary'), 0);
  appendJournal(path, entry('settings'), 0);
  expect(readJournal(path).map(({ part }) => part)).toEqual(['trust', 'boundary', 'settings']);
});

it('says what the system said where it can’t be written', () => {
  expect(() => appendJournal(join(folder, 'none', 'j'), entry('trust'), 0)).toThrow(
    expect.objectContaining({ code: 'file-system', fields: expect.objectContaining({ code: 'ENOENT' }) }),
  );
});
