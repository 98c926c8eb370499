import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJournal } from './journal.ts';
import { createState } from './state.ts';

const rounds = 120;
const root = join(import.meta.dirname, '../..');
let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-kill-'));
  // Inside the checkout, so that the native lock is found.
  program = join(root, 'node_modules/.cache', `journal-writer-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, 'test/support/journal-writer.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(program, { force: true });
});

/** Lets the writer run until it has acknowledged something and some time more, kills it, and gives its last word. */
async function writeUntilKilled(): Promise<number> {
  const child = spawn(process.execPath, [program, folder, '2000'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += chunk;
      resolve();
    });
    child.on('close', () => resolve());
  });
  await pause(randomInt(12));
  child.kill('SIGKILL');
  await closed;
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

it(`has every acknowledged commit, and no half one, after each of ${rounds} kills`, async () => {
  let seen = 0;
  for (let round = 0; round < rounds; round++) {
    const acknowledged = await writeUntilKilled();
    const state = createState({ visibleAfterMs: 0, now: () => 0 });
    openJournal({ path: join(folder, 'journal'), restore: state.restore }).log.close();
    const left = state.get('totpSteps', 'left')?.lastStep ?? 0;
    expect(acknowledged).toBeGreaterThan(seen);
    // The kill may come between a commit and its word.
    expect(left - acknowledged).toBeGreaterThanOrEqual(0);
    expect(left - acknowledged).toBeLessThanOrEqual(1);
    expect(state.get('totpSteps', 'right')?.lastStep).toBe(left);
    seen = left;
  }
}, 120_000);
