/** Handing over: the built program gives real clients credentials in each way it knows. */
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { runChild, startChild } from './harness/child.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { STEPUP, stepupCommand } from './harness/stepup.ts';
import { withoutTerminal } from './harness/terminal.ts';

let world: GatedRole;
let home: Home;

beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());

beforeEach(async () => {
  home = await makeHome(world.sandbox.endpoint, { config: world.config, credentials: world.credentials });
});
afterEach(() => home.remove());

const stepup = (args: readonly string[], env = {}) => withoutTerminal([...STEPUP, ...args], { ...home.env, ...env });

async function logIn(): Promise<void> {
  const input = `${await world.alice.phone.freshCode()}\n`;
  const { exitCode, stderr } = await withoutTerminal([...STEPUP, 'login', 'work', '--code', '-'], home.env, { input });
  expect(exitCode, stderr).toBe(0);
}

const LIST_BUCKETS = `import { S3 } from '@aws-sdk/client-s3';
const { Buckets } = await new S3({ forcePathStyle: true }).listBuckets({});
console.log(Buckets.map(({ Name }) => Name).join());`;

const boto = 'import boto3; print([b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]])';

/** botocore before 1.34 knows no AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (docs/exec.md). */
const knowsTokenFile = ({ name }: { readonly name: string }): boolean =>
  !/ (2\.[0-9]\.|1\.(1\d|2\d|3[0-3])\.)/.test(name);

describe.each(inject('awsClis'))('$name', (aws) => {
  const { path } = aws;

  it('lists with credential_process', async () => {
    await logIn();
    const line = `credential_process = ${STEPUP.join(' ')} credentials myrole`;
    await appendFile(join(home.path, '.aws/config'), `\n[profile bridge]\n${line}\nregion = eu-west-1\n`);
    const listed = await runChild(path, ['--profile', 'bridge', 's3', 'ls'], { env: home.env });
    expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('reports') });
  });

  it('lists by the environment that exec gives', async () => {
    await logIn();
    const listed = await stepup(['exec', 'myrole', '--', path, 's3', 'ls']);
    expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('reports') });
  });

  it('takes the endpoint of exec --server, or nothing, though the person has a [default] key', async () => {
    await logIn();
    const theirs = '\n[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n';
    await appendFile(join(home.path, '.aws/credentials'), theirs);
    const arn = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];
    const seen = await stepup(['exec', '--server', 'myrole', '--', path, ...arn]);
    if (knowsTokenFile(aws)) {
      expect(seen.stdout, seen.stderr).toContain(':assumed-role/deploy/');
    } else {
      expect(seen.exitCode, seen.stderr).not.toBe(0);
      // The [default] key isn't tried: it would be refused as unknown.
      expect(seen.stderr).not.toContain('InvalidClientTokenId');
    }
  });
});

it.each(inject('pythons').filter(knowsTokenFile))(
  '$name lists by exec --server and by the plain profile',
  async ({ path }) => {
    await logIn();
    const served = await stepup(['exec', '--server', 'myrole', '--', path, '-c', boto]);
    expect(served).toMatchObject({ exitCode: 0, stdout: "['reports']\n" });
    const plain = await runChild(path, ['-c', boto], { env: { ...home.env, AWS_PROFILE: 'myrole' } });
    expect(plain).toMatchObject({ exitCode: 0, stdout: "['reports']\n" });
  },
);

it('the SDK for JavaScript lists by exec --server', async () => {
  await logIn();
  const node = [process.execPath, '--input-type=module', '-e', LIST_BUCKETS];
  const listed = await stepup(['exec', '--server', 'myrole', '--', ...node]);
  expect(listed, listed.stderr).toMatchObject({ exitCode: 0, stdout: 'reports\n' });
});

/** By what is kept alone, as most calls are; by the whole program, which any option takes; and with an endpoint. */
describe.each([[], ['--nested'], ['--server']])('exec %s', (...options) => {
  const exec = (...command: readonly string[]) => stepup(['exec', ...options, 'myrole', '--', ...command]);
  beforeEach(async () => {
    await logIn();
    expect((await stepup(['credentials', 'myrole'])).exitCode).toBe(0);
  });

  it('answers the exit code, and dies of the signal that the child died of', async () => {
    expect(await exec('sh', '-c', 'exit 7')).toMatchObject({ exitCode: 7 });
    const words = ['exec', ...options, 'myrole', '--', 'sh', '-c', 'kill -TERM $$'];
    expect((await runChild(...stepupCommand(words), { env: home.env })).signal).toBe('SIGTERM');
  });

  it('tells the command where the profile’s requests go, as far as the environment doesn’t say', async () => {
    const PLACE = { AWS_ENDPOINT_URL: world.sandbox.endpoint, AWS_STS_REGIONAL_ENDPOINTS: 'regional' };
    await appendFile(
      join(home.path, '.aws/config'),
      `\n[profile placed]\nrole_arn = ${world.roleArn}\nsource_profile = work-mfa\nservices = own\nendpoint_url = ${world.sandbox.endpoint}\n` +
        `sts_regional_endpoints = legacy\n[services own]\ns3 =\n  endpoint_url = http://127.0.0.1:9/s3\nelastic_beanstalk =\n  endpoint_url = http://127.0.0.1:9/eb\n`,
    );
    const names = ['URL', 'URL_S3', 'URL_ELASTIC_BEANSTALK'].map((name) => `$AWS_ENDPOINT_${name}`).join(' ');
    const script = `echo ${names} $AWS_STS_REGIONAL_ENDPOINTS`;
    const tell = async (env: Readonly<Record<string, string>>) => {
      const words = ['exec', ...options, 'placed', '--', 'sh', '-c', script];
      const told = await runChild(...stepupCommand(words), { env: { ...home.env, ...env } });
      expect(told, told.stderr).toMatchObject({ exitCode: 0 });
      return told.stdout;
    };
    const places = 'http://127.0.0.1:9/s3 http://127.0.0.1:9/eb legacy\n';
    expect(await tell({})).toBe(`${world.sandbox.endpoint} ${places}`);
    expect(await tell(PLACE)).toBe(`${world.sandbox.endpoint} regional\n`);
    // Of an exec around this one; but what a person has set inside of it counts.
    const outer = 'http://127.0.0.1:9/outer';
    const placed = { STEPUP_PLACED: `AWS_ENDPOINT_URL=${encodeURIComponent(outer)}` };
    expect(await tell({ ...placed, AWS_ENDPOINT_URL: outer })).toBe(`${world.sandbox.endpoint} ${places}`);
    expect(await tell({ ...placed, ...PLACE })).toBe(`${world.sandbox.endpoint} regional\n`);
  });

  it('says what could not be started, with the exit code that a shell has for it', async () => {
    const missing = await exec('no-such-program');
    expect([missing.exitCode, missing.stderr]).toEqual([127, expect.stringContaining('there is no such program')]);
    expect((await exec('/etc')).exitCode).toBe(126);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH', 'SIGUSR1'] as const)(
    'lets %s reach the command',
    async (signal) => {
      const script = `trap 'echo heard; exit 3' ${signal.slice(3)}; echo up; for i in $(seq 50); do sleep 0.1; done`;
      const [program, args] = stepupCommand(['exec', ...options, 'myrole', '--', 'bash', '-c', script]);
      // A group of its own: what a terminal's key sends to its whole foreground group is another matter.
      const child = startChild(program, args, { env: home.env, detached: true });
      child.stdin.end();
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said === 'up\n') child.kill(signal);
      });
      expect([...(await once(child, 'close')), said]).toEqual([3, null, 'up\nheard\n']);
    },
  );

  it('leaves the command nothing of Node: pipes block and break as ever', async () => {
    // More than a pipe holds, through a reader that dawdles; and a reader that leaves at once.
    const script = `head -c 300000 /dev/zero | tr '\\0' x | { sleep 0.3; wc -c; }; yes | head -1; grep SigIgn /proc/self/status`;
    const seen = await exec('sh', '-c', script);
    expect(seen).toMatchObject({ exitCode: 0, stdout: `300000\ny\nSigIgn:\t${'0'.repeat(16)}\n`, stderr: '' });
  });
});

describe('exec', () => {
  it('narrows the session by the policy of the profile', async () => {
    await logIn();
    const listing = [process.execPath, '--input-type=module', '-e', LIST_BUCKETS];
    const policy = (effect: string): string =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: effect, Action: 's3:*', Resource: '*' }] });
    for (const [effect, listed] of [
      ['Allow', true],
      ['Deny', false],
    ] as const) {
      await writeFile(join(home.path, '.aws/narrow.json'), policy(effect));
      await writeFile(
        join(home.path, '.aws/config'),
        world.config.replace('source_profile', 'stepup_session_policy = narrow.json\nsource_profile'),
      );
      const seen = await stepup(['exec', 'myrole', '--', ...listing], { AWS_ENDPOINT_URL: world.sandbox.endpoint });
      expect(seen.exitCode === 0, seen.stderr).toBe(listed);
    }
  });

  it('refuses to nest, and puts no secret into an argv', async () => {
    await logIn();
    const nested = await stepup(['exec', 'myrole', '--', 'true'], { AWS_VAULT: 'other' });
    expect([nested.exitCode, nested.stderr]).toEqual([1, expect.stringContaining('--nested')]);
    const script = 'cat /proc/$PPID/cmdline /proc/$$/cmdline; echo; printenv AWS_SECRET_ACCESS_KEY AWS_VAULT';
    const { stdout } = await stepup(['exec', 'myrole', '--', 'sh', '-c', script]);
    const [argv, secret, vault] = stdout.split('\n');
    expect(vault).toBe('myrole');
    expect(argv).not.toContain(secret);
  });
});

describe('without a session', () => {
  it('fails with exit 4 where nobody can be asked', async () => {
    const asked = await stepup(['credentials', 'myrole', '--no-prompt']);
    expect([asked.exitCode, asked.stderr]).toEqual([4, expect.stringContaining('stepup login work')]);
    expect((await stepup(['credentials', 'myrole'])).exitCode).toBe(4);
  });
});

describe('a hostile repository', () => {
  it('sends STS elsewhere: neither code nor session goes there', async () => {
    await logIn();
    for (const [variable, args] of [
      ['AWS_ENDPOINT_URL_STS', ['credentials', 'myrole']],
      ['AWS_ENDPOINT_URL', ['exec', 'myrole', '--', 'true']],
      ['AWS_ENDPOINT_URL_SIGNIN', ['console', 'myrole', '--print']],
    ] as const) {
      const refused = await stepup(args, { [variable]: 'https://sts.evil.example' });
      expect([refused.exitCode, refused.stdout], refused.stderr).toEqual([expect.any(Number), '']);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toContain('may not go to https://sts.evil.example');
      expect(refused.stderr).toContain(variable);
    }
  });

  it('names an mfa_process: it does not run', async () => {
    const mark = join(home.path, 'ran');
    const config = world.config.replace('[profile work]\n', `[profile work]\nmfa_process = /usr/bin/touch ${mark}\n`);
    await writeFile(join(home.path, 'evil'), config, { mode: 0o600 });
    const refused = await stepup(['credentials', 'myrole'], { AWS_CONFIG_FILE: join(home.path, 'evil') });
    expect(refused.exitCode, refused.stderr).toBe(1);
    expect(refused.stderr).toContain('/usr/bin/touch');
    await expect(readFile(mark)).rejects.toThrow();
  });

  it('has tricks in its names: they are shown, not obeyed', async () => {
    const refused = await stepup(['exec', '\u001b[2J$(touch x)\u202e', '--', 'true']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).not.toContain('\u001b');
    expect(refused.stderr).not.toContain('\u202e');
  });
});

it('console signs in at the federation endpoint', async () => {
  await logIn();
  const printed = await stepup(['console', 'myrole', '--print'], { AWS_ENDPOINT_URL_SIGNIN: world.sandbox.endpoint });
  expect(printed.exitCode, printed.stderr).toBe(0);
  const page = await fetch(printed.stdout.trim(), {
    headers: { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' },
  });
  expect(page.status).toBe(200);
});

it('completion knows the profiles', async () => {
  expect((await stepup(['completion', 'profiles'])).stdout).toBe('work\nmyrole\n');
});
