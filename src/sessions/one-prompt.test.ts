import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** A process that wants the session: it asks by waiting for a file `answer` and brings what is in it. */
const program = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onePrompt } from ${JSON.stringify(join(import.meta.dirname, 'one-prompt.ts'))};
import { StepupError } from ${JSON.stringify(join(import.meta.dirname, '../errors.ts'))};
const [folder, silenceMs] = process.argv.slice(2);
const sessionFile = join(folder, 'session');
const log = (line) => appendFileSync(join(folder, 'log'), line + ' ' + process.pid + '\\n');
const stop = new AbortController();
process.on('SIGINT', () => stop.abort(new StepupError('interrupted', { during: 'the prompt' })));
try {
  const value = await onePrompt({
    folder: join(folder, 'prompts'), name: 'x', self: { pid: process.pid, program: 'test' },
    silenceMs: Number(silenceMs), pollMs: 20, now: Date.now, signal: stop.signal,
    isStopped: (pid) => { try { return /\\) T /.test(readFileSync('/proc/' + pid + '/stat', 'latin1')); } catch { return false; } },
    ready: () => existsSync(sessionFile) ? readFileSync(sessionFile, 'utf8') : undefined,
    onWaiting: (prompter) => log('waits-for-' + prompter.pid),
    ask: async (turn) => {
      log('asks');
      for (;;) {
        turn.signal.throwIfAborted();
        if (existsSync(join(folder, 'refuse'))) throw new StepupError('code-refused', { serialNumber: 'arn' });
        if (existsSync(join(folder, 'answer'))) break;
        if (existsSync(join(folder, 'typing'))) turn.touch();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await turn.confirm();
      log('sends');
      const { renameSync } = await import('node:fs');
      writeFileSync(sessionFile + process.pid, 'the session');
      renameSync(sessionFile + process.pid, sessionFile);
      return 'the session';
    },
  });
  process.stdout.write(value);
} catch (error) { process.stdout.write('error ' + (error.code ?? error.name + error.message)); process.exitCode = 1; }
`;

let built: string;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  built = mkdtempSync(join(import.meta.dirname, '../../node_modules/.one-prompt-'));
  const entry = join(built, 'entry.mjs');
  writeFileSync(entry, program);
  buildSync({
    entryPoints: [entry],
    outfile: join(built, 'run.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['fs-native-extensions'],
  });
});
afterAll(() => rmSync(built, { recursive: true }));
afterEach(() => {
  for (const child of running.splice(0)) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  }
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: Promise<string>;
}

function start(count: number, silenceMs = 60_000): Run[] {
  return Array.from({ length: count }, () => {
    const child = spawn(process.execPath, [join(built, 'run.mjs'), folder, String(silenceMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
    });
    return { child, output: new Promise((resolve) => child.once('close', () => resolve(text))) };
  });
}

const log = (what: string): string[] => {
  try {
    return readFileSync(join(folder, 'log'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${what} `));
  } catch {
    return [];
  }
};
const askers = (): number[] => log('asks').map((line) => Number(line.split(' ')[1]));

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time; log:\n${readFileSync(join(folder, 'log'), 'utf8')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function fresh(): void {
  folder = mkdtempSync(join(tmpdir(), 'stepup-prompt-'));
}

const answer = (): void => appendFileSync(join(folder, 'answer'), 'yes');
const childOf = (runs: Run[], pid: number | undefined): Run => {
  const run = runs.find(({ child }) => child.pid === pid);
  if (run === undefined) throw new Error(`no child ${pid}`);
  return run;
};
const waiters = (): number =>
  new Set(
    readFileSync(join(folder, 'log'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('waits-for-'))
      .map((line) => line.split(' ')[1]),
  ).size;

describe('onePrompt', () => {
  it('asks once for twelve processes, and gives all of them the answer', async () => {
    fresh();
    const runs = start(12);
    await until(() => askers().length > 0 && waiters() === 11);
    answer();
    expect(await Promise.all(runs.map(({ output }) => output))).toEqual(Array(12).fill('the session'));
    expect(askers()).toHaveLength(1);
    expect(log('sends')).toHaveLength(1);
    expect(readdirSync(join(folder, 'prompts')).filter((name) => name.endsWith('.alive'))).toEqual([]);
  });

  it('lets one waiter take over when the prompter is killed', async () => {
    fresh();
    const runs = start(4);
    await until(() => askers().length === 1 && waiters() === 3);
    childOf(runs, askers()[0]).child.kill('SIGKILL');
    await until(() => askers().length === 2);
    answer();
    const outputs = await Promise.all(runs.map(({ output }) => output));
    expect(outputs.filter((text) => text === 'the session')).toHaveLength(3);
    expect(askers()).toHaveLength(2);
  });

  it('lets one waiter take over when Ctrl-C ends the prompt, and only that one fails', async () => {
    fresh();
    const runs = start(3);
    await until(() => askers().length === 1 && waiters() === 2);
    const first = childOf(runs, askers()[0]);
    first.child.kill('SIGINT');
    expect(await first.output).toBe('error interrupted');
    await until(() => askers().length === 2);
    answer();
    const outputs = await Promise.all(runs.map(({ output }) => output));
    expect(outputs.sort()).toEqual(['error interrupted', 'the session', 'the session']);
  });

  it('takes over from a stopped prompter, which sends nothing when it is continued', async () => {
    fresh();
    const runs = start(3);
    await until(() => askers().length === 1 && waiters() === 2);
    const first = childOf(runs, askers()[0]);
    first.child.kill('SIGSTOP');
    await until(() => askers().length === 2);
    answer();
    await until(() => log('sends').length === 1);
    first.child.kill('SIGCONT');
    expect(await Promise.all(runs.map(({ output }) => output))).toEqual(Array(3).fill('the session'));
    expect(log('sends')).toHaveLength(1);
  });

  it('takes over from a silent prompter once, and never from one where a person types', async () => {
    fresh();
    const runs = start(2, 1_500);
    await until(() => askers().length === 2);
    expect(new Set(askers()).size).toBe(2);
    // Both were silent now: the second keeps the prompt.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(askers()).toHaveLength(2);
    answer();
    expect(await Promise.all(runs.map(({ output }) => output))).toEqual(['the session', 'the session']);
    expect(log('sends')).toHaveLength(1);
  });

  it('does not disturb a person who types for longer than the limit', async () => {
    fresh();
    writeFileSync(join(folder, 'typing'), '');
    const runs = start(2, 1_600);
    await until(() => askers().length === 1 && waiters() === 1);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(askers()).toHaveLength(1);
    answer();
    expect(await Promise.all(runs.map(({ output }) => output))).toEqual(['the session', 'the session']);
  });

  it('shares a failure that another prompt would not mend', async () => {
    fresh();
    const runs = start(5);
    await until(() => askers().length === 1 && waiters() === 4);
    writeFileSync(join(folder, 'refuse'), '');
    expect(await Promise.all(runs.map(({ output }) => output))).toEqual(Array(5).fill('error code-refused'));
    expect(askers()).toHaveLength(1);
  });

  it('begins anew after a claim that makes no sense', async () => {
    fresh();
    answer();
    const [first] = start(1);
    await first?.output;
    rmSync(join(folder, 'session'));
    writeFileSync(join(folder, 'prompts', 'x.json'), '{"generation": "many"');
    const [second] = start(1);
    expect(await second?.output).toBe('the session');
  });
});
