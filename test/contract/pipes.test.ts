/** A pipe in an AWS file's place: what a shell makes of `<(…)` is read, and a wait without an end isn't begun. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import { STEPUP } from './harness/stepup.ts';

let home: Home;

beforeEach(async () => {
  home = await makeHome('http://127.0.0.1:9', {});
});
afterEach(() => home.remove());

const inBash = (script: string) =>
  runChild('bash', ['-c', script, 'bash', ...STEPUP], { env: home.env, timeoutMs: 20_000 });

it('of a process substitution is read', async () => {
  const listed = await inBash(
    `AWS_CONFIG_FILE=<(printf '[profile work]\\nregion = eu-west-1\\n') "$@" completion profiles`,
  );
  expect(listed).toMatchObject({ exitCode: 0, stdout: 'work\n' });
  const status = await inBash(
    `AWS_CONFIG_FILE=<(printf '[profile piped]\\nrole_arn = arn:aws:iam::123456789012:role/x\\nsource_profile = piped\\n') "$@" status`,
  );
  expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('piped') });
});

it('is read by all parts of a command, which runs no program that a pipe names', async () => {
  const given = await inBash(
    `AWS_CONFIG_FILE=<(printf '[profile piped]\\ncredential_process = /bin/echo\\n') "$@" credentials piped`,
  );
  expect(given.stderr).toMatch(
    /won't run \/bin\/echo, the credential_process of (\/dev\/fd\/\d+)\n {2}\1: it is no regular file\n {2}Copy what it gives to a regular file/,
  );
});

it('that nobody writes to is refused', async () => {
  const pipe = join(home.path, 'pipe');
  for (const command of ['status', 'completion profiles']) {
    expect(
      await inBash(`[ -p '${pipe}' ] || mkfifo '${pipe}'; AWS_CONFIG_FILE='${pipe}' "$@" ${command}`),
    ).toMatchObject({
      exitCode: 1,
      stderr: `stepup: stepup won't use ${pipe}: it is no regular file\n  If AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE names it, point that at a regular file, such as a copy of what this gives.\n`,
    });
  }
});
