/** `stepup login` from the outside: the built program, real terminals, real AWS CLIs, codes by oathtool. */
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type AwsClient, succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { giveItAPhone, hire, type PersonWithPhone, phoneOf } from './harness/people.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, CTRL_C, DOWN, ENTER, withoutTerminal } from './harness/terminal.ts';
import { openSandbox, type TestAccount, type TestSandbox } from './harness/test-sandbox.ts';

let sandbox: TestSandbox;
let account: TestAccount;
let admin: AwsClient;
let alice: PersonWithPhone;
let roleArn: string;
let home: Home;

beforeAll(async () => {
  sandbox = await openSandbox();
  [account] = sandbox.accounts;
  admin = jsClient(sandbox.endpoint);
  roleArn = `arn:aws:iam::${account.accountId}:role/deploy`;
  const person = await hire(admin, account, 'alice', [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn },
  ]);
  alice = await giveItAPhone(admin, account, person, sandbox.clock);
  await succeed(admin, 's3', 'CreateBucket', { Bucket: 'reports' }, account.root);
  const gate = {
    Effect: 'Allow',
    Principal: { AWS: alice.arn },
    Action: 'sts:AssumeRole',
    Condition: {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
    },
  };
  const role = { RoleName: 'deploy', AssumeRolePolicyDocument: policy(gate) };
  await succeed(admin, 'iam', 'CreateRole', role, account.root);
  const list = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
  const inline = { RoleName: 'deploy', PolicyName: 'list', PolicyDocument: policy(list) };
  await succeed(admin, 'iam', 'PutRolePolicy', inline, account.root);
});

afterAll(async () => {
  await admin.close();
  await sandbox.close();
});

beforeEach(async () => {
  home = await makeHome(sandbox.endpoint, { config: config(), credentials: credentials() });
});

afterEach(() => home.remove());

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** As a person writes it: comments, odd spacing, no serial number unless it is given. */
function config(serialNumber: string | undefined = alice.phone.serialNumber): string {
  return `# mine
[profile work]
region   = eu-west-1
endpoint_url = ${sandbox.endpoint}
${serialNumber === undefined ? '' : `mfa_serial = ${serialNumber}\n`}
[profile myrole] ; the real thing
role_arn=${roleArn}
source_profile=work-mfa
region = eu-west-1
endpoint_url = ${sandbox.endpoint}
`;
}

/** With all that a login would add. */
function withSessionProfile(): string {
  return `${config()}\n[profile work-mfa]\nregion = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
}

function credentials({ accessKeyId, secretAccessKey } = alice.key): string {
  return `[work]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
}

const path = (name: 'config' | 'credentials'): string => join(home.path, '.aws', name);
const textOf = (name: 'config' | 'credentials'): Promise<string> => readFile(path(name), 'utf8');

/** With the code on stdin, as scripts give it, and no terminal. */
async function loginWithCode(code: string, args: readonly string[] = ['work'], env = {}) {
  return withoutTerminal([...STEPUP, 'login', ...args, '--code', '-'], { ...home.env, ...env }, { input: `${code}\n` });
}

/** Nothing was written but what was there. */
async function expectUntouched(): Promise<void> {
  expect(await textOf('config')).toBe(config());
  expect(await textOf('credentials')).toBe(credentials());
}

describe.each(inject('awsClis'))('with $name', (aws) => {
  const listBuckets = () => runChild(aws.path, ['--profile', 'myrole', 's3', 'ls'], { env: home.env });

  it('a role profile works through the files that login and a person wrote', async () => {
    const before = await listBuckets();
    expect(before.exitCode).not.toBe(0);
    expect(before.stdout).toBe('');

    const login = await loginWithCode(await alice.phone.freshCode());
    expect(login).toMatchObject({ exitCode: 0, stdout: '' });
    expect(login.stderr).toContain('work-mfa');
    expect(login.stderr).toContain('myrole');

    expect(await listBuckets()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('reports') });
  });
});

it('there is at least one AWS CLI', () => {
  expect(inject('awsClis').length).toBeGreaterThan(0);
});

describe('what login writes', () => {
  it('is the file contract, and everything else stays byte for byte', async () => {
    const before = Date.now();
    expect((await loginWithCode(await alice.phone.freshCode())).exitCode).toBe(0);

    const written = await textOf('credentials');
    expect(written.startsWith(credentials())).toBe(true);
    const section = Object.fromEntries(
      written
        .slice(written.indexOf('[work-mfa]'))
        .split('\n')
        .filter((line) => line.includes(' = '))
        .map((line) => line.split(' = ', 2) as [string, string]),
    );
    expect(Object.keys(section).sort()).toEqual([
      'aws_access_key_id',
      'aws_secret_access_key',
      'aws_session_token',
      'expiration',
      'stepup_authenticated_at',
      'stepup_base_key_id',
      'stepup_endpoint',
    ]);
    expect(section['aws_access_key_id']).toMatch(/^ASIA/);
    expect(section['stepup_base_key_id']).toBe(alice.key.accessKeyId);
    expect(section['stepup_endpoint']).toBe(sandbox.endpoint);
    expect(section['expiration']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(section['stepup_authenticated_at']!)).toBeGreaterThanOrEqual(before - 1000);
    expect((await stat(path('credentials'))).mode & 0o777).toBe(0o600);

    expect(await textOf('config')).toBe(
      `${config()}\n[profile work-mfa]\nendpoint_url = ${sandbox.endpoint}\nregion = eu-west-1\n`,
    );
  });

  it('narrows a credentials file that others can read, and says so', async () => {
    await writeFile(path('credentials'), credentials(), { mode: 0o644 });
    await chmod(path('credentials'), 0o644);
    const { stderr } = await loginWithCode(await alice.phone.freshCode());
    expect(stderr).toContain('0600');
    expect((await stat(path('credentials'))).mode & 0o777).toBe(0o600);
  });

  it('goes to the profile that was named, which is found again', async () => {
    const first = await loginWithCode(await alice.phone.freshCode(), ['work', '--update-profile', 'other']);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).not.toContain('Role profiles that use it');
    expect(first.stderr).toContain('Role profiles that start from work-mfa instead: myrole');
    expect(await textOf('credentials')).toContain('[other]');
    expect(await textOf('credentials')).not.toContain('[work-mfa]');
    const again = await loginWithCode('000000');
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('other') });
    expect(again.stderr).toContain('Nothing was done');
  });

  it('is never put over a section of somebody else', async () => {
    const theirs = `${credentials()}\n[work-mfa]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n`;
    await writeFile(path('credentials'), theirs);
    const { exitCode, stderr } = await loginWithCode(await alice.phone.codeIn(0), ['work', '--force']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('work-mfa');
    expect(await textOf('credentials')).toBe(theirs);
  });

  it('is told as JSON without its secrets', async () => {
    const { stdout } = await loginWithCode(await alice.phone.freshCode(), ['work', '--json', '--duration', '15m']);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({
      created: true,
      base: 'work',
      profile: 'work-mfa',
      serialNumber: alice.phone.serialNumber,
      roleProfiles: [{ name: 'myrole', roleArn }],
    });
    expect(Date.parse(told.expiration)).toBeGreaterThan(sandbox.clock.now() + 840_000);
    expect(Date.parse(told.expiration)).toBeLessThanOrEqual(sandbox.clock.now() + 900_000);
    for (const secret of (await textOf('credentials')).matchAll(/(?:secret_access_key|session_token) = (.+)/g)) {
      expect(stdout).not.toContain(secret[1]);
    }
  });
});

describe('a config file in a folder that may not be written', () => {
  /** Root may write everywhere by these capabilities alone; another user couldn't get to a checkout of root's. */
  const held = process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
  let store: string;

  beforeEach(async () => {
    store = join(home.path, 'store');
    await mkdir(store, { mode: 0o700 });
    await rm(path('config'));
    await symlink(join(store, 'config'), path('config'));
  });
  afterEach(() => chmod(store, 0o700));

  async function loginWith(configText: string, code: string) {
    await chmod(store, 0o700);
    await writeFile(join(store, 'config'), configText);
    await chmod(store, 0o500);
    return withoutTerminal([...held, ...STEPUP, 'login', 'work', '--code', '-'], home.env, { input: `${code}\n` });
  }

  it("is in nobody's way where nothing changes in it, and costs no code where something would", async () => {
    const code = await alice.phone.freshCode();
    const refused = await loginWith(config(), code);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(join(store, 'config')) });
    expect(await textOf('credentials')).toBe(credentials());

    const whole = withSessionProfile();
    expect(await loginWith(whole, code)).toMatchObject({ exitCode: 0 });
    expect(await textOf('credentials')).toContain('[work-mfa]\n');
    expect(await textOf('config')).toBe(whole);
  });
});

describe('a config file that is a pipe of a shell', () => {
  it('is read once and not written; what would change it costs no code', async () => {
    const code = await alice.phone.freshCode();
    const loginWith = (configText: string) =>
      runChild(
        'bash',
        ['-c', 'AWS_CONFIG_FILE=<(printf %s "$CONFIG") "$@"', 'bash', ...STEPUP, 'login', 'work', '--code', '-'],
        {
          env: { ...home.env, CONFIG: configText },
          input: `${code}\n`,
        },
      );
    const refused = await loginWith(config());
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/\/dev\/fd\/\d+: it is no regular file/),
    });
    expect(await loginWith(withSessionProfile())).toMatchObject({ exitCode: 0 });
    expect(await textOf('credentials')).toContain('[work-mfa]\n');
    expect(await textOf('config')).toBe(config());
  });
});

describe('a session that is there', () => {
  it('serves, and nothing is done; --force makes a new one', async () => {
    await loginWithCode(await alice.phone.freshCode());
    const kept = await textOf('credentials');
    const second = await withoutTerminal([...STEPUP, 'login', 'work'], home.env);
    expect(second).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Nothing was done') });
    expect(await textOf('credentials')).toBe(kept);
    expect((await loginWithCode(await alice.phone.freshCode(), ['work', '--force'])).exitCode).toBe(0);
    expect(await textOf('credentials')).not.toBe(kept);
  });

  it('does not serve when it is too old for a known gate', async () => {
    await loginWithCode(await alice.phone.freshCode());
    const shortGate = (await textOf('config')).replace(
      '[profile myrole] ; the real thing\n',
      '[profile myrole]\nstepup_mfa_max_age = 1\n',
    );
    await writeFile(path('config'), shortGate);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = await withoutTerminal([...STEPUP, 'login', 'work'], home.env);
    expect(second).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('too old') });
  });
});

describe('at a terminal', () => {
  it('asks for a code, says for whom and where it goes, and gives three tries', async () => {
    const wrong = await alice.phone.codeIn(-20);
    const seen = await atTerminal(
      [...STEPUP, 'login', 'work'],
      [
        { sees: 'MFA code:', types: `12345${ENTER}` },
        { sees: 'six digits', types: `\u0015${wrong}${ENTER}` },
        { sees: 'Try 2 of 3', types: `${wrong}${ENTER}` },
        { sees: 'takes this code no more', types: async () => `\u0015${await alice.phone.freshCode()}${ENTER}` },
      ],
      home.env,
    );
    expect(seen.exitCode, seen.stdout).toBe(0);
    for (const fact of [
      'user alice',
      `account ${account.accountId}`,
      'profile work',
      alice.phone.serialNumber,
      new URL(sandbox.endpoint).host,
      'stepup login (pid ',
      'started by expect (pid ',
    ]) {
      expect(seen.stdout).toContain(fact);
    }
    expect(await textOf('credentials')).toContain('[work-mfa]');
  });

  it('leaves everything untouched at Ctrl-C', async () => {
    const seen = await atTerminal(
      [...STEPUP, 'login', 'work'],
      [{ sees: 'MFA code:', types: `12${CTRL_C}` }],
      home.env,
    );
    expect(seen.exitCode, seen.stdout).toBe(130);
    await expectUntouched();
  });

  it('is asked though stdin, stdout and stderr lead elsewhere', async () => {
    const script = `"$@" </dev/null 2>"$HOME/err" | cat`;
    const seen = await atTerminal(
      ['sh', '-c', script, 'sh', ...STEPUP, 'login', 'work', '--json'],
      [{ sees: 'MFA code:', types: async () => `${await alice.phone.freshCode()}${ENTER}` }],
      home.env,
    );
    expect(seen.stdout).toContain('"created": true');
    expect(await readFile(join(home.path, 'err'), 'utf8')).toContain('work-mfa');
  });

  it('offers once, as a diff, to let role profiles start from the session', async () => {
    const old = config().replace('source_profile=work-mfa', 'source_profile=work');
    await writeFile(path('config'), old);
    const declined = await atTerminal(
      [...STEPUP, 'login', 'work'],
      [
        { sees: 'MFA code:', types: async () => `${await alice.phone.freshCode()}${ENTER}` },
        { sees: 'Let them start from work-mfa?', types: `n${ENTER}` },
      ],
      home.env,
    );
    expect(declined.exitCode, declined.stdout).toBe(0);
    expect(declined.stdout).toContain('-source_profile=work');
    expect(declined.stdout).toContain('+source_profile=work-mfa');
    expect(await textOf('config')).toContain('source_profile=work\n');

    const notAgain = await atTerminal(
      [...STEPUP, 'login', 'work', '--force'],
      [{ sees: 'MFA code:', types: async () => `${await alice.phone.freshCode()}${ENTER}` }],
      home.env,
    );
    expect(notAgain.exitCode, notAgain.stdout).toBe(0);
    expect(notAgain.stdout).not.toContain('Let them start');

    await rm(join(home.path, '.local'), { recursive: true });
    const agreed = await atTerminal(
      [...STEPUP, 'login', 'work', '--force'],
      [
        { sees: 'MFA code:', types: async () => `${await alice.phone.freshCode()}${ENTER}` },
        { sees: 'Let them start from work-mfa?', types: ENTER },
      ],
      home.env,
    );
    expect(agreed.exitCode, agreed.stdout).toBe(0);
    const after = await textOf('config');
    expect(after).toContain('source_profile=work-mfa\n');
    expect(after.startsWith('# mine\n[profile work]\nregion   = eu-west-1\n')).toBe(true);
  });
});

describe('the device', () => {
  const mayList = { Effect: 'Allow', Action: 'iam:ListMFADevices', Resource: '*' };

  async function newPerson(name: string) {
    const person = await hire(admin, account, name, [mayList]);
    await writeFile(path('credentials'), credentials(person.key));
    return person;
  }

  it('is looked up where none is named, and kept', async () => {
    const bob = await giveItAPhone(admin, account, await newPerson('bob'), sandbox.clock);
    await writeFile(path('config'), config().replace(/mfa_serial.*\n/, ''));
    expect(await loginWithCode(await bob.phone.freshCode())).toMatchObject({ exitCode: 0 });
    expect(await textOf('config')).toContain(`mfa_serial = ${bob.phone.serialNumber}\n`);
  });

  it('is looked up where the user is named for it', async () => {
    const carol = await giveItAPhone(admin, account, await newPerson('carol'), sandbox.clock);
    await writeFile(path('config'), config(carol.arn));
    const { exitCode, stderr } = await loginWithCode(await carol.phone.freshCode());
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${carol.arn} (mfa_serial of profile work) is the user, not its device`);
    expect(await textOf('config')).toBe(
      `${config(carol.phone.serialNumber)}\n[profile work-mfa]\nendpoint_url = ${sandbox.endpoint}\nregion = eu-west-1\n`,
    );
  });

  it('is chosen when there are several, FIDO shown but not to be chosen', async () => {
    const dave = await giveItAPhone(admin, account, await newPerson('dave'), sandbox.clock);
    const holder = { accountId: account.accountId, userName: 'dave' };
    const fido = sandbox.addDevice({ ...holder, type: 'fido', name: 'key' });
    const seedBase32 = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const token = phoneOf(
      sandbox.addDevice({ ...holder, type: 'hardware', serialNumber: 'GAHT12345678', seedBase32 }),
      seedBase32,
      sandbox.clock,
    );
    await writeFile(path('config'), config().replace(/mfa_serial.*\n/, ''));

    const nobody = await withoutTerminal([...STEPUP, 'login', 'work'], home.env);
    expect(nobody.exitCode).toBe(4);
    expect(nobody.stderr).toContain('--serial-number');

    const seen = await atTerminal(
      [...STEPUP, 'login', 'work'],
      [
        { sees: 'Which device', types: '' },
        { sees: 'GAHT12345678', types: '' },
        { sees: 'browser only', types: DOWN + ENTER },
        { sees: 'MFA code:', types: async () => `${await token.freshCode()}${ENTER}` },
      ],
      home.env,
    );
    const listedFirst = (await textOf('config')).match(/mfa_serial = (.*)/)?.[1];
    expect(seen.stdout).toContain(fido);
    expect([seen.exitCode, listedFirst], seen.stdout).toEqual([0, 'GAHT12345678']);
    expect(dave.phone.serialNumber).not.toBe(listedFirst);
  });

  it('may be none, or FIDO only, or unknown because AWS does not say', async () => {
    const erin = await newPerson('erin');
    await writeFile(path('config'), config().replace(/mfa_serial.*\n/, ''));
    expect(await loginWithCode('123456')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('has no MFA device'),
    });

    sandbox.addDevice({ accountId: account.accountId, userName: erin.name, type: 'fido', name: 'key' });
    expect(await loginWithCode('123456')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('six-digit codes'),
    });

    await writeFile(path('credentials'), credentials());
    const guess = await loginWithCode('123456');
    expect(guess.exitCode).toBe(1);
    expect(guess.stderr).toContain(`stepup login work --serial-number ${alice.phone.serialNumber}`);

    const seen = await atTerminal(
      [...STEPUP, 'login', 'work'],
      [
        { sees: `By AWS's habit the device is ${alice.phone.serialNumber}`, types: ENTER },
        { sees: 'MFA code:', types: async () => `${await alice.phone.freshCode()}${ENTER}` },
      ],
      home.env,
    );
    expect(seen.exitCode, seen.stdout).toBe(0);
    expect(await textOf('config')).toContain(`mfa_serial = ${alice.phone.serialNumber}\n`);
  });
});

describe('what can go wrong has words of its own', () => {
  it('no terminal and no code: what to run, without a code in it', async () => {
    const { exitCode, stderr } = await withoutTerminal([...STEPUP, 'login', 'work', '--duration', '1h'], home.env);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('Run: stepup login work --duration 1h\n');
  });

  it.each([
    ['abc', 2, 'not a code'],
    ['12345', 2, 'not a code'],
    ['', 2, 'No code came from stdin'],
  ])('a malformed code: %j', async (code, exitCode, words) => {
    expect(await loginWithCode(code)).toMatchObject({ exitCode, stderr: expect.stringContaining(words) });
    await expectUntouched();
  });

  it('a wrong code, and one that was used', async () => {
    const wrong = await loginWithCode(await alice.phone.codeIn(-20));
    expect(wrong).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('wrong, or was used already') });
    const code = await alice.phone.freshCode();
    expect((await loginWithCode(code)).exitCode).toBe(0);
    const reused = await loginWithCode(code, ['work', '--force']);
    expect(reused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('This code was used already') });
  });

  it("somebody else's device", async () => {
    const { exitCode, stderr } = await loginWithCode('123456', ['work', '--serial-number', 'GAHT00000000']);
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('no such device')]);
  });

  it('a profile without a key, and one that is not there', async () => {
    await writeFile(path('credentials'), '');
    expect(await loginWithCode('123456')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('work') });
    expect(await loginWithCode('123456', ['nowhere'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nowhere'),
    });
  });

  it('a key that AWS does not know, and a wrong secret', async () => {
    await writeFile(path('credentials'), credentials({ ...alice.key, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }));
    expect(await loginWithCode('123456')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining("doesn't know the access key"),
    });
    await writeFile(path('credentials'), credentials({ ...alice.key, secretAccessKey: 'wrong' }));
    const { exitCode, stderr } = await loginWithCode('123456');
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining("secret access key doesn't belong")]);
    expect(stderr).not.toContain('wrong\n');
  });

  it.each([
    ['+2h', '2 h ahead of'],
    ['-1h', '1 h behind'],
  ])('a clock that is off by %s', async (shift, words) => {
    const { exitCode, stderr } = await withoutTerminal(
      ['faketime', '-f', shift, ...STEPUP, 'login', 'work', '--code', await alice.phone.codeIn(0)],
      home.env,
    );
    expect(exitCode, stderr).toBe(5);
    // A second or two pass on the way.
    expect(stderr).toMatch(
      new RegExp(
        words.replace('1 h behind', '(1 h|59 min \\d+ s) behind').replace('2 h ahead', '(2 h|1 h 59 min) ahead'),
      ),
    );
    await expectUntouched();
  });

  it('an endpoint that nobody answers on', async () => {
    const { exitCode, stderr } = await loginWithCode('123456', ['work'], {
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1',
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("Can't reach 127.0.0.1:1")]);
    expect(stderr).toContain('AWS_ENDPOINT_URL_STS in the environment');
  });

  it.each([
    [{ AWS_ENDPOINT_URL: 'https://sts.evil.example' }, "it is no host of AWS's"],
    [{ AWS_ENDPOINT_URL_STS: 'http://sts.amazonaws.com' }, 'unencrypted'],
    [{ AWS_ENDPOINT_URL_STS: 'https://127.0.0.1.evil.example' }, "it is no host of AWS's"],
  ])('an endpoint that a code may not go to: %j', async (env, words) => {
    const { exitCode, stderr } = await loginWithCode('123456', ['work'], env);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(stderr).toContain('in the environment');
    await expectUntouched();
  });

  it('a file that does not parse, which stays as it is', async () => {
    await writeFile(path('config'), `${config()}\nwhat is this\n`);
    const { exitCode, stderr } = await loginWithCode('123456');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/config.*line \d+/);
    expect(await textOf('config')).toBe(`${config()}\nwhat is this\n`);
  });
});
