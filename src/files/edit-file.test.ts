import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editFile, editFiles, lockPathFor } from './edit-file.ts';
import { tryLock } from './lock.ts';
import { readText } from './read.ts';

const isRoot = process.geteuid?.() === 0;

let folder: string;
let path: string;
const lock = { program: 'the test', waitMs: 20_000 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-edit-'));
  path = join(folder, 'credentials');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('editFile', () => {
  it('makes a file, changes it, and leaves it alone when nothing changes', async () => {
    expect(await editFile({ path }, (text) => `${text}a`, lock)).toEqual({
      type: 'written',
      path,
      created: true,
    });
    expect(await editFile({ path }, (text) => `${text}b`, lock)).toEqual({
      type: 'written',
      path,
      created: false,
    });
    const before = statSync(path);
    expect(await editFile({ path, narrow: true }, (text) => text, lock)).toEqual({ type: 'unchanged', path });
    expect(statSync(path).ino).toBe(before.ino);
    expect(readFileSync(path, 'utf8')).toBe('ab');
    expect(readdirSync(folder).sort()).toEqual(['.credentials.stepup-lock', 'credentials']);
  });

  it('does not make a file for an edit that gives nothing', async () => {
    await editFile({ path }, (text) => text, lock);
    expect(readText(path)).toBeUndefined();
  });

  it('narrows, and says from what', async () => {
    writeFileSync(path, 'a');
    chmodSync(path, 0o644);
    expect(await editFile({ path, narrow: true }, () => 'b', lock)).toEqual({
      type: 'written',
      path,
      created: false,
      narrowedFrom: 0o644,
    });
  });

  it('loses no update of callers in one process', async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => editFile({ path }, (text) => `${text}${index}\n`, lock)),
    );
    const numbers = readFileSync(path, 'utf8').trim().split('\n').map(Number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('keeps bytes that it does not understand out of harm: no write', async () => {
    const bytes = Buffer.from([0x23, 0x20, 0xe9, 0x0a]);
    writeFileSync(path, bytes);
    await expect(editFile({ path }, (text) => `${text}x`, lock)).rejects.toMatchObject({
      code: 'unsafe-path',
      fields: { problem: 'not-utf-8', line: 1, column: 3 },
    });
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('keeps a byte order mark, and a replacement character that was there before', async () => {
    writeFileSync(path, '\ufeffa\ufffd');
    await editFile({ path }, (text) => `${text}b`, lock);
    expect(readFileSync(path, 'utf8')).toBe('\ufeffa\ufffdb');
  });

  it('edits again when a program without the lock has written in the meantime', async () => {
    writeFileSync(path, 'one');
    let calls = 0;
    await editFile(
      { path },
      (text) => {
        calls += 1;
        if (calls === 1) writeFileSync(path, 'one, and theirs');
        return `${text}, and ours`;
      },
      lock,
    );
    expect(calls).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('one, and theirs, and ours');
  });

  it('gives up, and writes nothing, when the file never rests', async () => {
    let calls = 0;
    const restless = editFile(
      { path },
      (text) => {
        calls += 1;
        writeFileSync(path, `${calls}`.repeat(calls));
        return `${text}!`;
      },
      lock,
    );
    await expect(restless).rejects.toMatchObject({ code: 'file-system', fields: { code: 'EBUSY' } });
    expect(readFileSync(path, 'utf8')).not.toContain('!');
  });

  it('waits for a stopped writer, which then overwrites nobody', async () => {
    writeFileSync(path, '');
    const script = `
      const { tryLock } = await import('fs-native-extensions');
      const fs = await import('node:fs');
      const fd = fs.openSync(${JSON.stringify(lockPathFor(path))}, 'w+', 0o600);
      tryLock(fd);
      const text = fs.readFileSync(${JSON.stringify(path)}, 'utf8');
      console.log('read');
      setTimeout(() => { fs.writeFileSync(${JSON.stringify(path)}, text + 'theirs\\n'); process.exit(0); }, 50);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await new Promise((done) => child.stdout.once('data', done));
      child.kill('SIGSTOP');
      const ours = editFile({ path }, (text) => `${text}ours\n`, lock);
      await new Promise((done) => setTimeout(done, 200));
      expect(readFileSync(path, 'utf8')).toBe('');
      child.kill('SIGCONT');
      await ours;
      expect(readFileSync(path, 'utf8')).toBe('theirs\nours\n');
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('editFiles', () => {
  it('shows the edit all texts and writes what changed', async () => {
    const other = join(folder, 'config');
    writeFileSync(path, 'a');
    const outcomes = await editFiles([{ path }, { path: other }], ([a = '', b = '']) => [a, `${a}${b}c`], lock);
    expect(outcomes).toEqual([
      { type: 'unchanged', path },
      { type: 'written', path: other, created: true },
    ]);
    expect(readFileSync(other, 'utf8')).toBe('ac');
  });

  it('writes nothing when the edit throws, and lets go', async () => {
    const both = editFiles(
      [{ path }, { path: join(folder, 'config') }],
      () => {
        throw new Error('not ours');
      },
      lock,
    );
    await expect(both).rejects.toThrow('not ours');
    expect(readText(path)).toBeUndefined();
    const free = await tryLock(lockPathFor(path), 'after');
    expect(free).toBeDefined();
    free?.release();
  });

  it('drops what is meant for the null device if it may, and makes nothing beside it', async () => {
    const outcomes = await editFiles([{ path: '/dev/null', mayBeNull: true }, { path }], () => ['x', 'y'], lock);
    expect(outcomes.map(({ type }) => type)).toEqual(['unchanged', 'written']);
    expect(existsSync(lockPathFor('/dev/null'))).toBe(false);
    const needed = editFiles([{ path }, { path: '/dev/null' }], () => ['z', 'x'], lock);
    await expect(needed).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(readText(path)).toBe('y');
  });

  it.skipIf(isRoot)(
    'takes no lock of a file that may not be written, and writes none where that one would change',
    async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed);
      const fixed = join(closed, 'config');
      writeFileSync(fixed, 'a');
      chmodSync(closed, 0o500);
      try {
        const beside = await editFiles([{ path }, { path: fixed }], ([, a = '']) => [`${a}b`, a], lock);
        expect(beside.map(({ type }) => type)).toEqual(['written', 'unchanged']);
        expect(readText(path)).toBe('ab');
        const both = editFiles([{ path }, { path: fixed }], () => ['x', 'y'], lock);
        await expect(both).rejects.toMatchObject({ code: 'file-system', fields: { code: 'EACCES', path: fixed } });
        expect(readText(path)).toBe('ab');
      } finally {
        chmodSync(closed, 0o700);
      }
    },
  );

  it('does not take two names of one file for two files', async () => {
    const link = join(folder, 'link');
    symlinkSync('credentials', link);
    await expect(editFiles([{ path }, { path: link }], (texts) => texts, lock)).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('does not stand in its own way when two callers name the files in different orders', async () => {
    const other = join(folder, 'config');
    const orders = [
      [path, other],
      [other, path],
    ];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        editFiles(
          (orders[index % 2] ?? []).map((file) => ({ path: file })),
          (texts) => texts.map((text) => `${text}x`),
          lock,
        ),
      ),
    );
    expect(readFileSync(path, 'utf8')).toHaveLength(20);
    expect(readFileSync(other, 'utf8')).toHaveLength(20);
  });
});
