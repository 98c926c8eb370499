import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeNewFile } from './write-new.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-write-new-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('writes a file for its owner alone, once', () => {
  const path = join(folder, 'stepup.yaml');
  expect(writeNewFile(path, 'one')).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(writeNewFile(path, 'two')).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe('one');
});

it('takes a link that leads nowhere for something that is there', () => {
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
  expect(writeNewFile(join(folder, 'link'), 'one')).toBe(false);
});

it('names what the system said', () => {
  expect(() => writeNewFile(join(folder, 'no', 'folder'), 'one')).toThrow(
    expect.objectContaining({ fields: expect.objectContaining({ code: 'ENOENT', operation: 'write' }) }),
  );
});
