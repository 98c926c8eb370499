/**
 * The store by commands, end to end: a script over the real `age` program keeps keys and sessions, and the AWS CLI gets
 * what comes out of it. And which commands are never run.
 */
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { shown } from '../support/made-secrets.ts';
import { newIdentity } from '../support/new-passphrase.ts';
import { type ChildResult, runChild } from './harness/child.ts';
import type { Environment } from './harness/clean-environment.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { asAccountHome, type Home, makeHome } from './harness/home.ts';
import { filesHolding } from './harness/secret-files.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, ENTER, withoutTerminal } from './harness/terminal.ts';

/** As docs/keys.md has it; and it tells what it was given by its environment and its arguments. */
const VAULT = `#!/bin/sh
{ env; echo "$@"; } >>"$HOME/given"
file=$HOME/vault/$(printf %s "$STEPUP_SECRET_NAME" | tr / _).age
case $1 in
  read) [ ! -e "$file" ] || exec age --decrypt --identity "$HOME/identity" "$file" ;;
  write)
    secret=$(cat)
    if [ -z "$secret" ]; then exec rm -f "$file"; fi
    umask 077
    printf %s "$secret" | age --encrypt --recipient "$2" --output "$file.new" && mv "$file.new" "$file" ;;
esac
`;

let world: GatedRole;
let home: Home;
let env: Environment;
let recipient: string;

beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());

beforeEach(async () => {
  home = await makeHome(world.sandbox.endpoint, { credentials: world.credentials });
  env = asAccountHome(home.env);
  const identity = await newIdentity();
  recipient = await identityToRecipient(identity);
  await writeFile(path('identity'), `${identity}\n`, { mode: 0o600 });
  await writeFile(path('vault.sh'), VAULT, { mode: 0o700 });
  await mkdir(path('vault'), { mode: 0o700 });
  await configure(path('vault.sh'));
});
afterEach(async () => {
  shown({ what: "the environment of stepup's child", of: 'vault.sh', text: await given() });
  await home.remove();
});

const path = (name: string): string => join(home.path, name);
const given = (): Promise<string> => readFile(path('given'), 'utf8').catch(() => '');
const config = (program: string): string =>
  world.config.replace(
    '[profile work]\n',
    `[profile work]\nstepup_store_read = ${program} read\nstepup_store_write = ${program} write ${recipient}\n`,
  );
const configure = (program: string): Promise<void> => writeFile(path('.aws/config'), config(program));
const stepup = (args: readonly string[], more: Environment = {}, input = ''): Promise<ChildResult> =>
  withoutTerminal([...STEPUP, ...args], { ...env, ...more }, { input });
const MOVE = ['keys', 'move', 'work', '--to', 'command'];

async function succeeds(args: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout, stderr } = await stepup(args, {}, input);
  expect(exitCode, stderr).toBe(0);
  return stdout + stderr;
}

const logIn = async (...more: readonly string[]): Promise<string> =>
  succeeds(['login', 'work', '--code', '-', ...more], `${await world.alice.phone.freshCode()}\n`);

it('takes the key, gives it to a login and nobody else, and gives it back', async () => {
  const { secretAccessKey } = world.alice.key;
  expect(await succeeds(MOVE)).toContain('is in the command store now');
  expect(await filesHolding(home.path, secretAccessKey)).toEqual([]);
  expect(await readdir(path('vault'))).toEqual(['key_work.age']);
  await logIn();
  for (const { path: aws, name } of inject('awsClis')) {
    const who = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];
    const asked = await runChild('setsid', ['--wait', aws, '--profile', 'work', ...who], { env });
    expect(asked.stdout, `${name}: ${asked.stderr}`).toContain(':user/alice');
    const listed = await runChild('setsid', ['--wait', aws, '--profile', 'myrole', 's3', 'ls'], { env });
    expect(listed.stdout, `${name}: ${listed.stderr}`).toContain('reports');
  }
  expect(await succeeds(['credentials', 'work', '--long-term'])).toContain(secretAccessKey);
  expect(await given()).not.toContain(secretAccessKey);
  await succeeds(['keys', 'move', 'work', '--to', 'file']);
  expect(await readdir(path('vault'))).toEqual([]);
  expect(await readFile(path('.aws/credentials'), 'utf8')).toContain(secretAccessKey);
});

it('takes a session as well, and forgets it at logout', async () => {
  await logIn('--store', 'command');
  const { SecretAccessKey } = JSON.parse(await succeeds(['credentials', 'work', '--no-prompt']));
  expect(await filesHolding(home.path, SecretAccessKey)).toEqual([]);
  const [aws] = inject('awsClis');
  if (aws !== undefined) {
    const listed = await runChild('setsid', ['--wait', aws.path, '--profile', 'myrole', 's3', 'ls'], { env });
    expect(listed.stdout, listed.stderr).toContain('reports');
  }
  await succeeds(['logout', 'work']);
  expect(await readdir(path('vault'))).toEqual([]);
  expect(await given()).not.toContain(SecretAccessKey);
});

it('gives its programs no credentials that the shell had', async () => {
  const more = { AWS_SESSION_TOKEN: 'a-token-of-this-shell', AWS_VAULT_FILE_PASSPHRASE: 'a-passphrase-of-this-shell' };
  expect(await stepup(MOVE, more)).toMatchObject({ exitCode: 0 });
  expect(await given()).toContain('STEPUP_SECRET_NAME=key/work\n');
  expect(await given()).not.toMatch(/of-this-shell|AWS_/);
});

it('that fails, or keeps nothing, leaves the key where it is, and says what it said', async () => {
  const before = await readFile(path('.aws/credentials'), 'utf8');
  await writeFile(path('vault.sh'), '#!/bin/sh\necho "the vault is sealed" >&2; exit 3\n');
  const sealed = await stepup(MOVE);
  expect(sealed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the vault is sealed') });
  await writeFile(path('vault.sh'), '#!/bin/sh\ncat >/dev/null\n');
  expect(await stepup(MOVE)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('command') });
  expect(await readFile(path('.aws/credentials'), 'utf8')).toBe(before);
});

describe('is never', () => {
  const refuses = async (told: string, more: Environment = {}): Promise<void> => {
    const refused = await stepup(MOVE, more);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining(told)]);
    expect(await given()).toBe('');
    expect(await filesHolding(home.path, world.alice.key.secretAccessKey)).toEqual([path('.aws/credentials')]);
  };

  it('one that a bare or relative name would find', async () => {
    for (const name of ['vault.sh', './vault.sh', '~/vault.sh']) {
      await configure(name);
      await refuses('absolute path');
    }
  });

  it('a script, or in a folder, that others may write', async () => {
    await chmod(path('vault.sh'), 0o777);
    await refuses(`chmod go-w '${path('vault.sh')}'`);
    await chmod(path('vault.sh'), 0o700);
    await mkdir(path('open'));
    await writeFile(path('open/vault.sh'), VAULT, { mode: 0o700 });
    await chmod(path('open'), 0o777);
    await configure(path('open/vault.sh'));
    await refuses(`chmod go-w '${path('open')}'`);
  });

  it('named by a file that others may write', async () => {
    await chmod(path('.aws/config'), 0o666);
    await refuses(`chmod go-w '${path('.aws/config')}'`);
  });

  it('named by a file outside of ~/.aws, before a person approves of it, and again when it changes', async () => {
    const elsewhere = path('repository.config');
    await writeFile(elsewhere, config(path('vault.sh')), { mode: 0o600 });
    const more = { AWS_CONFIG_FILE: elsewhere };
    await refuses('before you have approved of that file', more);
    const read = { sees: 'as stepup_store_read. Run it?', types: `y${ENTER}` };
    const approved = await atTerminal([...STEPUP, ...MOVE], [read], { ...env, ...more });
    expect(approved.exitCode, approved.stdout).toBe(0);
    await writeFile(elsewhere, `${await readFile(elsewhere, 'utf8')}# changed\n`);
    const changed = await stepup(['credentials', 'work', '--long-term'], more);
    expect(changed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('approved of that file') });
  });
});
