/** Bases without a long-term key: role sessions go on from them, a gate says no, and every client can start from them. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type ClientCredentials, credentialsOf, succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { variablesOf } from './harness/cli-client.ts';
import { type FakeSignIn, openFakeSignIn } from './harness/fake-sign-in.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { asAccountHome, type Home, makeHome } from './harness/home.ts';
import { logIn } from './harness/people.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, ENTER, withoutTerminal } from './harness/terminal.ts';

const IDENTITY = 'arn:aws:iam::123456789012:user/alice';

let world: GatedRole;
let signIn: FakeSignIn;
let home: Home;
/** Alice's: with a code behind it, and without one. */
let proved: ClientCredentials;
let unproved: ClientCredentials;

beforeAll(async () => {
  world = await openGatedRole();
  signIn = await openFakeSignIn();
  proved = await logIn(world.admin, world.alice);
  unproved = credentialsOf(await succeed(world.admin, 'sts', 'GetSessionToken', {}, world.alice.key));
});
afterAll(async () => {
  await signIn.close();
  await world.close();
});

/** `corp` signs in by these lines; `myrole` starts from it. */
async function givenBase(lines: string, credentials = ''): Promise<void> {
  const { endpoint } = world.sandbox;
  const place = `region = eu-west-1\nservices = local\n`;
  const services = `[services local]\nsts =\n  endpoint_url = ${endpoint}\ns3 =\n  endpoint_url = ${endpoint}\nsso =\n  endpoint_url = ${signIn.endpoint}\nsignin =\n  endpoint_url = ${signIn.endpoint}\n`;
  const role = `[profile myrole]\nrole_arn = ${world.roleArn}\nsource_profile = corp\n${place}`;
  home = await makeHome(endpoint, { config: `[profile corp]\n${lines}\n${place}\n${role}\n${services}`, credentials });
}
beforeEach(() => {
  signIn.count = 0;
});
afterEach(() => home.remove());

const stepup = (args: readonly string[], env = {}) => withoutTerminal([...STEPUP, ...args], { ...home.env, ...env });
const keyIn = (stdout: string): string => JSON.parse(stdout).AccessKeyId;

/** Credentials as `credential_process` wants them. */
function documentOf({ accessKeyId, secretAccessKey, sessionToken }: ClientCredentials): string {
  const document = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
  return JSON.stringify({ ...document, SessionToken: sessionToken });
}

async function programFor(credentials: ClientCredentials): Promise<string> {
  const path = join(home.path, 'get credentials');
  await writeFile(path, `#!/bin/sh\nprintf %s '${documentOf(credentials)}'\n`);
  await chmod(path, 0o700);
  return path;
}

describe('a program (credential_process)', () => {
  const own = (args: readonly string[]) => stepup(args, asAccountHome(home.env));

  async function givenProgram(credentials: ClientCredentials): Promise<void> {
    await givenBase('@');
    await givenCommand(`"${await programFor(credentials)}" --now`);
  }

  async function givenCommand(command: string): Promise<void> {
    const config = join(home.path, '.aws/config');
    const text = await readFile(config, 'utf8');
    await writeFile(
      config,
      text.replace(/^(@|credential_process = .*)$/m, () => `credential_process = ${command}`),
    );
  }

  it('opens the gate with the MFA that it brings; login says that no code is needed', async () => {
    await givenProgram(proved);
    const login = await own(['login', 'myrole']);
    expect([login.exitCode, login.stderr]).toEqual([0, expect.stringContaining('no code is needed')]);
    expect(keyIn((await own(['credentials', 'corp'])).stdout)).toBe(proved.accessKeyId);
    const role = await own(['credentials', 'myrole']);
    expect(keyIn(role.stdout), role.stderr).not.toBe(proved.accessKeyId);
    // Kept: a second call runs neither the program nor AssumeRole.
    await writeFile(join(home.path, 'get credentials'), '#!/bin/sh\nexit 1\n');
    expect((await own(['credentials', 'myrole'])).stdout).toBe(role.stdout);
  });

  it('does not open it without, and the error names the way out', async () => {
    await givenProgram(unproved);
    const closed = await own(['credentials', 'myrole']);
    expect([closed.exitCode, closed.stdout]).toEqual([5, '']);
    expect(closed.stderr).toContain('carries no fresh MFA');
    expect(closed.stderr).toContain('stepup login');
  });

  it('is named with its exit code and the last it said when it fails, and without its arguments', async () => {
    await givenProgram(proved);
    const path = join(home.path, 'get credentials');
    await givenCommand(`"${path}" --token not-for-others`);
    await writeFile(path, '#!/bin/sh\nprintf "usage: $*\\nthe vault is \\033[2Jclosed\\n" >&2; exit 3\n');
    const failed = await own(['credentials', 'myrole']);
    expect([failed.exitCode, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toContain(`${path}, ended with exit code 3: the vault is \\e[2Jclosed`);
    await writeFile(path, '#!/bin/sh\nexit 3\n');
    const silent = await own(['credentials', 'myrole']);
    expect([silent.exitCode, silent.stderr]).toEqual([1, expect.stringContaining(`${path}, ended with exit code 3\n`)]);
    await rm(path);
    const absent = await own(['credentials', 'myrole']);
    expect([absent.exitCode, absent.stderr]).toEqual([1, expect.stringContaining(`${path}, isn't there, or`)]);
    for (const { stderr } of [failed, silent, absent]) expect(stderr).not.toContain('not-for-others');
  });

  it('gives what is no credential: nothing is printed, and the error says what is wrong', async () => {
    await givenProgram({ ...proved, secretAccessKey: 'a\u0000b' });
    const refused = await own(['credentials', 'corp', '--format', 'env']);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('the SecretAccessKey that its credential_process gave holds a control character');
  });

  it('runs without a shell, by a bare name only from the folders of the system', async () => {
    await givenProgram(proved);
    const mark = join(home.path, 'ran');
    await writeFile(join(home.path, 'answer.json'), documentOf(proved), { mode: 0o600 });
    await givenCommand(`cat "${join(home.path, 'answer.json')}"`);
    expect(keyIn((await own(['credentials', 'corp'])).stdout)).toBe(proved.accessKeyId);
    await writeFile(join(home.path, 'helper'), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o700 });
    const hostile = { PATH: `${home.path}:/usr/bin:/bin` };
    for (const name of ['helper', './helper']) {
      await givenCommand(name);
      const refused = await stepup(['credentials', 'corp'], { ...asAccountHome(home.env), ...hostile });
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('Write the whole path')]);
    }
    await givenCommand(`/bin/echo x; touch ${mark}`);
    expect((await own(['credentials', 'corp'])).exitCode).toBe(1);
    await expect(readFile(mark)).rejects.toThrow();
  });

  it('does not run where others may write it, or a folder on the way to it', async () => {
    await givenProgram(proved);
    for (const path of [join(home.path, 'get credentials'), home.path]) {
      await chmod(path, 0o777);
      const refused = await own(['credentials', 'corp']);
      expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toContain(`chmod go-w '${path}'`);
      await chmod(path, 0o700);
    }
  });

  it('does not run for a config file that came with a repository', async () => {
    await givenProgram(proved);
    const theirs = join(home.path, 'theirs');
    const mark = join(home.path, 'ran');
    const lines = `[profile corp]\ncredential_process = /usr/bin/touch ${mark}\nsso_start_url = x\n`;
    for (const more of ['', 'sso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\n']) {
      await writeFile(theirs, lines + more, { mode: 0o600 });
      expect((await stepup(['credentials', 'corp'], { AWS_CONFIG_FILE: theirs })).exitCode).not.toBe(0);
    }
    await expect(readFile(mark)).rejects.toThrow();
  });
});

it('the environment (credential_source): opens with MFA, and is another base with other keys', async () => {
  await givenBase('');
  const config = join(home.path, '.aws/config');
  const text = (await readFile(config, 'utf8')).replace('source_profile = corp', 'credential_source = Environment');
  await writeFile(config, text);
  expect((await stepup(['login', 'myrole'], variablesOf(proved))).stderr).toContain('from the environment');
  const opened = await stepup(['credentials', 'myrole'], variablesOf(proved));
  expect(opened.exitCode, opened.stderr).toBe(0);
  const closed = await stepup(['credentials', 'myrole'], variablesOf(unproved));
  expect([closed.exitCode, closed.stderr]).toEqual([5, expect.stringContaining('environment')]);
});

describe('aws login (the token endpoint is a stand-in)', () => {
  beforeEach(async () => {
    await givenBase(`login_session = ${IDENTITY}`);
    await signIn.writeLoginToken(home.path, IDENTITY);
    signIn.gives = proved;
  });

  it('is refreshed by the SDK, and role sessions go on from it', async () => {
    expect(keyIn((await stepup(['credentials', 'corp'])).stdout)).toBe(proved.accessKeyId);
    const role = await stepup(['credentials', 'myrole']);
    expect(role.exitCode, role.stderr).toBe(0);
    expect(signIn.count).toBe(1);
  });

  it('has ended, or had no MFA: the error says what to run', async () => {
    signIn.gives = undefined;
    const over = await stepup(['credentials', 'myrole']);
    expect([over.exitCode, over.stderr]).toEqual([5, expect.stringContaining('aws login --profile corp')]);
    signIn.gives = unproved;
    const closed = await stepup(['credentials', 'myrole']);
    expect([closed.exitCode, closed.stderr]).toEqual([5, expect.stringContaining('aws login --profile corp')]);
    expect(closed.stderr).toContain('had none, or was too long ago');
  });

  it('sends its token to no host that a repository names', async () => {
    for (const variable of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SIGNIN']) {
      const refused = await stepup(['credentials', 'corp'], { [variable]: 'https://signin.evil.example' });
      expect([refused.exitCode, refused.stderr]).toEqual([
        1,
        expect.stringContaining('may not go to https://signin.evil.example'),
      ]);
    }
  });

  it('gets a bridge at login, which lets every AWS CLI start from it', async () => {
    const said = await stepup(['login', 'corp']);
    expect(said.exitCode, said.stderr).toBe(0);
    expect(said.stderr).toContain('aws login --profile corp');
    expect(said.stderr).toContain('+[profile corp-bridge]');
    const before = await readFile(join(home.path, '.aws/config'), 'utf8');
    const seen = await atTerminal([...STEPUP, 'login', 'corp'], [{ sees: 'Write that?', types: ENTER }], home.env);
    expect(seen.exitCode, seen.stdout).toBe(0);
    const after = await readFile(join(home.path, '.aws/config'), 'utf8');
    expect(after.startsWith(before.replace('source_profile = corp', 'source_profile = corp-bridge'))).toBe(true);
    expect(after).toContain(`[profile corp-bridge]\ncredential_process = ${STEPUP.join(' ')} credentials corp\n`);
    for (const { path, name } of inject('awsClis')) {
      const listed = await runChild(path, ['--profile', 'myrole', 's3', 'ls'], { env: home.env });
      expect(listed, `${name}: ${listed.stderr}`).toMatchObject({ exitCode: 0 });
      expect(listed.stdout).toContain('reports');
    }
    const ours = await stepup(['credentials', 'myrole']);
    expect(ours.exitCode, ours.stderr).toBe(0);
    expect((await stepup(['login', 'corp'])).stderr).not.toContain('corp-bridge');
  });
});

describe('Identity Center (the portal is a stand-in)', () => {
  beforeEach(async () => {
    const session = `[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n`;
    await givenBase('sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev');
    const config = join(home.path, '.aws/config');
    await writeFile(config, `${await readFile(config, 'utf8')}${session}`);
    await signIn.writeSsoToken(home.path, 'corp');
  });

  it('gives its credentials; login says that no code is needed, and what is', async () => {
    signIn.gives = proved;
    expect(keyIn((await stepup(['credentials', 'corp'])).stdout)).toBe(proved.accessKeyId);
    const role = await stepup(['credentials', 'myrole']);
    expect(role.exitCode, role.stderr).toBe(0);
    const login = await stepup(['login', 'corp']);
    expect([login.exitCode, login.stderr]).toEqual([0, expect.stringContaining('aws sso login --profile corp')]);
  });

  it('opens no gate, for its sessions carry no MFA keys: the error says so and names the way out', async () => {
    signIn.gives = unproved;
    const closed = await stepup(['credentials', 'myrole']);
    expect([closed.exitCode, closed.stdout]).toEqual([5, '']);
    expect(closed.stderr).toContain('sessions of Identity Center carry no MFA keys');
    expect(closed.stderr).toContain('aws:PrincipalArn');
  });

  it('is signed out: the error says what to run', async () => {
    signIn.gives = undefined;
    const refused = await stepup(['credentials', 'myrole']);
    expect([refused.exitCode, refused.stderr]).toEqual([5, expect.stringContaining('aws sso login --profile corp')]);
    await rm(join(home.path, '.aws/sso/cache'), { recursive: true });
    const out = await stepup(['credentials', 'myrole']);
    expect([out.exitCode, out.stderr]).toEqual([1, expect.stringContaining('aws sso login --profile corp')]);
  });
});
