/** `stepup demo`: a stage of its own, the plot played on it, and each answer held against what it must be. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepupError } from '../../errors.ts';
import { givenCode } from '../../mfa/source.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { escapeText } from '../../terminal/escape.ts';
import { type Style, styleFor } from '../../terminal/style.ts';
import { formatDuration } from '../../terminal/time.ts';
import { textWidth, wrapText } from '../../terminal/wrap.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { logIn } from '../login/login.ts';
import { buildDemoAccount, DEMO_MAX_AGE_SECONDS, DEMO_USER, type DemoAccount } from './account.ts';
import { awsProgram } from './aws-program.ts';
import type { DemoClient } from './client.ts';
import { type DemoStep, playDemo } from './story.ts';

export interface DemoOptions {
  readonly json?: boolean;
}

const PROFILES = { key: 'demo', session: 'demo-mfa', role: 'myrole' } as const;
const REGION = 'us-east-1';

/** Runs the command; exit code 0 only if every step held. Throws StepupError where the stage can't be built. */
export async function demoCommand(io: Io, options: DemoOptions): Promise<number> {
  const home = makeHome(io);
  const sandbox = await startSandbox();
  io.atEnd(() => sandbox.close());
  const [account, client] = await Promise.all([build(sandbox, io), chooseClient(sandbox, home, io)]);
  writeProfiles(home, sandbox.endpoint, account);

  const look = { style: styleFor(io.stdout, io.env), width: textWidth(io.stdout) };
  const print = (text: string): void => {
    if (!options.json) io.stdout.write(`${text}\n`);
  };
  print(opening(sandbox, account, client, home, look));
  const steps = await playDemo(
    {
      home,
      client,
      roleArn: account.roleArn,
      profiles: PROFILES,
      advanceSeconds: (seconds) => sandbox.clock.advanceSeconds(seconds),
      login: () => demoLogin(io, home, account.codeAt(sandbox.clock.now().getTime())),
      loginCommand: `stepup login ${PROFILES.key}`,
    },
    (step) => print(stepText(step, look)),
  );
  const held = steps.every((step) => step.held);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ held, client: client.name, endpoint: sandbox.endpoint, steps }, null, 2)}\n`);
  }
  print(closing(steps, look));
  return held ? ExitCode.done : ExitCode.failed;
}

/** A home of the demo's own, for the time of the demo. */
function makeHome(io: Io): string {
  const home = mkdtempSync(join(tmpdir(), 'stepup-demo-'));
  io.atEnd(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

async function build(sandbox: Sandbox, io: Io): Promise<DemoAccount> {
  const [root] = sandbox.accounts;
  const { createBucket } = await import('./sdk.ts');
  return buildDemoAccount({
    endpoint: sandbox.endpoint,
    accountId: root.accountId,
    root,
    authorityNow: () => sandbox.clock.now().getTime(),
    createBucket: (name) => createBucket(name, root, { endpoint: sandbox.endpoint, signal: io.interrupted }),
  });
}

async function chooseClient({ endpoint }: Sandbox, home: string, io: Io): Promise<DemoClient> {
  const options = { home, endpoint, env: io.env, signal: io.interrupted };
  return (await awsProgram(options)) ?? (await import('./sdk.ts')).sdkClient(options);
}

/** What a person has before the first login: a key, its device, and a role profile that starts from the session. */
function writeProfiles(home: string, endpoint: string, { userKey, serialNumber, roleArn }: DemoAccount): void {
  const folder = join(home, '.aws');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(
    join(folder, 'credentials'),
    [
      `[${PROFILES.key}]`,
      `aws_access_key_id = ${userKey.accessKeyId}`,
      `aws_secret_access_key = ${userKey.secretAccessKey}`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  writeFileSync(
    join(folder, 'config'),
    [
      `[profile ${PROFILES.key}]`,
      `region = ${REGION}`,
      `endpoint_url = ${endpoint}`,
      `mfa_serial = ${serialNumber}`,
      '',
      `[profile ${PROFILES.role}]`,
      `role_arn = ${roleArn}`,
      `source_profile = ${PROFILES.session}`,
      `region = ${REGION}`,
      `endpoint_url = ${endpoint}`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
}

/** `stepup login demo`, in the demo's home, with the device at hand. */
async function demoLogin(io: Io, home: string, code: string): Promise<string> {
  const demoIo: Io = { ...io, env: {}, homeDirectory: home, accountHomeDirectory: home };
  const outcome = await logIn(
    demoIo,
    PROFILES.key,
    {},
    {
      codes: () => givenCode(code, "the demo's device"),
      person: () => undefined,
    },
  );
  if (outcome.type !== 'new')
    throw new StepupError('internal', { problem: 'the demo found a session before it logged in' });
  const lasts = formatDuration((outcome.session.expiresAtMs - io.now()) / 1000);
  return `profile ${outcome.session.profile} holds an MFA session for ${lasts}`;
}

interface Look {
  readonly style: Style;
  readonly width: number;
}

function opening(
  sandbox: Sandbox,
  account: DemoAccount,
  { name }: DemoClient,
  home: string,
  { style, width }: Look,
): string {
  const facts = [
    ['sandbox', `${sandbox.endpoint}, account ${account.accountId}; nothing of yours is used`],
    ['client', `${escapeText(name)}, with a home of its own: ${escapeText(home)}`],
    ['user', `${DEMO_USER}, whose key may do one thing: sts:AssumeRole on ${account.roleArn}`],
    ['gate', `the role lets ${DEMO_USER} in with an MFA code younger than ${formatDuration(DEMO_MAX_AGE_SECONDS)}`],
  ] as const;
  return [
    style.bold('A local AWS, and the pattern in it'),
    ...facts.flatMap(([what, fact]) => wrapText(fact, width, `  ${what.padEnd(9)}`)),
    '',
  ].join('\n');
}

function stepText({ shows, tried, answer, mustBe, held }: DemoStep, { style, width }: Look): string {
  const verdict = held ? style.green(`✓ ${mustBe}, as it must be`) : style.red(`✗ it must be ${mustBe}, and is not`);
  return [
    style.bold(shows),
    `  $ ${tried}`,
    ...wrapText(answer, width, '    ').map(style.dim),
    `  ${verdict}`,
    '',
  ].join('\n');
}

function closing(steps: readonly DemoStep[], { style }: Look): string {
  const failed = steps.filter(({ held }) => !held).length;
  return failed === 0
    ? style.green(`All ${steps.length} answers are as they must be.`)
    : style.red(`${failed} of ${steps.length} answers are not as they must be.`);
}
