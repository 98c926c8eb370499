/**
 * A hundred programs edit one file at once, and one after another is killed or stopped at a random moment, often just
 * while it holds the lock. The file is whole at any time, no edit that was reported done is lost, and nothing is left
 * beside the file.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { lockPathFor } from '../../src/files/edit-file.ts';
import { readLockHolder } from '../../src/files/lock.ts';
import { type AwsFilePaths, readAwsFiles } from '../../src/profiles/aws-files.ts';
import { updateAwsFiles } from '../../src/profiles/update.ts';
import { startChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';
import { temporaryFolder } from './harness/temporary-folder.ts';

const WRITERS = 100;
const ROUNDS = 500;
/** Between two disturbances; what they disturb goes on meanwhile. */
const ROUND_MS = 20;
/** In every eighth round a writer is killed, in the others one is stopped: to start one again takes much longer. */
const KILL_EVERY = 8;
const LONGEST_STOP_MS = 60;
/** Most of the time goes to starting a hundred programs; a busy machine takes minutes for it. */
const TIMEOUT_MS = 400_000;

interface Writer {
  readonly name: string;
  child: ChildProcessWithoutNullStreams;
  /** The last count that it reported, and how many it has reported in all. */
  reported: number;
  reports: number;
}

test(
  'a hundred writers, killed and stopped five hundred times, lose nothing',
  async () => {
    const folder = await temporaryFolder();
    const program = await buildWriter(folder);
    const paths = { config: join(folder, 'config'), credentials: join(folder, 'credentials') };
    const writers = Array.from({ length: WRITERS }, (_, index) => startWriter(program, folder, `w${index}`));
    while (writers.some(({ reports }) => reports === 0)) {
      expect(writers.filter(({ child }) => child.exitCode !== null).map(({ name }) => name)).toEqual([]);
      await sleep(ROUND_MS);
    }
    const kills = await disturb(writers, paths, program, folder);
    await endWriters(writers);

    const total = checkState(paths);
    const counts = readCounts(paths);
    for (const { name, reported } of writers) expect(counts.get(name) ?? 0, name).toBeGreaterThanOrEqual(reported);
    const reports = writers.reduce((sum, writer) => sum + writer.reports, 0);
    // A writer that was killed between its edit and its report has done one more than we know of.
    expect(total).toBeGreaterThanOrEqual(reports);
    expect(total).toBeLessThanOrEqual(reports + kills);
    // All went on while some were disturbed: each had reported once before.
    expect(reports).toBeGreaterThan(WRITERS);

    const set = { type: 'set', file: 'credentials', profile: 'after', values: { x: 'y' } } as const;
    await updateAwsFiles(paths, () => [set], { program: 'the next run', waitMs: 0 });
    expect(readdirSync(folder).sort()).toEqual(
      ['.config.stepup-lock', '.credentials.stepup-lock', 'credentials', 'writer.mjs'].sort(),
    );
  },
  TIMEOUT_MS,
);

/** @returns how many were killed */
async function disturb(
  writers: readonly Writer[],
  paths: AwsFilePaths,
  program: string,
  folder: string,
): Promise<number> {
  let kills = 0;
  const stopped: Promise<void>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await sleep(Math.random() * 2 * ROUND_MS);
    checkState(paths);
    const mustKill = round % KILL_EVERY === 0;
    const writer = pickWriter(writers, paths, mustKill ? 0.9 : 0.5);
    if (mustKill) {
      kills += 1;
      await kill(writer);
      startWriter(program, folder, writer.name, writer);
    } else {
      const { child } = writer;
      child.kill('SIGSTOP');
      stopped.push(sleep(Math.random() * LONGEST_STOP_MS).then(() => void child.kill('SIGCONT')));
    }
  }
  await Promise.all(stopped);
  return kills;
}

/** With this likelihood the one that holds the lock just now, else any. */
function pickWriter(writers: readonly Writer[], { credentials }: AwsFilePaths, likelihood: number): Writer {
  const holder = Math.random() < likelihood ? readLockHolder(lockPathFor(credentials)) : undefined;
  const holding = writers.find(({ child }) => child.pid !== undefined && child.pid === holder?.pid);
  const any = writers[Math.floor(Math.random() * writers.length)];
  const chosen = holding ?? any;
  if (chosen === undefined) throw new Error('no writers');
  return chosen;
}

/** The parts of the file agree, whatever moment it is. @returns the total */
function checkState(paths: AwsFilePaths): number {
  const counts = readCounts(paths);
  const total = counts.get('total') ?? 0;
  const sum = [...counts].reduce((all, [name, count]) => (name === 'total' ? all : all + count), 0);
  expect(sum).toBe(total);
  return total;
}

function readCounts(paths: AwsFilePaths): Map<string, number> {
  const { profiles } = readAwsFiles(paths);
  return new Map([...profiles].map(([name, { settings }]) => [name, Number(settings.get('count')?.value)]));
}

async function buildWriter(folder: string): Promise<string> {
  const outfile = join(folder, 'writer.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'file-writers/writer.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { 'fs-native-extensions': join(import.meta.dirname, '../../node_modules/fs-native-extensions/index.js') },
    external: ['*/fs-native-extensions/index.js'],
  });
  return outfile;
}

/** @param before the same writer, which was killed: its reports count on */
function startWriter(program: string, folder: string, name: string, before?: Writer): Writer {
  const child = startChild(process.execPath, [program, folder, name], { env: cleanEnvironment(folder) });
  child.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const writer: Writer = before ?? { name, child, reported: 0, reports: 0 };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trim().split('\n')) {
      expect(Number(line), name).toBeGreaterThan(writer.reported);
      writer.reported = Number(line);
      writer.reports += 1;
    }
  });
  writer.child = child;
  return writer;
}

/** Until all that it reported has been read. */
async function kill({ child }: Writer): Promise<void> {
  const closed = new Promise((done) => child.once('close', done));
  child.kill('SIGKILL');
  await closed;
}

async function endWriters(writers: readonly Writer[]): Promise<void> {
  const codes = await Promise.all(
    writers.map(({ child }) => {
      const closed = new Promise<number | null>((done) => child.once('close', done));
      child.kill('SIGCONT');
      child.stdin.end();
      return closed;
    }),
  );
  expect(codes.filter((code) => code !== 0)).toEqual([]);
}
