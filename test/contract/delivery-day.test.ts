/** A day of sessions: renewed under a running client, served until they end, and as long as they were asked for. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline';
import { afterEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { succeed } from './harness/aws-client.ts';
import { runChild, startChild } from './harness/child.ts';
import type { Environment } from './harness/clean-environment.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { movedTime } from './harness/moved-time.ts';
import { sandboxCommand } from './harness/sandbox-process.ts';
import { STEPUP } from './harness/stepup.ts';
import { atTerminal, DOWN, ENTER, WITHOUT_TERMINAL, withoutTerminal } from './harness/terminal.ts';
import type { TestSandbox } from './harness/test-sandbox.ts';

let world: GatedRole;
let home: Home;
const openHome = async (more = '', config = world.config): Promise<Home> =>
  makeHome(world.sandbox.endpoint, { config: config + more, credentials: world.credentials });
afterEach(async () => {
  await home.remove();
  await world.close();
});

const stepup = (args: readonly string[], env: Environment = {}, input = '') =>
  withoutTerminal([...STEPUP, ...args], { ...home.env, ...env }, { input });

async function logIn(env: Environment = {}, ...more: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await stepup(
    ['login', 'work', ...more, '--code', '-'],
    env,
    await world.alice.phone.freshCode(),
  );
  expect(exitCode, stderr).toBe(0);
}

/** A program with a session of its own and no terminal, which is asked by lines and answers by lines. */
class Talker {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #stderr = '';

  constructor(command: readonly string[], env: Environment) {
    const [program, ...args] = WITHOUT_TERMINAL;
    this.child = startChild(program, [...args, ...command], { env });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    const lines: Interface = createInterface({ input: this.child.stdout });
    this.#lines = lines[Symbol.asyncIterator]();
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  async ask(question = ''): Promise<string> {
    this.child.stdin.write(`${question}\n`);
    return this.line();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`it ended: ${this.#stderr}`);
    return value;
  }
}

/** botocore before 1.34 knows no AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (docs/exec.md). */
const newPythons = inject('pythons').filter(({ name }) => !/ 1\.(1\d|2\d|3[0-3])\./.test(name));

/** Under libfaketime Python's sleep fails; botocore wants to sleep between tries. */
const ASKED_BY_LINES = `
import sys, time
time.sleep = lambda seconds: None
import boto3
session = boto3.Session()
s3 = session.client("s3")
for _ in sys.stdin:
  try:
    names = [b["Name"] for b in s3.list_buckets()["Buckets"]]
    print(session.get_credentials().get_frozen_credentials().access_key, *names, flush=True)
  except Exception as error:
    print("ERROR", str(error).replace(chr(10), " "), flush=True)
`;

it.each(newPythons)('$name runs on for a day: renewed under it, then told that a code is needed', async ({ path }) => {
  const time = await movedTime();
  const child = await sandboxCommand([], time.env);
  const sandbox: TestSandbox = {
    ...child,
    clock: time.clock,
    addFault: () => undefined,
    addDevice: () => '',
    close: async () => {
      await child.end('SIGTERM');
      await time.remove();
    },
  };
  world = await openGatedRole(sandbox);
  home = await openHome();
  await logIn(time.env);
  const exec = [...STEPUP, 'exec', '--server', 'myrole', '--', path, '-c', ASKED_BY_LINES];
  const client = new Talker(exec, { ...home.env, ...time.env });
  const first = await client.ask();
  expect(first).toMatch(/^ASIA\w+ reports$/);
  expect(await client.ask()).toBe(first);
  // The gate of an hour is open still, the role session nearly over: another one, and nobody is asked.
  await time.clock.advance(57 * 60_000);
  const second = await client.ask();
  expect(second).toMatch(/^ASIA\w+ reports$/);
  expect(second).not.toBe(first);
  // Past the gate only a code helps; nobody is there to type one, and the client is told.
  await time.clock.advance(62 * 60_000);
  const refused = await client.ask();
  expect(refused).toMatch(/^ERROR .*stepup login work --force/);
  await logIn(time.env, '--force');
  expect(await client.ask()).toMatch(/^ASIA\w+ reports$/);
  client.child.stdin.end();
  expect(await once(client.child, 'close')).toEqual([0, null]);
});

describe('serve', () => {
  it('gives three clients what one session holds; at its end an error that says so, at once each time', async () => {
    world = await openGatedRole();
    home = await openHome();
    await logIn();
    const server = new Talker([...STEPUP, 'serve', 'myrole', '--json'], home.env);
    const served = JSON.parse(await server.line()).profiles[0];
    expect((await stat(served.tokenFile)).mode & 0o777).toBe(0o600);
    const env = {
      ...home.env,
      AWS_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_ENDPOINT_URL: world.sandbox.endpoint,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: served.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: served.tokenFile,
    };
    const [python] = newPythons;
    const list = 'import boto3; print([b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]])';
    if (python) expect((await runChild(python.path, ['-c', list], { env })).stdout).toBe("['reports']\n");
    const script = `import { S3 } from '@aws-sdk/client-s3';
const { Buckets } = await new S3({ forcePathStyle: true }).listBuckets({});
console.log(Buckets.map(({ Name }) => Name).join());`;
    const node = await runChild(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(node.stdout, node.stderr).toBe('reports\n');
    const [cli] = inject('awsClis').filter(({ name }) => !/ 2\.[0-9]\./.test(name));
    if (cli) expect((await runChild(cli.path, ['s3', 'ls'], { env })).stdout).toContain('reports');

    expect((await stepup(['logout', 'work'])).exitCode).toBe(0);
    const authorization = await readFile(served.tokenFile, 'utf8');
    for (const code of ['no-terminal', 'person-needed', 'person-needed']) {
      const answer = await fetch(served.url, { headers: { authorization } });
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { code, message: expect.stringContaining('stepup login work') },
      ]);
    }
    await logIn();
    expect((await fetch(served.url, { headers: { authorization } })).status).toBe(200);
    server.child.kill('SIGTERM');
    await once(server.child, 'close');
    await expect(stat(served.tokenFile)).rejects.toThrow();
  });
});

describe('a role session of more than an hour', () => {
  it('is entered with the code itself; a chain is capped at an hour, and needs none', async () => {
    world = await openGatedRole();
    const { admin, account, roleArn } = world;
    await succeed(admin, 'iam', 'UpdateRole', { RoleName: 'deploy', MaxSessionDuration: 14_400 }, account.root);
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: roleArn }, Action: 'sts:AssumeRole' }],
    });
    await succeed(
      admin,
      'iam',
      'CreateRole',
      { RoleName: 'next', AssumeRolePolicyDocument: trust, MaxSessionDuration: 14_400 },
      account.root,
    );
    const next = `[profile next]\nrole_arn = arn:aws:iam::${account.accountId}:role/next\nsource_profile = myrole\nduration_seconds = 7200\nendpoint_url = ${world.sandbox.endpoint}\nregion = eu-west-1\n`;
    home = await openHome(next, world.config.replace('source_profile', 'duration_seconds = 7200\nsource_profile'));

    const nobody = await stepup(['credentials', 'myrole']);
    expect([nobody.exitCode, nobody.stderr]).toEqual([4, expect.stringContaining('stepup exec myrole -- true')]);
    const seen = await atTerminal(
      [...STEPUP, 'exec', 'myrole', '--', 'true'],
      [
        { sees: roleArn, types: '' },
        { sees: 'MFA code:', types: async () => `${await world.alice.phone.freshCode()}${ENTER}` },
      ],
      home.env,
    );
    expect(seen.exitCode, seen.stdout).toBe(0);
    const hoursLeft = ({ stdout }: { readonly stdout: string }): number =>
      (Date.parse(JSON.parse(stdout).Expiration) - Date.now()) / 3_600_000;
    const long = await stepup(['credentials', 'myrole']);
    expect(hoursLeft(long), long.stderr).toBeGreaterThan(1.9);

    await logIn();
    const chained = await stepup(['credentials', 'next']);
    expect(hoursLeft(chained), chained.stderr).toBeGreaterThan(0.9);
    // The authority's clock may be a code's time ahead of ours.
    expect(hoursLeft(chained)).toBeLessThan(1.1);
  });
});

describe('exec', () => {
  it('asks for more time with --min-left, and says how to get it', async () => {
    world = await openGatedRole();
    home = await openHome();
    await logIn();
    expect((await stepup(['exec', '--min-left', '30m', 'work', '--', 'true'])).exitCode).toBe(0);
    const short = await stepup(['exec', '--min-left', '13h', 'work', '--', 'true']);
    expect([short.exitCode, short.stderr]).toEqual([4, expect.stringContaining('Run: stepup login work --force\n')]);
  });

  it('sets only the name with --profile-env, once it is known to work', async () => {
    world = await openGatedRole();
    home = await openHome();
    const names = ['exec', '--profile-env', 'myrole', '--', 'sh', '-c', 'env | grep -E "^(AWS|STEPUP)_" | sort'];
    expect((await stepup(names)).exitCode).toBe(4);
    await logIn();
    const { stdout } = await stepup(names, { AWS_ACCESS_KEY_ID: 'AKIAOTHER', AWS_SECRET_ACCESS_KEY: 'x' });
    expect(stdout).toContain('AWS_PROFILE=myrole\n');
    expect(stdout).not.toMatch(/AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|\w*EXPIRATION)=/);
  });

  it('without a command is a shell; without a profile, a choice', async () => {
    world = await openGatedRole();
    home = await openHome();
    await logIn();
    const shell = await stepup(['exec', 'myrole'], { SHELL: '/bin/sh' }, 'echo "in $AWS_VAULT"; exit 5\n');
    expect(shell).toMatchObject({ exitCode: 5, stdout: 'in myrole\n' });
    const chosen = await atTerminal(
      [...STEPUP, 'exec', '--', 'sh', '-c', 'echo "as $AWS_VAULT"'],
      [
        { sees: 'Run with which profile?', types: DOWN + ENTER },
        { sees: 'as myrole', types: '' },
      ],
      home.env,
    );
    expect(chosen.exitCode, chosen.stdout).toBe(0);
    expect((await stepup(['exec', '--', 'true'])).exitCode).toBe(4);
  });
});
