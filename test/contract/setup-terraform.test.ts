/**
 * The export for Terraform by Terraform or OpenTofu itself, where one of them is installed: read, checked and planned.
 * The AWS provider is a stand-in with the documented schema; what it would do in AWS, no test here can tell.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { terraformFile } from '../../src/guardrails/export/terraform.ts';
import { findProgram } from '../../src/process/find-program.ts';
import { blueprintOf, guardrailsWorld, PEOPLE, PROD } from '../support/guardrails-world.ts';
import { entitiesIn } from './harness/account-entities.ts';
import { type ChildResult, runChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';
import { type StandInProvider, startStandInProvider } from './harness/stand-in-provider.ts';
import { makeTemporaryFolder, type TemporaryFolder } from './harness/temporary-folder.ts';
import { type Plan, plannedIn, providersOf } from './harness/terraform-plan.ts';

/** What HCL could take for its own, and JSON for the end of a text. */
const AWKWARD = 'it\'s "é" \\ ${aws:username} $${x} %{if} <&>\t';
const OWN_FILES = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Own',
      Effect: 'Allow',
      Action: 's3:*',
      Resource: Array.from({ length: 150 }, (_, index) => `arn:aws:s3:::bucket-${index}/home/\${aws:username}/*`),
      Condition: {
        StringLike: { 's3:prefix': [AWKWARD, '${aws:PrincipalTag/team}/*'], 'aws:RequestTag/$${a b}': '' },
        NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 },
        Bool: { 'aws:SecureTransport': true },
      },
    },
  ],
};

const BLUEPRINT = blueprintOf(`version: 1
identity: people
accounts:
  people: { id: "${PEOPLE}", profile: 'the "\${people}"' }
  1st-prod: { id: "${PROD}" }
users:
  alice: { path: '/it''s/"staff"/', self_service: [device, keys], tags: { cost:center/ä: Größe 日本, empty: "" } }
  al.ice: {}
  al-ice: {}
  1bob@example.com: {}
  =@.: {}
roles:
  ops:
    account: [people, 1st-prod]
    path: /gated/
    enter: [alice, al.ice, al-ice, 1bob@example.com, =@.]
    description: ${JSON.stringify(`${AWKWARD}\n${'long '.repeat(150)}`)}
    external_id: ext:1/a=b,c@d+e
    session: 2h
    tags: { team: it }
    permissions:
      managed: [arn:aws:iam::aws:policy/ReadOnlyAccess, arn:aws:iam::aws:policy/job-function/ViewOnlyAccess]
      boundary: arn:aws:iam::aws:policy/PowerUserAccess
      inline:
        own.files: ${JSON.stringify(OWN_FILES)}
        own-files: { Version: '2012-10-17', Statement: { Effect: Deny, Action: "iam:*", Resource: "*" } }
  read: { enter: [alice], max_age: 1h }
  re.ad: { account: 1st-prod, enter: [al.ice] }
`);

const path = { PATH: process.env['PATH'] };
const terraform = findProgram('terraform', path) ?? findProgram('tofu', path);

let folder: TemporaryFolder;
let provider: StandInProvider;

beforeEach(async () => {
  folder = await makeTemporaryFolder();
  provider = await startStandInProvider();
});

afterEach(async () => {
  provider.close();
  await folder.remove();
});

describe.skipIf(terraform === undefined)('Terraform', () => {
  test('reads the file, and would write it the same way', async () => {
    expect(await outputOf(['fmt', '-'], terraformFile(BLUEPRINT))).toBe(terraformFile(BLUEPRINT));
  });

  test('plans what apply makes', async () => {
    const world = await guardrailsWorld();
    onTestFinished(world.close);
    await world.apply(BLUEPRINT);
    await writeFile(join(folder.path, 'guardrails.tf'), terraformFile(BLUEPRINT));
    await outputOf(['validate']);
    await outputOf(['plan', '-input=false', '-out=plan']);
    const plan: Plan = JSON.parse(await outputOf(['show', '-json', 'plan']));
    expect(providersOf(plan)).toEqual({
      'aws.people': { region: 'us-east-1', profile: 'the "${people}"', allowed_account_ids: [PEOPLE] },
      'aws._1st_prod': { region: 'us-east-1', allowed_account_ids: [PROD] },
    });
    for (const account of world.sandbox.accounts) {
      expect(plannedIn(plan, account.accountId)).toEqual(await entitiesIn(world.iam(account)));
    }
  });

  test('refuses an argument that the provider doesn’t have', async () => {
    const file = terraformFile(BLUEPRINT).replace('max_session_duration', 'max_session_seconds');
    await writeFile(join(folder.path, 'guardrails.tf'), file);
    const { exitCode, stderr } = await run(['validate', '-no-color']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('An argument named "max_session_seconds" is not expected here');
  });
});

async function outputOf(args: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args, input);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

function run(args: readonly string[], input = ''): Promise<ChildResult> {
  const env = cleanEnvironment(folder.path, { CHECKPOINT_DISABLE: '1', ...provider.env });
  return runChild(terraform!, args, { env, cwd: folder.path, input });
}
