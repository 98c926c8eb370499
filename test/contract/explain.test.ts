/** `stepup explain` from the outside: against what the sandbox enforces, and against IAM's own simulator. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EvaluationInput, evaluate } from '../../src/policy/evaluate.ts';
import { conditionCases, limitCases } from '../differential/arbitrary-case.ts';
import { type AwsClient, type ClientCredentials, credentialsOf, succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { commandLineClients } from './harness/clients.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { logIn } from './harness/people.ts';
import { stepupCommand } from './harness/stepup.ts';

let pattern: GatedRole;
let home: Home;

beforeAll(async () => {
  pattern = await openGatedRole();
  const { root } = pattern.account;
  home = await makeHome(pattern.sandbox.endpoint, {
    config: `[profile admin]\nregion = eu-west-1\nendpoint_url = ${pattern.sandbox.endpoint}\n`,
    credentials: `[admin]\naws_access_key_id = ${root.accessKeyId}\naws_secret_access_key = ${root.secretAccessKey}\n`,
  });
});

afterAll(async () => {
  await home.remove();
  await pattern.close();
});

async function explained(args: readonly string[], input?: string) {
  const options = { env: home.env, ...(input === undefined ? {} : { input }) };
  return runChild(...stepupCommand(['explain', ...args]), options);
}

describe('explain and the sandbox that enforces', () => {
  test('agree on who may enter the gated role, with which credentials', async () => {
    const { alice, admin, roleArn, sandbox } = pattern;
    const withMfa = await logIn(admin, alice, 36_000);
    const withoutMfa = credentialsOf(await succeed(admin, 'sts', 'GetSessionToken', {}, alice.key));
    const enters = async (credentials: ClientCredentials): Promise<boolean> => {
      const input = { RoleArn: roleArn, RoleSessionName: 'test' };
      return (await admin.call('sts', 'AssumeRole', input, credentials)).output !== undefined;
    };
    const says = async (mfa: string): Promise<boolean> => {
      const account = ['--profile', 'admin', '--long-term', '--principal', 'alice'];
      const wish = ['--action', 'sts:AssumeRole', '--resource', roleArn, '--mfa', mfa, '--json'];
      const { stdout, stderr, exitCode } = await explained([...account, ...wish]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return JSON.parse(stdout).decision === 'allowed';
    };
    const seen = [await enters(alice.key), await enters(withoutMfa), await enters(withMfa)];
    sandbox.clock.advance(2 * 3_600_000);
    seen.push(await enters(withMfa));
    expect(seen).toEqual([false, false, true, false]);
    expect([await says('absent'), await says('false'), await says('5'), await says('7200')]).toEqual(seen);
  });

  test('a live account and what the AWS CLI printed of it give the same text', async () => {
    const { account, admin, alice, roleArn } = pattern;
    const details = await succeed(admin, 'iam', 'GetAccountAuthorizationDetails', {}, account.root);
    const ask = ['--principal', alice.arn, '--action', 'sts:AssumeRole', '--resource', roleArn];
    const live = await explained(['--profile', 'admin', '--long-term', ...ask]);
    const printed = await explained(['--account-details', '-', ...ask], JSON.stringify(details));
    expect(live.stdout).toMatch(/^DENIED {2}sts:AssumeRole: no role trust policy allows it/);
    expect(printed.stdout).toBe(live.stdout);
  });
});

/** Questions that IAM's simulator can be asked: a user's, about policies of one account. */
const questions = (count: number): readonly EvaluationInput[] =>
  [conditionCases, limitCases].flatMap((theme) => fc.sample(theme, { numRuns: count / 2, seed: 20_240_501 }));

function simulationOf({ identityPolicies = [], permissionsBoundary, resourcePolicy, request }: EvaluationInput) {
  const context = Object.entries(request.context ?? {});
  return {
    PolicyInputList: identityPolicies.map((policy) => JSON.stringify(policy)),
    ...(permissionsBoundary === undefined
      ? {}
      : { PermissionsBoundaryPolicyInputList: [JSON.stringify(permissionsBoundary)] }),
    ...(resourcePolicy === undefined ? {} : { ResourcePolicy: JSON.stringify(resourcePolicy) }),
    ...(request.resourceAccount === undefined ? {} : { ResourceOwner: request.resourceAccount }),
    ActionNames: [request.action],
    ResourceArns: [request.resource],
    CallerArn: request.principal,
    ContextEntries: context.map(([ContextKeyName, values]) => ({
      ContextKeyName,
      ContextKeyValues: [values].flat(),
      ContextKeyType: Array.isArray(values) ? 'stringList' : 'string',
    })),
  };
}

async function disagreements(client: AwsClient, count: number): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const question of questions(count)) {
    const output = await succeed(client, 'iam', 'SimulateCustomPolicy', simulationOf(question), pattern.account.root);
    const theirs: unknown = output['EvaluationResults'][0].EvalDecision;
    const ours = evaluate(question).decision;
    if (ours !== theirs) found.push({ ours, theirs, question });
  }
  return found;
}

/** Each question starts a program, which takes seconds on a busy machine. */
const MANY_PROGRAMS = { timeout: 900_000 };

describe('explain and SimulateCustomPolicy agree', () => {
  test('through the SDK for JavaScript', async () => {
    expect(await disagreements(pattern.admin, 300)).toEqual([]);
  });

  test.each(commandLineClients().map((kind) => [kind.name, kind] as const))(
    'through %s',
    MANY_PROGRAMS,
    async (_, kind) => {
      const client = await kind.open(pattern.sandbox.endpoint);
      try {
        expect(await disagreements(client, 24)).toEqual([]);
      } finally {
        await client.close();
      }
    },
  );
});
