import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { type Disk, machineDisk } from './disk.ts';
import { openJournal } from './journal.ts';
import { encodeRecord } from './journal-record.ts';
import { createState } from './state.ts';
import type { Change } from './store.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-journal-'));
  path = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

function openState({ disk, foldAfterBytes }: { disk?: Disk; foldAfterBytes?: number } = {}) {
  const state = createState({ visibleAfterMs: 0, now: () => 0 });
  const { log, cutBytes } = openJournal({
    path,
    restore: state.restore,
    ...(disk === undefined ? {} : { disk }),
    ...(foldAfterBytes === undefined ? {} : { foldAfterBytes }),
  });
  state.attach(log);
  return { state, cutBytes };
}

function step(serial: string, lastStep: number): Change {
  return { table: 'totpSteps', key: serial, value: { lastStep } };
}

/** The table's content as the file gives it back. */
function reread(): { steps: readonly number[]; cutBytes: number } {
  const { state, cutBytes } = openState();
  const steps = state.list('totpSteps', '').map(({ lastStep }) => lastStep);
  state.close();
  return { steps, cutBytes };
}

function failure(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('a journal', () => {
  it('gives back what was committed, changed and deleted', () => {
    const { state } = openState();
    state.commit([step('a', 1), step('b', 2)]);
    state.commit([step('a', 3)]);
    state.commit([{ table: 'totpSteps', key: 'b', value: null }, step('ünï\u{1f511}\ud800', 4)]);
    state.close();
    expect(reread()).toEqual({ steps: [3, 4], cutBytes: 0 });
    expect(reread()).toEqual({ steps: [3, 4], cutBytes: 0 });
  });

  it("is its owner's alone", () => {
    openState().state.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is cut at every point a kill may leave it at, and goes on from there', () => {
    const { state } = openState();
    state.commit([step('a', 1)]);
    const whole = statSync(path).size;
    state.commit([step('b', 2)]);
    state.close();
    const bytes = readFileSync(path);
    for (let length = whole + 1; length < bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      expect(reread()).toEqual({ steps: [1], cutBytes: length - whole });
      expect(statSync(path).size).toBe(whole);
    }
    const { state: next } = openState();
    next.commit([step('c', 3)]);
    next.close();
    expect(reread()).toEqual({ steps: [1, 3], cutBytes: 0 });
  });

  it('is cut before pages that never reached the disk', () => {
    const { state } = openState();
    state.commit([step('a', 1)]);
    state.close();
    appendFileSync(path, Buffer.alloc(40));
    expect(reread()).toEqual({ steps: [1], cutBytes: 40 });
    const record = encodeRecord(JSON.stringify({ commit: 2, changes: [] }));
    appendFileSync(path, record.fill(0, 0, 20));
    expect(reread()).toEqual({ steps: [1], cutBytes: record.length });
  });

  it('is refused, with file and offset, wherever a byte of a whole record changed', () => {
    const { state } = openState();
    state.commit([step('a', 1)]);
    const second = statSync(path).size;
    state.commit([step('b', 2)]);
    const third = statSync(path).size;
    state.commit([step('c', 3)]);
    state.close();
    const bytes = readFileSync(path);
    for (let at = second; at < bytes.length - 1; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (bytes[at] as number) ^ 0x20;
      writeFileSync(path, damaged);
      const error = failure(reread);
      expect(isStepupError(error, 'sandbox-data-corrupt') && error.fields).toMatchObject({
        file: path,
        offset: at < third ? second : third,
      });
      expect(readFileSync(path)).toEqual(damaged);
    }
  });

  it('is refused when a record is missing, doubled or foreign', () => {
    const { state } = openState();
    for (const [index, serial] of ['a', 'b', 'c'].entries()) state.commit([step(serial, index)]);
    state.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const [header, a, b, c] = lines as [string, string, string, string];
    for (const damaged of [
      [header, a, c],
      [header, a, b, b, c],
      [header, b, a, c],
      [a, b, c],
      [header, a, b, c, 'hello'],
    ]) {
      writeFileSync(path, `${damaged.join('\n')}\n`);
      expect(isStepupError(failure(reread), 'sandbox-data-corrupt')).toBe(true);
    }
  });

  it('of a newer sandbox is refused by its version', () => {
    const header = { format: 'stepup-sandbox-journal', version: 2, somethingNew: true };
    writeFileSync(path, encodeRecord(JSON.stringify(header)));
    const error = failure(reread);
    expect(isStepupError(error, 'sandbox-data-newer') && error.fields).toEqual({
      file: path,
      version: 2,
      supported: 1,
    });
  });

  it('folds its commits into a snapshot, and never grows past twice what it holds', () => {
    const { state } = openState({ foldAfterBytes: 2_000 });
    let longest = 0;
    for (let round = 0; round < 1_000; round++) {
      state.commit([step(`serial-${round % 7}`, round)]);
      longest = Math.max(longest, statSync(path).size);
    }
    state.close();
    expect(longest).toBeLessThan(4_000);
    expect(reread().steps.toSorted((a, b) => a - b)).toEqual([993, 994, 995, 996, 997, 998, 999]);
  });

  it('whose snapshot is cut short is refused: it was whole when it took its place', () => {
    const { state } = openState({ foldAfterBytes: 100 });
    for (let round = 0; round < 50; round++) state.commit([step(`serial-${round}`, round)]);
    state.close();
    truncateSync(path, 200);
    expect(isStepupError(failure(reread), 'sandbox-data-corrupt')).toBe(true);
  });

  it('survives a kill between a new file and its renaming', () => {
    const { state } = openState();
    state.commit([step('a', 1)]);
    state.close();
    writeFileSync(`${path}.new`, 'half a snapsh');
    expect(reread()).toEqual({ steps: [1], cutBytes: 0 });
  });
});

describe('a folder that can not be synced', () => {
  it('once a new file took its place acknowledges nothing that a power cut could take back', () => {
    const syncs = { fail: false };
    const disk: Disk = {
      ...machineDisk,
      syncFolder(path) {
        if (syncs.fail) throw new Error('EIO');
        machineDisk.syncFolder(path);
      },
    };
    const { state } = openState({ disk, foldAfterBytes: 300 });
    syncs.fail = true;
    let committed = 0;
    const commitUntilRefused = () => {
      for (; committed < 100; committed++) state.commit([step('a', committed)]);
    };
    expect(commitUntilRefused).toThrow('EIO');
    expect(committed).toBeGreaterThan(0);
    expect(state.get('totpSteps', 'a')).toEqual({ lastStep: committed - 1 });
    state.close();
    expect(reread()).toEqual({ steps: [committed - 1], cutBytes: 0 });
  });
});

describe('a full disk', () => {
  function fullDisk() {
    const room = { bytes: Number.POSITIVE_INFINITY };
    const disk: Disk = {
      ...machineDisk,
      writeSync(descriptor, bytes, offset, length, position) {
        if (room.bytes === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        const fits = Math.min(length, room.bytes);
        room.bytes -= fits;
        return machineDisk.writeSync(descriptor, bytes, offset, fits, position);
      },
    };
    return { room, disk };
  }

  it('fails the commit and leaves file and memory as they were', () => {
    const { room, disk } = fullDisk();
    const { state } = openState({ disk });
    state.commit([step('a', 1)]);
    room.bytes = 10;
    expect(() => state.commit([step('a', 2), step('b', 2)])).toThrow('ENOSPC');
    expect(state.get('totpSteps', 'a')).toEqual({ lastStep: 1 });
    expect(state.get('totpSteps', 'b')).toBeUndefined();
    room.bytes = Number.POSITIVE_INFINITY;
    state.commit([step('c', 3)]);
    state.close();
    expect(reread()).toEqual({ steps: [1, 3], cutBytes: 0 });
  });

  it('at a snapshot leaves the long file, and is tried again later', () => {
    const { room, disk } = fullDisk();
    const { state } = openState({ disk, foldAfterBytes: 500 });
    const roomForOne = 80;
    for (let round = 0; round < 40; round++) {
      room.bytes = roomForOne;
      state.commit([step('a', round)]);
    }
    expect(statSync(path).size).toBeGreaterThan(1_500);
    room.bytes = Number.POSITIVE_INFINITY;
    for (let round = 40; round < 60; round++) state.commit([step('a', round)]);
    expect(statSync(path).size).toBeLessThan(1_500);
    state.close();
    expect(reread()).toEqual({ steps: [59], cutBytes: 0 });
  });

  it('that can not even be cut back refuses every later commit', () => {
    const { room, disk } = fullDisk();
    const broken = { ...disk, ftruncateSync: () => failNow() };
    const failNow = () => {
      throw new Error('EIO');
    };
    const { state } = openState({ disk: broken });
    state.commit([step('a', 1)]);
    room.bytes = 5;
    expect(() => state.commit([step('b', 2)])).toThrow('ENOSPC');
    room.bytes = Number.POSITIVE_INFINITY;
    expect(() => state.commit([step('c', 3)])).toThrow('ENOSPC');
    state.close();
    expect(reread()).toEqual({ steps: [1], cutBytes: 5 });
  });
});
