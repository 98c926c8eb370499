/** What stdout doesn't take is an error in one line, by whichever way the answer was found. */
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import { STEPUP } from './harness/stepup.ts';

let home: Home;

beforeEach(async () => {
  home = await makeHome('http://127.0.0.1:9', { config: '[profile work]\nregion = eu-west-1\n' });
});
afterEach(() => home.remove());

const toFullDisk = (redirect: string, args: readonly string[]) =>
  runChild('sh', ['-c', `"$@" ${redirect}/dev/full`, 'sh', ...STEPUP, ...args], { env: home.env });

it.runIf(existsSync('/dev/full')).each([
  ['from what is kept', ['completion', 'profiles']],
  ['by a command', ['status', '--json']],
  ['by the parser of command lines', ['--version']],
] as const)('an answer %s', async (_, args) => {
  expect(await toFullDisk('>', args)).toMatchObject({
    exitCode: 1,
    stderr: 'stepup: The system refused to write stdout: the disk is full\n',
  });
});

it.runIf(existsSync('/dev/full'))('what stderr does not take changes nothing', async () => {
  expect(await toFullDisk('2>', ['frobnicate'])).toMatchObject({ exitCode: 2, stdout: '' });
});
