/** The script of AWS CLI commands, run by a shell and each AWS CLI: what it makes is what `apply` makes. */

import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetAccountAuthorizationDetailsCommand,
  ListRolesCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { shellScript } from '../../src/guardrails/export/shell-script.ts';
import { blueprintOf, type GuardrailsWorld, guardrailsWorld, PEOPLE, PROD } from '../support/guardrails-world.ts';
import { comparable } from './harness/account-details.ts';
import { type ChildResult, runChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import type { Program } from './harness/programs.ts';

const BLUEPRINT = blueprintOf(`version: 1
identity: people
accounts:
  people: { id: "${PEOPLE}", profile: people }
  prod: { id: "${PROD}", profile: the other }
users:
  alice: { path: /staff/, self_service: [device, keys], tags: { team: it } }
  bob: {}
roles:
  ops:
    account: prod
    path: /gated/
    enter: [alice, bob]
    description: http://wiki.example/it's "ops"
    external_id: abc
    session: 2h
    permissions:
      managed: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      boundary: arn:aws:iam::aws:policy/PowerUserAccess
      inline:
        files: { Version: '2012-10-17', Statement: [ { Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::b/\${aws:userid}" } ] }
  read: { enter: [alice], max_age: 1h }
`);

/** A dozen starts of the AWS CLI, each most of a second on a busy machine and more. */
const SCRIPT_MS = 300_000;

let applied: GuardrailsWorld;
let scripted: GuardrailsWorld;
let home: Home;

beforeEach(async () => {
  applied = await guardrailsWorld();
  scripted = await guardrailsWorld({ visibleAfterMs: 300 });
  home = await makeHome(scripted.sandbox.endpoint, {
    credentials: `${section('people', PEOPLE)}${section('the other', PROD)}`,
  });
});

afterEach(async () => {
  await applied.close();
  await scripted.close();
  await home.remove();
});

const clis = inject('awsClis');

test.each(clis.map((aws) => [aws.name, aws] as const))(
  'the script makes by %s what apply makes',
  async (_, aws) => {
    await applied.apply(BLUEPRINT);
    const { exitCode, stderr } = await runScript(aws);
    expect(exitCode, stderr).toBe(0);
    expect(await everythingIn(scripted)).toEqual(await everythingIn(applied));
  },
  SCRIPT_MS,
);

describe('the script, run again', () => {
  const [aws] = clis as readonly [Program];
  const open = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: PEOPLE }, Action: 'sts:AssumeRole' },
  });
  const openRole = () =>
    adminOf(scripted, PEOPLE).send(new UpdateAssumeRolePolicyCommand({ RoleName: 'read', PolicyDocument: open }));

  test(
    'closes a gate that somebody opened, and stops at a role that is somebody else’s',
    async () => {
      await scripted.apply(BLUEPRINT);
      const asItShouldBe = await everythingIn(scripted);
      await openRole();
      const mended = await runScript(aws);
      expect(mended.exitCode, mended.stderr).toBe(0);
      expect(await everythingIn(scripted)).toEqual(asItShouldBe);

      await openRole();
      await adminOf(scripted, PEOPLE).send(new UntagRoleCommand({ RoleName: 'read', TagKeys: ['stepup:setup'] }));
      const asTheyLeftIt = await everythingIn(scripted);
      const stopped = await runScript(aws);
      expect(stopped.exitCode).toBe(1);
      expect(stopped.stderr).toContain("role read is there, and isn't of this setup");
      expect(await everythingIn(scripted)).toEqual(asTheyLeftIt);
    },
    SCRIPT_MS,
  );

  test(
    'stops before it touches another account',
    async () => {
      await writeFile(join(home.path, '.aws/credentials'), `${section('people', PROD)}${section('the other', PROD)}`);
      const { exitCode, stderr } = await runScript(aws);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`the credentials of profile people are of account ${PROD}, not of ${PEOPLE}`);
      expect(await everythingIn(scripted)).toEqual(await everythingIn(applied));
    },
    SCRIPT_MS,
  );
});

function section(name: string, accountId: string): string {
  const root = scripted.sandbox.accounts.find((account) => account.accountId === accountId)!;
  return `[${name}]\naws_access_key_id = ${root.accessKeyId}\naws_secret_access_key = ${root.secretAccessKey}\n`;
}

async function runScript(aws: Program): Promise<ChildResult> {
  const bin = join(home.path, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(aws.path, join(bin, 'aws')).catch(() => undefined);
  const script = join(home.path, 'setup.sh');
  await writeFile(script, shellScript(BLUEPRINT));
  await chmod(script, 0o700);
  return runChild(script, [], { env: { ...home.env, PATH: `${bin}:${home.env['PATH']}` }, timeoutMs: SCRIPT_MS });
}

function adminOf(world: GuardrailsWorld, accountId: string) {
  return world.iam(world.sandbox.accounts.find((account) => account.accountId === accountId));
}

async function everythingIn(world: GuardrailsWorld): Promise<unknown> {
  const accounts: unknown[] = [];
  for (const accountId of [PEOPLE, PROD]) {
    const admin = adminOf(world, accountId);
    const details = await admin.send(new GetAccountAuthorizationDetailsCommand({ MaxItems: 1000 }));
    const { Roles } = await admin.send(new ListRolesCommand({}));
    accounts.push([details.UserDetailList, details.GroupDetailList, details.RoleDetailList, details.Policies, Roles]);
  }
  return comparable(accounts);
}
