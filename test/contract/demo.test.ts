/** `stepup demo` from the outside, with each client that it can use. */
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { runChild, startChild } from './harness/child.ts';
import { cleanEnvironment, type Environment } from './harness/clean-environment.ts';
import { stepupCommand } from './harness/stepup.ts';
import { temporaryFolder } from './harness/temporary-folder.ts';

/** The whole story, the AWS CLI's own starts included. */
const AIM_MS = 5000;
/** On a machine that is busy with other work, before or after: so many starts of the client (five are the story's own). */
const STARTS = 12;

async function startMs(program: string, env: Environment): Promise<number> {
  const started = performance.now();
  await runChild(program, ['--version'], { env });
  return performance.now() - started;
}

/** A world in which the demo finds just this `aws`, or none; `temporary` is where it makes its home. */
async function world(aws: string | undefined) {
  const folder = await temporaryFolder();
  const [bin, temporary, home] = [join(folder, 'bin'), join(folder, 't'), join(folder, 'home')];
  await Promise.all([bin, temporary, home].map((path) => mkdir(path)));
  const path = aws === undefined ? bin : `${dirname(aws)}:${bin}`;
  await symlink(process.execPath, join(bin, 'node'));
  // Hostile settings of the person must not reach the demo's client.
  const settings = { AWS_PROFILE: 'nowhere', AWS_ENDPOINT_URL: 'https://sts.evil.example', AWS_ACCESS_KEY_ID: 'AKIAX' };
  const env = { ...cleanEnvironment(home, settings), PATH: path, TMPDIR: temporary };
  return { env, home, temporary };
}

describe.each([...inject('awsClis'), { name: 'no aws program', path: undefined }])('with $name', ({ name, path }) => {
  it('every answer is as it must be, in time, and nothing is left behind', async () => {
    const { env, home, temporary } = await world(path);
    const startBefore = await startMs(path ?? process.execPath, env);
    const started = performance.now();
    const { exitCode, stdout, stderr } = await runChild(...stepupCommand(['demo', '--json']), { env });
    const tookMs = performance.now() - started;
    expect([exitCode, stderr]).toEqual([0, '']);
    const told = JSON.parse(stdout);
    expect(told.held).toBe(true);
    expect(told.client).toContain(path === undefined ? 'SDK for JavaScript' : name.replace('aws ', 'aws-cli/'));
    expect(told.steps.map((step: { name: string; held: boolean }) => [step.name, step.held])).toEqual([
      ['key-alone-lists', true],
      ['key-alone-assumes', true],
      ['login', true],
      ['session-opens', true],
      ['aged-session', true],
    ]);
    expect(told.steps.at(-1).answer).toMatch(
      /^AccessDenied \(AssumeRole\): User: arn:aws:iam::\d{12}:user\/alice is not/,
    );
    expect(await readdir(temporary)).toEqual([]);
    expect(await readdir(home)).toEqual([]);
    const startAfter = await startMs(path ?? process.execPath, env);
    expect(tookMs).toBeLessThan(Math.max(AIM_MS, STARTS * startBefore, STARTS * startAfter));
  });
});

it('is told to a person step by step', async () => {
  const { env } = await world(undefined);
  const { exitCode, stdout } = await runChild(...stepupCommand(['demo']), { env });
  expect(exitCode).toBe(0);
  expect(stdout.match(/✓/g)).toHaveLength(5);
  expect(stdout).toContain('All 5 answers are as they must be.');
  expect(stdout).not.toContain('\u001b');
});

it('leaves nothing behind at Ctrl-C', async () => {
  const { env, temporary } = await world(inject('awsClis')[0]?.path);
  const child = startChild(...stepupCommand(['demo']), { env });
  child.stdin.end();
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(await readdir(temporary)).toHaveLength(1);
  child.kill('SIGINT');
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  expect(exitCode).toBe(130);
  expect(await readdir(temporary)).toEqual([]);
});
