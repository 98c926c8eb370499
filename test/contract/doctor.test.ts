/** `stepup doctor` from the outside: real files and modes, a real endpoint and keychain, a clock that is off. */
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ChildResult, runChild } from './harness/child.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { asAccountHome, type Home, makeHome } from './harness/home.ts';
import { openKeyring } from './harness/keyring.ts';
import { STEPUP } from './harness/stepup.ts';
import { withoutTerminal } from './harness/terminal.ts';

let world: GatedRole;
let home: Home;
beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());
beforeEach(async () => {
  const made = await makeHome(world.sandbox.endpoint, { config: world.config, credentials: world.credentials });
  // What `~/.aws/config` names may run: so the test's home must be the account's own.
  home = { ...made, env: asAccountHome(made.env) };
});
afterEach(() => home.remove());

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly what: string;
  readonly mend?: string;
}

const path = (name: string): string => join(home.path, '.aws', name);
const doctor = (args: readonly string[] = [], env = {}): Promise<ChildResult> =>
  withoutTerminal([...STEPUP, 'doctor', ...args], { ...home.env, ...env });

async function findings(env = {}, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await doctor([...args, '--json'], env);
  expect(stderr).toBe('');
  const all: readonly Finding[] = JSON.parse(stdout).findings;
  const said = (verdict: string, check: string): string =>
    all
      .flatMap((one) => (one.verdict === verdict && one.check === check ? `${one.what} → ${one.mend}` : []))
      .join('\n');
  return { exitCode, all, said };
}

it('says of the pattern that it is well but for the key in plain text, and prints no secret', async () => {
  const { exitCode, stdout } = await doctor();
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toMatch(/^warn\s+keys\s+work: the long-term key lies in plain text/m);
  expect(stdout).toContain('→ stepup keys move work --to keychain');
  expect(stdout).toMatch(/^ok\s+device\s+work: arn:aws:iam::\d+:mfa\/alice \(an authenticator app\)/m);
  expect(stdout).toMatch(new RegExp(`^ok\\s+endpoint\\s+${new URL(world.sandbox.endpoint).host} answers`, 'm'));
  expect(stdout).toMatch(/0 fail\n$/);
  expect(stdout).not.toContain(world.alice.key.secretAccessKey);
});

it('finds what others can read and write', async () => {
  await chmod(path('credentials'), 0o644);
  const { exitCode, said } = await findings();
  expect([exitCode, said('fail', 'modes')]).toEqual([
    1,
    `others can read ${path('credentials')} → chmod 600 ${path('credentials')}`,
  ]);
  await chmod(path('credentials'), 0o600);
  await chmod(path(''), 0o777);
  expect((await findings()).said('fail', 'modes')).toContain(`chmod go-w ${path('').replace(/\/$/, '')}`);
  await chmod(path(''), 0o700);
});

it('finds a file that does not parse, and what clients read otherwise, and looks at the rest all the same', async () => {
  await writeFile(path('config'), 'what is this\n');
  const broken = await findings();
  expect([broken.exitCode, broken.said('fail', 'files')]).toEqual([1, expect.stringContaining('config, line 1')]);
  expect(broken.said('warn', 'keys')).toContain('plain text');
  await writeFile(path('config'), `${world.config}[profile odd]\nRegion: x\n[profile odd]\nregion = y\n`);
  const odd = (await findings()).said('warn', 'files');
  expect(odd).toContain('refuse a file that has [profile odd] twice');
  expect(odd).toContain('capital letters');
});

it('tells what wins over what, and what is of no use', async () => {
  await writeFile(
    path('config'),
    `${world.config}mfa_serial = ${world.alice.phone.serialNumber}\nduration_seconds = 7200\n[profile past]\nrole_arn = ${world.roleArn}\nsource_profile = work\n`,
  );
  await writeFile(
    path('credentials'),
    `${world.credentials}[left]\naws_access_key_id = ASIA1\naws_secret_access_key = x\naws_session_token = t\n`,
  );
  const { exitCode, said } = await findings({ AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 'x' });
  expect(exitCode).toBe(0);
  const wins = said('warn', 'what wins');
  expect(wins).toContain('AWS_ACCESS_KEY_ID in the environment wins');
  expect(wins).toContain('myrole: with mfa_serial of its own');
  expect(wins).toContain('myrole: AWS refuses duration_seconds of 2 h');
  expect(wins).toContain('past: the AWS CLI enters the role by the key of work');
  expect(said('warn', 'sessions')).toContain('left holds temporary credentials');
  // Asked for another base, none of this concerns it.
  await writeFile(
    path('config'),
    `${world.config}[profile other]\naws_access_key_id = AKIA2\naws_secret_access_key = y\n`,
  );
  const other = await findings({}, 'other');
  expect(other.all.some(({ what }) => /\bwork\b|\bleft\b/.test(what.replaceAll(home.path, '')))).toBe(false);
});

it('tells where a code would come from, and when two factors are one', async () => {
  const work = (...lines: readonly string[]): Promise<void> =>
    writeFile(path('config'), world.config.replace('[profile work]\n', `[profile work]\n${lines.join('\n')}\n`));
  expect((await findings()).said('warn', 'code source')).toContain('nobody can be asked for a code here');
  await work('mfa_process = /usr/bin/code');
  expect((await findings()).said('warn', 'factors')).toContain('mfa_process gives codes with no person there');
  await work('mfa_process = /usr/bin/pass otp x', 'stepup_key_store = pass');
  await writeFile(path('credentials'), '');
  const same = await findings();
  expect([same.exitCode, same.said('fail', 'factors')]).toEqual([1, expect.stringContaining('both come from pass')]);

  for (const [touch, verdict, words] of [
    ['[Requires Touch]', 'ok', 'a person gives the code'],
    ['987654', 'warn', 'no person there'],
  ] as const) {
    const ykman = join(home.path, 'ykman');
    await writeFile(ykman, `#!/bin/sh\necho "Amazon Web Services:alice@1  ${touch}"\n`, { mode: 0o755 });
    await work('stepup_code_source = ykman', `stepup_code_program = ${ykman}`, 'stepup_key_store = keychain');
    const { said, all } = await findings({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' });
    expect(said(verdict, 'factors')).toContain(words);
    expect(JSON.stringify(all)).not.toContain('987654');
  }
});

it.each([
  ['+2h', 'fail', 'ahead of'],
  ['-60s', 'warn', 'behind'],
])('compares the clock: %s', async (shift, verdict, words) => {
  const { stdout } = await runChild('faketime', ['-f', shift, ...STEPUP, 'doctor', '--json'], { env: home.env });
  const clock = JSON.parse(stdout).findings.find(({ what }: Finding) => what.includes("this machine's clock is"));
  expect(clock).toMatchObject({
    verdict,
    what: expect.stringContaining(words),
    mend: expect.stringContaining('timedatectl'),
  });
});

it('waits for no endpoint that hangs, and sends nothing to one that no code may go to', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { readonly port: number };
  try {
    const begun = Date.now();
    const hung = await findings({ AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${port}` });
    expect([hung.exitCode, hung.said('fail', 'endpoint')]).toEqual([
      1,
      expect.stringContaining('no answer came in time'),
    ]);
    expect(Date.now() - begun).toBeLessThan(60_000);
  } finally {
    silent.close();
  }
  const foreign = await findings({ AWS_ENDPOINT_URL_STS: 'https://sts.evil.example' });
  expect(foreign.said('fail', 'endpoint')).toContain('no code may go to https://sts.evil.example');
});

it('tries the keychain where it is chosen: open, and absent', async () => {
  await writeFile(path('credentials'), '');
  await writeFile(
    path('config'),
    world.config.replace('[profile work]\n', '[profile work]\nstepup_key_store = keychain\n'),
  );
  const keyring = await openKeyring(home);
  const { stdout } = await withoutTerminal([...STEPUP, 'doctor'], keyring.env).finally(keyring.close);
  expect(stdout).toMatch(/^ok\s+keychain\s+the keychain is open/m);
  expect(stdout).toMatch(/^ok\s+keys\s+work: the key lies in keychain: encrypted with your login/m);
  const absent = await findings({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' });
  expect([absent.exitCode, absent.said('fail', 'keychain')]).toEqual([1, expect.stringContaining('keychain')]);
});

it('does not wait for a keychain that hangs', async () => {
  await writeFile(path('credentials'), '');
  const config = world.config.replace('[profile work]\n', '[profile work]\nstepup_key_store = keychain\n');
  await writeFile(path('config'), config);
  const silent = createServer(() => undefined).listen(join(home.path, 'bus'));
  await new Promise((resolve) => silent.once('listening', resolve));
  try {
    const { exitCode, said } = await findings({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home.path, 'bus')}` });
    expect([exitCode, said('fail', 'keychain')]).toEqual([1, expect.stringContaining('gave no answer in 10 s')]);
  } finally {
    silent.close();
  }
});

it('knows no profile that is not there', async () => {
  expect(await doctor(['nowhere'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nowhere') });
});
