import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findProgram } from './find-program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-path-'));
  for (const name of ['first', 'second']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, mode = 0o755): string {
  const whole = join(folder, path);
  writeFileSync(whole, '#!/bin/sh\n');
  chmodSync(whole, mode);
  return whole;
}

it('takes the first folder of PATH that has the program', () => {
  put('first/other');
  const second = put('second/tool');
  const PATH = [join(folder, 'none'), join(folder, 'first'), join(folder, 'second')].join(delimiter);
  expect(findProgram('tool', { PATH })).toBe(second);
  expect(findProgram('missing', { PATH })).toBeUndefined();
  expect(findProgram('tool', {})).toBeUndefined();
});

it('passes over folders, files that may not be run, and relative entries', () => {
  mkdirSync(join(folder, 'first', 'tool'));
  expect(findProgram('tool', { PATH: join(folder, 'first') })).toBeUndefined();
  if (process.geteuid?.() !== 0) {
    put('second/plain', 0o644);
    expect(findProgram('plain', { PATH: join(folder, 'second') })).toBeUndefined();
  }
  put('second/tool');
  expect(
    findProgram('tool', { PATH: `${relative(process.cwd(), join(folder, 'second'))}${delimiter}` }),
  ).toBeUndefined();
});
