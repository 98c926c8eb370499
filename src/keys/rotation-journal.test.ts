import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rotationJournal } from './rotation-journal.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 's-'));
  path = join(folder, 'rotations', 'alice.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const BEGUN = { profile: 'work', oldKeyId: 'AKIAOLD', keyIdsBefore: ['AKIAOLD'], startedAtMs: 1 };

it('gives back what was begun until it is cleared, and lets nobody else read it', () => {
  const journal = rotationJournal(path);
  expect(journal.read()).toBeUndefined();
  journal.write(BEGUN);
  journal.write({ ...BEGUN, newKeyId: 'AKIANEW' });
  expect(rotationJournal(path).read()).toEqual({ ...BEGUN, newKeyId: 'AKIANEW' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'rotations')).mode & 0o777).toBe(0o700);
  journal.clear();
  journal.clear();
  expect(journal.read()).toBeUndefined();
});

it.each(['', '{', '[]', 'null', '{"profile":"work"}', JSON.stringify({ ...BEGUN, keyIdsBefore: [1] })])(
  'guesses nothing from %j',
  (text) => {
    rotationJournal(path).write(BEGUN);
    writeFileSync(path, text);
    expect(() => rotationJournal(path).read()).toThrow('rotation-journal-unreadable');
  },
);
