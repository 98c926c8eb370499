import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFile } from './memory-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memory-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('remembers over runs, for nobody else to read', () => {
  const path = join(folder, 'new', 'users.json');
  memoryFile(path).remember('a', '1');
  memoryFile(path).remember('__proto__', '2');
  memoryFile(path).remember('a', '3');
  expect([memoryFile(path).recall('a'), memoryFile(path).recall('b')]).toEqual(['3', undefined]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
});

it.each(['', 'null', '[1]', '{"a": 1}', '{"a"'])('holds nothing when the file is %j', (text) => {
  const path = join(folder, 'users.json');
  writeFileSync(path, text);
  expect(memoryFile(path).recall('a')).toBeUndefined();
  expect(memoryFile(path).recall('toString')).toBeUndefined();
  memoryFile(path).remember('a', '1');
  expect(memoryFile(path).recall('a')).toBe('1');
});

it('is nobody’s trouble when it can’t be written', () => {
  writeFileSync(join(folder, 'file'), '');
  const memory = memoryFile(join(folder, 'file', 'users.json'));
  memory.remember('a', '1');
  expect(memory.recall('a')).toBeUndefined();
});
