/**
 * CloudFormation's templates by the programs that read them, where those are installed: cfn-lint against the resource
 * schemas that it brings, moto's CloudFormation beside `apply` on moto. What isn't there is skipped by name.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccountConnections, accountAccess } from '../../src/guardrails/account-access.ts';
import { applyPlan, observeAll } from '../../src/guardrails/apply/apply.ts';
import type { AccountBlueprint } from '../../src/guardrails/blueprint/blueprint.ts';
import { cloudFormationTemplate } from '../../src/guardrails/export/cloudformation.ts';
import { planSetup } from '../../src/guardrails/plan/plan.ts';
import { findProgram } from '../../src/process/find-program.ts';
import { blueprintOf } from '../support/guardrails-world.ts';
import { comparable } from './harness/account-details.ts';
import { runChild, startChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';

/** moto's own account. */
const ACCOUNT = '123456789012';
const SETUP = `version: 1
accounts:
  main: { id: "${ACCOUNT}" }
users:
  alice: { path: /staff/, self_service: [device, keys], tags: { team: it } }
  b.o-b: {}
roles:
  ops:
    path: /gated/
    enter: [alice, b.o-b]
    description: Deploys
    external_id: abc
    session: 2h
    permissions:
      managed: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      boundary: arn:aws:iam::aws:policy/PowerUserAccess
      inline:
        files: { Version: '2012-10-17', Statement: [ { Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::b/\${aws:userid}" } ] }
  read: { enter: [alice], max_age: 1h }
`;
const BLUEPRINT = blueprintOf(SETUP);
const [MAIN] = BLUEPRINT.accounts as readonly [AccountBlueprint];
/**
 * Without roles' permissions: moto tells of managed policies without their names, and fails inside when it is asked for
 * an inline policy of a role that its CloudFormation made. Of a user it makes the name and the path, and passes over
 * policies and tags.
 */
const FOR_MOTO = blueprintOf(SETUP.replace(/^ +permissions:\n(?: {6}.*\n)+/m, ''));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepup-templates-'));
});
afterAll(() => rm(folder, { recursive: true }));

const env = { PATH: process.env['PATH'] };
const cfnLint = findProgram('cfn-lint', env);
const motoServer = findProgram('moto_server', env);

test.skipIf(cfnLint === undefined)('cfn-lint has nothing to say of the template', async () => {
  const file = join(folder, 'main.yaml');
  await writeFile(file, cloudFormationTemplate(BLUEPRINT.setup, MAIN));
  const outcome = await runChild(cfnLint!, ['--include-checks', 'W', '--regions', 'us-east-1', '--', file], {
    env: programEnvironment(),
    timeoutMs: 120_000,
  });
  expect(outcome).toMatchObject({ exitCode: 0, stdout: '' });
});

describe.skipIf(motoServer === undefined)('moto', () => {
  let server: ChildProcess;
  let endpoint: string;
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'moto-takes-any-secret' };

  beforeAll(async () => {
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    server = startChild(motoServer!, ['-H', '127.0.0.1', '-p', String(port)], { env: programEnvironment() });
    await waitFor(() => fetch(`${endpoint}/moto-api/data.json`));
  });
  afterAll(async () => {
    const ended = once(server, 'close');
    server.kill('SIGKILL');
    await ended;
  });

  test('makes of the template what apply makes', async () => {
    await applyTo(endpoint);
    const applied = await everything();
    await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    await createStack(cloudFormationTemplate(FOR_MOTO.setup, FOR_MOTO.accounts[0]!));
    expect(await everything()).toEqual(applied);
  });

  async function everything(): Promise<unknown> {
    const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials });
    const Filter = ['User', 'Role'] as const;
    const { UserDetailList, RoleDetailList } = await iam.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: [...Filter] }),
    );
    iam.destroy();
    // moto lists them in the order in which they were made; apply makes several at once.
    const users = UserDetailList?.map(({ Arn }) => String(Arn)).sort();
    return comparable([users, RoleDetailList?.sort((a, b) => (String(a.Arn) < String(b.Arn) ? -1 : 1))]);
  }

  async function createStack(TemplateBody: string): Promise<void> {
    const form = new URLSearchParams({
      Action: 'CreateStack',
      Version: '2010-05-15',
      StackName: 'stepup',
      TemplateBody,
    });
    const answer = await fetch(endpoint, {
      method: 'POST',
      // moto looks for the service in the signature's scope, and verifies none.
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/cloudformation/aws4_request' },
      body: form,
    });
    expect(answer.status, await answer.text()).toBe(200);
  }

  async function applyTo(url: string): Promise<void> {
    const connection = { credentials, now: Date.now, maxAnswerBytes: 64 * 1024 * 1024 };
    const at = (service: 'iam' | 'sts') => ({
      ...connection,
      endpoint: { service, url: new URL(url), signingRegion: 'us-east-1' },
    });
    const connections: AccountConnections = { iam: at('iam'), sts: at('sts') };
    const patience = { now: Date.now, pause: (ms: number) => setTimeout(ms) };
    const access = accountAccess(async () => connections, patience);
    const plan = planSetup(FOR_MOTO, await observeAll(FOR_MOTO, access.observe), Date.now());
    const { failure } = await applyPlan(FOR_MOTO, plan, {
      ...patience,
      ...access,
      journal: () => undefined,
      handOverKey: async () => 'nowhere',
      onProgress: () => undefined,
    });
    if (failure !== undefined) throw failure;
  }
});

function programEnvironment(): Record<string, string> {
  return { ...cleanEnvironment(folder), PYENV_VERSION: process.env['PYENV_VERSION'] ?? '' };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function waitFor(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await setTimeout(200);
    }
  }
}
