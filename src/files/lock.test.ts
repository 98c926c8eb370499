import { type ChildProcess, spawn } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { acquireLock, readLockHolder, tryLock, withLock } from './lock.ts';

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-lock-'));
  path = join(folder, 'a.lock');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that takes the lock, says so, and keeps it. */
async function holderProcess(): Promise<ChildProcess> {
  const program = `
    const { tryLock } = await import('fs-native-extensions');
    const { openSync, writeSync } = await import('node:fs');
    const fd = openSync(${JSON.stringify(path)}, 'w+', 0o600);
    if (!tryLock(fd)) process.exit(9);
    writeSync(fd, JSON.stringify({ pid: process.pid, program: 'the other one' }));
    console.log('held');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: new URL('../..', pathToFileURL(import.meta.filename)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await new Promise<void>((done, fail) => {
    child.stdout?.once('data', () => done());
    child.once('exit', (code) => fail(new Error(`the holder ended with ${code}`)));
  });
  return child;
}

const options = { program: 'the test', waitMs: 10_000 };

describe('lock', () => {
  it('is taken, tells its holder, and is let go', async () => {
    const lock = await acquireLock(path, options);
    expect(readLockHolder(path)).toEqual({ pid: process.pid, program: 'the test' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await tryLock(path, 'second')).toBeUndefined();
    lock.release();
    lock.release();
    expect(readLockHolder(path)).toBeUndefined();
    const again = await tryLock(path, 'second');
    expect(again).toBeDefined();
    again?.release();
  });

  it('makes the folder of the lock file private', async () => {
    const deep = join(folder, 'x', 'y', 'z.lock');
    (await acquireLock(deep, options)).release();
    expect(statSync(join(folder, 'x')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'x', 'y')).mode & 0o777).toBe(0o700);
  });

  it('serves the callers of one process in the order in which they asked', async () => {
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        withLock(path, options, async () => {
          inside += 1;
          expect(inside).toBe(1);
          await new Promise((done) => setImmediate(done));
          order.push(index);
          inside -= 1;
        }),
      ),
    );
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('keeps the order when one in the line gives up', async () => {
    const first = await acquireLock(path, options);
    const impatient = acquireLock(path, { program: 'impatient', waitMs: 5 });
    const patient = acquireLock(path, options);
    await expect(impatient).rejects.toMatchObject({ code: 'lock-timeout' });
    let patientHas = false;
    patient.then(() => {
      patientHas = true;
    });
    await new Promise((done) => setTimeout(done, 30));
    expect(patientHas).toBe(false);
    first.release();
    (await patient).release();
  });

  it('lets go when the work throws', async () => {
    await expect(
      withLock(path, options, () => {
        throw new Error('work');
      }),
    ).rejects.toThrow('work');
    (await acquireLock(path, { program: 'after', waitMs: 0 })).release();
  });

  it('says who holds it when the wait ends, and is freed by the death of the holder', async () => {
    const child = await holderProcess();
    let waitedFor: unknown;
    const error = await acquireLock(path, {
      program: 'waiter',
      waitMs: 50,
      onWait: (holder) => {
        waitedFor = holder;
      },
    }).catch((reason: unknown) => reason);
    const holder = { pid: child.pid, program: 'the other one' };
    expect(isStepupError(error, 'lock-timeout') && error.fields).toEqual({ path, waitedMs: 50, holder });
    expect(waitedFor).toEqual(holder);

    const waiting = acquireLock(path, options);
    await new Promise((done) => setTimeout(done, 50));
    child.kill('SIGKILL');
    (await waiting).release();
  });

  it('is not freed by age: a stopped holder still holds it', async () => {
    const child = await holderProcess();
    child.kill('SIGSTOP');
    const longAgo = new Date(Date.now() - 86_400_000);
    const { utimesSync } = await import('node:fs');
    utimesSync(path, longAgo, longAgo);
    await expect(acquireLock(path, { program: 'waiter', waitMs: 100 })).rejects.toMatchObject({ code: 'lock-timeout' });
    child.kill('SIGCONT');
  });

  it('ends the wait when the signal aborts', async () => {
    await holderProcess();
    const stop = new AbortController();
    const waiting = acquireLock(path, { ...options, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('Ctrl-C')), 20);
    await expect(waiting).rejects.toThrow('Ctrl-C');
  });

  it('ends the wait in the line of this process when the signal aborts', async () => {
    const held = await acquireLock(path, options);
    const stop = new AbortController();
    const waiting = acquireLock(path, { ...options, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('Ctrl-C')), 20);
    await expect(waiting).rejects.toThrow('Ctrl-C');
    held.release();
  });

  it('asks for the file that is at the path now, not for one that was removed', async () => {
    await holderProcess();
    const waiting = acquireLock(path, options);
    await new Promise((done) => setTimeout(done, 20));
    renameSync(path, `${path}.gone`);
    const lock = await waiting;
    expect(readLockHolder(path)?.program).toBe('the test');
    lock.release();
  });

  it('is not led astray by a symbolic link', async () => {
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'content');
    symlinkSync(precious, path);
    await expect(acquireLock(path, options)).rejects.toMatchObject({
      code: 'unsafe-path',
      fields: { problem: 'symbolic-link' },
    });
    expect(readFileSync(precious, 'utf8')).toBe('content');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });

  it('does not write its hint into a file that has another name', async () => {
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'content');
    linkSync(precious, path);
    await expect(acquireLock(path, options)).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(readFileSync(precious, 'utf8')).toBe('content');
  });

  it('refuses a folder in the place of the lock file', async () => {
    await expect(acquireLock(folder, options)).rejects.toMatchObject({
      code: 'unsafe-path',
      fields: { problem: 'not-a-regular-file' },
    });
  });

  it('takes a lock file with nonsense in it', async () => {
    writeFileSync(path, '{"pid": "x"}');
    expect(readLockHolder(path)).toBeUndefined();
    (await acquireLock(path, options)).release();
  });
});
