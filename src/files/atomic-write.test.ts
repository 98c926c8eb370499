import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireReplaceable, resolveLinks, writeFileAtomic } from './atomic-write.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-write-'));
  path = join(folder, 'credentials');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (file: string): number => statSync(file).mode & 0o7777;
const isRoot = process.geteuid?.() === 0;

describe('requireReplaceable', () => {
  it('takes a file that is there, one that is not, and one whose folder is not', () => {
    writeFileSync(path, 'old');
    for (const one of [path, join(folder, 'other'), join(folder, 'new', 'credentials')]) {
      expect(() => requireReplaceable(one)).not.toThrow();
    }
    expect(readdirSync(folder)).toEqual(['credentials']);
  });

  it('refuses a folder and a device', () => {
    for (const one of [folder, devNull]) {
      expect(() => requireReplaceable(one)).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
    }
  });

  it.skipIf(isRoot)('refuses a file in a folder that may not be written', () => {
    chmodSync(folder, 0o500);
    for (const one of [path, join(folder, 'new', 'folder', 'credentials')]) {
      expect(() => requireReplaceable(one)).toThrow(
        expect.objectContaining({ code: 'file-system', fields: expect.objectContaining({ code: 'EACCES' }) }),
      );
    }
    chmodSync(folder, 0o700);
  });
});

describe('writeFileAtomic', () => {
  it('makes a private file in a private folder', () => {
    const deep = join(folder, 'new', 'credentials');
    expect(writeFileAtomic(deep, 'a')).toEqual({ path: deep, created: true });
    expect(readFileSync(deep, 'utf8')).toBe('a');
    expect(modeOf(deep)).toBe(0o600);
    expect(modeOf(join(folder, 'new'))).toBe(0o700);
    expect(readdirSync(join(folder, 'new'))).toEqual(['credentials']);
  });

  it('keeps the mode, whatever the umask, and narrows it when asked', () => {
    writeFileSync(path, 'old');
    chmodSync(path, 0o664);
    const umask = process.umask(0o077);
    try {
      expect(writeFileAtomic(path, 'new')).toEqual({ path, created: false });
      expect(modeOf(path)).toBe(0o664);
    } finally {
      process.umask(umask);
    }
    expect(writeFileAtomic(path, 'newer', { narrow: true })).toEqual({ path, created: false, narrowedFrom: 0o664 });
    expect(modeOf(path)).toBe(0o600);
    expect(writeFileAtomic(path, 'newest', { narrow: true })).toEqual({ path, created: false });
  });

  it.runIf(isRoot)('keeps the owner', () => {
    writeFileSync(path, 'old');
    chownSync(path, 1234, 4321);
    writeFileAtomic(path, 'new');
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it.runIf(isRoot)('gives what root makes to the owner of the folder', () => {
    chownSync(folder, 1234, 4321);
    writeFileAtomic(path, 'new');
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it('writes through symbolic links, relative, in a chain, and to a file that is not there yet', () => {
    mkdirSync(join(folder, 'dotfiles'));
    symlinkSync('dotfiles/link', path);
    symlinkSync('target', join(folder, 'dotfiles', 'link'));
    expect(resolveLinks(path)).toBe(join(folder, 'dotfiles', 'target'));
    writeFileAtomic(path, 'one');
    expect(readFileSync(join(folder, 'dotfiles', 'target'), 'utf8')).toBe('one');
    writeFileAtomic(path, 'two');
    expect(readFileSync(join(folder, 'dotfiles', 'target'), 'utf8')).toBe('two');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readlinkSync(path)).toBe('dotfiles/link');
  });

  it('takes a file that another makes meanwhile for what it is', async () => {
    const script = `const { unlinkSync, writeFileSync } = require('node:fs');
process.stdout.write('up');
for (;;) { writeFileSync(process.argv[1], ''); unlinkSync(process.argv[1]); }`;
    const other = spawn(process.execPath, ['-e', script, path]);
    try {
      await once(other.stdout, 'data');
      for (let round = 0; round < 5_000; round += 1) expect(resolveLinks(path)).toBe(path);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('refuses links that go round, folders and devices', () => {
    symlinkSync('credentials', path);
    expect(() => writeFileAtomic(path, 'x')).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
    expect(() => writeFileAtomic(folder, 'x')).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
    expect(() => writeFileAtomic('/dev/null', 'x')).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
  });

  it('keeps every byte of binary content', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    writeFileAtomic(path, bytes);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
  });

  /** Runs `script` in a process of its own, with `writeFileAtomic` and `target` in scope, behind a shell command. */
  function runElsewhere(script: string, before = '') {
    const scratch = mkdtempSync(join(tmpdir(), 'stepup-write-script-'));
    try {
      buildSync({
        entryPoints: [join(import.meta.dirname, 'atomic-write.ts')],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: join(scratch, 'writer.mjs'),
      });
      const file = join(scratch, 'script.mjs');
      writeFileSync(
        file,
        `import { writeFileAtomic } from './writer.mjs'; const target = ${JSON.stringify(path)}; ${script}`,
      );
      return spawnSync('bash', ['-c', `${before} exec "${process.execPath}" "${file}"`], { encoding: 'utf8' });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  it('removes what dead writers of this file left, and nothing else', () => {
    writeFileAtomic(path, 'first');
    const child = runElsewhere(`
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      fs.renameSync = () => process.kill(process.pid, 'SIGKILL');
      syncBuiltinESMExports();
      writeFileAtomic(target, 'never seen');
    `);
    expect(child.signal ?? child.status).toBe('SIGKILL');
    const stray = String(readdirSync(folder).find((name) => name.endsWith('.tmp')));
    expect(stray).toMatch(/^\.credentials\.stepup-[0-9a-f]{8}-\d+-[0-9a-f]{12}\.tmp$/);
    expect(modeOf(join(folder, stray))).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('first');

    const ofAlive = `.credentials.stepup-${stray.split('-')[1]}-${process.ppid}-0123456789ab.tmp`;
    const ofAnotherFile = stray.replace('.credentials.', '.config.');
    const foreign = '.credentials.stepup-00000000-1-0123456789ab.tmp';
    const foreignOld = '.credentials.stepup-00000000-2-0123456789ab.tmp';
    const notOurs = '.credentials.tmp';
    for (const name of [ofAlive, ofAnotherFile, foreign, foreignOld, notOurs]) writeFileSync(join(folder, name), 'x');
    utimesSync(join(folder, foreignOld), 0, 0);

    writeFileAtomic(path, 'second');
    expect(readdirSync(folder).sort()).toEqual([notOurs, ofAnotherFile, foreign, ofAlive, 'credentials'].sort());
    writeFileAtomic(path, 'third', { exclusive: true });
    expect(readdirSync(folder).sort()).toEqual([notOurs, ofAnotherFile, 'credentials'].sort());
  });

  it('leaves the old file whole, and nothing beside it, when there is no room for the new one', () => {
    writeFileSync(path, 'old');
    // A limit on the size of files fails a write in the middle, as a full disk does.
    const child = runElsewhere(
      `process.on('SIGXFSZ', () => {});
       try { writeFileAtomic(target, 'x'.repeat(100_000)); } catch (error) { console.log(JSON.stringify(error.fields)); }`,
      'ulimit -f 8;',
    );
    expect(JSON.parse(child.stdout)).toEqual({ code: 'EFBIG', path, operation: 'write' });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['credentials']);
  });
});
