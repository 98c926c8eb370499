/** Many processes, one prompt: in a real terminal, with codes by oathtool. */
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, CTRL_C, CTRL_Z, ENTER } from './harness/terminal.ts';
import { type ActionWatch, watchActions } from './harness/watch-actions.ts';

const PROMPT = 'MFA code:';

let world: GatedRole;
let home: Home;
let watch: ActionWatch;

beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());

beforeEach(async () => {
  home = await makeHome(world.sandbox.endpoint, { config: world.config, credentials: world.credentials });
  watch = watchActions(world.sandbox.port);
});
afterEach(async () => {
  watch.stop();
  await home.remove();
});

const code = async (): Promise<string> => `${await world.alice.phone.freshCode()}${ENTER}`;

/** What each process printed, in a file of its own: to stdout, or where that is nothing, to stderr. */
async function answers(): Promise<readonly string[]> {
  const names = (await readdir(home.path)).filter((name) => name.startsWith('out-'));
  const read = (name: string): Promise<string> => readFile(join(home.path, name), 'utf8').catch(() => '');
  return Promise.all(names.map(async (name) => (await read(name)) || read(name.replace('out', 'err'))));
}

/** Of so many answers, those without the text: what went wrong. */
async function answersWithout(text: string, count: number): Promise<readonly string[]> {
  const all = await answers();
  expect(all).toHaveLength(count);
  return all.filter((answer) => !answer.includes(text));
}

/** `count` times the command at once, its output to a file; ends when all have. */
function crowd(count: number, command: readonly string[]): readonly string[] {
  const script = `for i in $(seq ${count}); do "$@" >"$HOME/out-$i" 2>"$HOME/err-$i" </dev/null & done; wait; echo ALL-ENDED`;
  return ['bash', '-c', script, 'bash', ...command];
}

it('50 processes: one prompt, one GetSessionToken, 50 answers', async () => {
  const seen = await atTerminal(
    crowd(50, [...STEPUP, 'credentials', 'myrole']),
    [
      { sees: PROMPT, types: code },
      { sees: 'ALL-ENDED', types: '' },
    ],
    home.env,
  );
  expect(seen.exitCode, seen.stdout).toBe(0);
  expect(watch.count('GetSessionToken')).toBe(1);
  expect(seen.stdout.split('stepup needs an MFA code')).toHaveLength(2);
  expect(await answersWithout('"SessionToken"', 50)).toEqual([]);
  for (const answer of await answers()) expect(JSON.parse(answer)).toMatchObject({ Version: 1 });
});

it('the prompter is killed: another asks, and all are answered', async () => {
  const kill = async (): Promise<string> => {
    const folder = join(home.path, '.cache/stepup/prompts');
    const claim = (await readdir(folder)).find((name) => name.endsWith('.json')) ?? '';
    process.kill(JSON.parse(await readFile(join(folder, claim), 'utf8')).prompter.pid, 'SIGKILL');
    return '';
  };
  const seen = await atTerminal(
    crowd(8, [...STEPUP, 'credentials', 'myrole']),
    [
      { sees: PROMPT, types: kill },
      { sees: 'stepup needs an MFA code', types: '' },
      { sees: PROMPT, types: code },
      { sees: 'ALL-ENDED', types: '' },
    ],
    home.env,
  );
  expect(seen.exitCode, seen.stdout).toBe(0);
  expect(watch.count('GetSessionToken')).toBe(1);
  expect(await answersWithout('"SessionToken"', 8)).toHaveLength(1);
});

// One version: twenty starts of the AWS CLI take half a minute of two cores.
it.each(inject('awsClis').slice(0, 1))('20 calls of $name over credential_process: one prompt', async ({ path }) => {
  const line = `credential_process = ${STEPUP.join(' ')} credentials myrole`;
  await appendFile(join(home.path, '.aws/config'), `\n[profile bridge]\n${line}\nregion = eu-west-1\n`);
  const seen = await atTerminal(
    crowd(20, [path, '--profile', 'bridge', 's3', 'ls']),
    [
      { sees: PROMPT, types: code },
      { sees: 'ALL-ENDED', types: '' },
    ],
    home.env,
  );
  expect(seen.exitCode, seen.stdout).toBe(0);
  expect(watch.count('GetSessionToken')).toBe(1);
  expect(await answersWithout('reports', 20)).toEqual([]);
});

it('50 processes through exec --server: one prompt', async () => {
  const seen = await atTerminal(
    crowd(50, [...STEPUP, 'exec', '--server', 'myrole', '--', 'printenv', 'AWS_CONTAINER_CREDENTIALS_FULL_URI']),
    [
      { sees: PROMPT, types: code },
      { sees: 'ALL-ENDED', types: '' },
    ],
    home.env,
  );
  expect(seen.exitCode, seen.stdout).toBe(0);
  expect(watch.count('GetSessionToken')).toBe(1);
  expect(await answersWithout('http://127.0.0.1', 50)).toEqual([]);
});

describe('in an interactive shell', () => {
  const shell = ['bash', '--norc', '--noprofile', '-i'];
  const env = () => ({ ...home.env, PS1: 'READY> ', HISTFILE: '', STEPUP_COMMAND: STEPUP.join(' ') });

  it('a prompter that `&` put into the background is stopped: a waiter asks, and both are answered', async () => {
    const seen = await atTerminal(
      shell,
      [
        { sees: 'READY>', types: `$STEPUP_COMMAND credentials myrole >"$HOME/out-1" &${ENTER}` },
        { sees: 'READY>', types: `until jobs | grep -q Stopped; do sleep 0.2; done; echo IS-"STOPPED"${ENTER}` },
        { sees: 'IS-STOPPED', types: `$STEPUP_COMMAND credentials myrole >"$HOME/out-2"; echo SECOND-"DONE"${ENTER}` },
        { sees: PROMPT, types: code },
        { sees: 'SECOND-DONE', types: `fg; echo FIRST-"DONE"${ENTER}` },
        { sees: 'FIRST-DONE', types: `exit${ENTER}` },
      ],
      env(),
    );
    expect(seen.stdout).toContain('FIRST-DONE');
    expect(watch.count('GetSessionToken')).toBe(1);
    const all = await answers();
    expect(all).toHaveLength(2);
    for (const answer of all)
      expect(JSON.parse(answer), seen.stdout).toMatchObject({ SessionToken: expect.any(String) });
  });

  it.each(['exec', 'exec --server'])('Ctrl-Z, fg and Ctrl-C reach what %s runs', async (exec) => {
    const child = `trap 'echo GOT-"CONT"' CONT; echo CHILD-"UP"; while :; do sleep 0.1; done`;
    await writeFile(join(home.path, 'child'), child);
    const seen = await atTerminal(
      shell,
      [
        { sees: 'READY>', types: `$STEPUP_COMMAND ${exec} myrole -- bash ~/child${ENTER}` },
        { sees: PROMPT, types: code },
        { sees: 'CHILD-UP', types: CTRL_Z },
        { sees: 'Stopped', types: `fg${ENTER}` },
        { sees: 'GOT-CONT', types: CTRL_C },
        { sees: 'READY>', types: `echo ENDED-BY-$?${ENTER}` },
        { sees: 'ENDED-BY-130', types: `exit${ENTER}` },
      ],
      env(),
    );
    expect(seen.stdout).toContain('ENDED-BY-130');
  });
});
