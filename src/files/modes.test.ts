import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bitsForOthers, findOwnershipFault, makePrivateFolder, requireOwnFile } from './modes.ts';

let folder: string;
let path: string;
const isRoot = process.geteuid?.() === 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-modes-'));
  mkdirSync(join(folder, 'aws'), { mode: 0o700 });
  path = join(folder, 'aws', 'config');
  writeFileSync(path, 'x', { mode: 0o644 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('findOwnershipFault', () => {
  it('finds nothing wrong with a file of ours that others may only read', () => {
    expect(findOwnershipFault(path)).toBeUndefined();
    expect(() => requireOwnFile(path)).not.toThrow();
  });

  it.each([
    [0o664, 'writable-by-others'],
    [0o646, 'writable-by-others'],
  ])('finds mode %o', (mode, problem) => {
    chmodSync(path, mode);
    expect(findOwnershipFault(path)).toEqual({ path, problem });
    expect(() => requireOwnFile(path)).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
  });

  it.runIf(isRoot)('takes a user’s private group for the user, where a program is meant', () => {
    // Root's on each system that tests run on; a file that isn't a program is held to the letter.
    chmodSync(path, 0o775);
    expect(findOwnershipFault(path, { program: true })).toBeUndefined();
    expect(findOwnershipFault(path)).toMatchObject({ problem: 'writable-by-others' });
    chownSync(path, 0, 100);
    expect(findOwnershipFault(path, { program: true })).toMatchObject({ problem: 'writable-by-others' });
  });

  it('finds a secret that others may read', () => {
    expect(findOwnershipFault(path, { secret: true })).toEqual({ path, problem: 'readable-by-others' });
    chmodSync(path, 0o600);
    expect(findOwnershipFault(path, { secret: true })).toBeUndefined();
  });

  it('finds a folder on the way in which others could put another file', () => {
    chmodSync(join(folder, 'aws'), 0o770);
    expect(findOwnershipFault(path)).toEqual({ path: join(folder, 'aws'), problem: 'writable-by-others' });
    chmodSync(join(folder, 'aws'), 0o1777);
    expect(findOwnershipFault(path)).toBeUndefined();
  });

  it.runIf(isRoot)('finds what belongs to another', () => {
    chownSync(path, 1234, 1234);
    expect(findOwnershipFault(path)).toEqual({ path, problem: 'owned-by-another' });
    chownSync(path, 0, 0);
    chownSync(join(folder, 'aws'), 1234, 1234);
    expect(findOwnershipFault(path)).toEqual({ path: join(folder, 'aws'), problem: 'owned-by-another' });
  });

  it('follows links and looks at the way that they take', () => {
    mkdirSync(join(folder, 'open'));
    symlinkSync(path, join(folder, 'open', 'link'));
    symlinkSync('open/link', join(folder, 'start'));
    expect(findOwnershipFault(join(folder, 'start'))).toBeUndefined();
    chmodSync(join(folder, 'open'), 0o777);
    expect(findOwnershipFault(join(folder, 'start'))).toEqual({
      path: join(folder, 'open'),
      problem: 'writable-by-others',
    });
  });

  it.runIf(isRoot)('does not follow a link that somebody else planted in a sticky folder', async () => {
    const { lchownSync } = await import('node:fs');
    mkdirSync(join(folder, 'tmp'));
    chmodSync(join(folder, 'tmp'), 0o1777);
    symlinkSync(path, join(folder, 'tmp', 'link'));
    expect(findOwnershipFault(join(folder, 'tmp', 'link'))).toBeUndefined();
    lchownSync(join(folder, 'tmp', 'link'), 1234, 1234);
    expect(findOwnershipFault(join(folder, 'tmp', 'link'))).toEqual({
      path: join(folder, 'tmp', 'link'),
      problem: 'owned-by-another',
    });
  });

  it('names what is missing, what goes round, and what is no file', () => {
    expect(findOwnershipFault(join(folder, 'no', 'file'))).toEqual({ path: join(folder, 'no'), problem: 'missing' });
    symlinkSync('round', join(folder, 'round'));
    expect(findOwnershipFault(join(folder, 'round'))).toMatchObject({ problem: 'symbolic-link' });
    expect(findOwnershipFault(folder)).toMatchObject({ problem: 'not-a-regular-file' });
    expect(findOwnershipFault(join(path, 'below'))).toMatchObject({ path, problem: 'not-a-folder' });
  });
});

describe('makePrivateFolder', () => {
  it('makes each missing folder private and leaves one that is there', () => {
    const umask = process.umask(0);
    try {
      makePrivateFolder(join(folder, 'a', 'b'));
    } finally {
      process.umask(umask);
    }
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
    chmodSync(join(folder, 'a'), 0o755);
    makePrivateFolder(join(folder, 'a'));
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o755);
  });

  it('refuses a file in its place', () => {
    expect(() => makePrivateFolder(path)).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
    expect(() => makePrivateFolder(join(path, 'below'))).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
  });
});

describe('bitsForOthers', () => {
  it('tells what others may do', () => {
    expect(bitsForOthers(path)).toBe(0o044);
    chmodSync(path, 0o600);
    expect(bitsForOthers(path)).toBe(0);
    expect(bitsForOthers(join(folder, 'none'))).toBe(0);
  });
});
