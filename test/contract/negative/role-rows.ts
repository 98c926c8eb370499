/** Roles that must stay shut, durations that are too long, and what else AssumeRole refuses. */
import { assume, hire, logIn } from '../harness/people.ts';
import { policyText, trustStatement } from '../harness/policy-text.ts';
import { call, type Parameters } from './requests.ts';
import type { NegativeRow, Outcome } from './row.ts';
import { gateSeconds, makeRole, type World } from './world.ts';

const denied: Outcome = { code: 'AccessDenied', status: 403, message: 'is not authorized to perform: sts:AssumeRole' };
const invalid: Outcome = { code: 'ValidationError', status: 400 };
const packed: Outcome = { code: 'PackedPolicyTooLarge', status: 400 };

interface Entry {
  readonly role: string;
  readonly by: Parameters | undefined;
  readonly credentials: World['alice']['key'];
}

function entry(what: string, prepare: (world: World) => Promise<Entry> | Entry, outcome: Outcome): NegativeRow {
  return {
    what,
    async prepare(world) {
      const { role, by, credentials } = await prepare(world);
      const parameters = { Action: 'AssumeRole', RoleArn: role, RoleSessionName: 'test', ...by };
      return () => call(world, 'sts', parameters, credentials);
    },
    ...outcome,
  };
}

/** A role of its own for the row, which alice may enter on these conditions; entered by her key with these parameters. */
function ownRole(
  what: string,
  condition: object | undefined,
  by: Parameters,
  outcome: Outcome,
  more: object = {},
): NegativeRow {
  return entry(
    what,
    async (world) => ({
      role: await makeRole(world.root, `r${roleNumber++}`, [trustStatement(world.alice.arn, condition)], [], more),
      by,
      credentials: world.alice.key,
    }),
    outcome,
  );
}

let roleNumber = 0;

const gateRows: readonly NegativeRow[] = [
  entry('the gated role by the key alone', (world) => gated(world, world.alice.key), denied),
  entry(
    'the gated role by a session made without a code',
    async (world) => {
      const answer = await world.client.call('sts', 'GetSessionToken', {}, world.alice.key);
      const { AccessKeyId, SecretAccessKey, SessionToken } = answer.output?.['Credentials'] ?? {};
      return gated(world, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
    },
    denied,
  ),
  entry(
    "the gated role by an MFA session at the gate's age",
    async (world) => {
      const session = await logIn(world.client, world.alice);
      world.sandbox.clock.advance(gateSeconds * 1000);
      return gated(world, session);
    },
    denied,
  ),
  entry(
    "the gated role by another user's MFA session",
    async (world) => gated(world, await logIn(world.client, world.bob)),
    denied,
  ),
  entry('the gated role by a user of the other account', (world) => gated(world, world.stranger.key), denied),
  entry(
    'the gated role by a role session that began with a code',
    async (world) => {
      const open = await assume(world.client, roleArn(world, 'open'), await logIn(world.client, world.alice));
      return gated(world, open);
    },
    denied,
  ),
  entry(
    "a role that doesn't exist, answered as one that is shut",
    (world) => ({ role: roleArn(world, 'nowhere'), by: undefined, credentials: world.alice.key }),
    denied,
  ),
  entry(
    "a role of an account that doesn't exist",
    (world) => ({ role: 'arn:aws:iam::999999999999:role/deploy', by: undefined, credentials: world.alice.key }),
    denied,
  ),
  entry(
    "the role's name in other capitals",
    (world) => ({ role: roleArn(world, 'OPEN'), by: undefined, credentials: world.alice.key }),
    denied,
  ),
  entry(
    'a role without its path',
    async (world) => {
      await makeRole(world.root, 'pathed', [trustStatement(world.alice.arn)], [], { Path: '/team/' });
      return { role: roleArn(world, 'pathed'), by: undefined, credentials: world.alice.key };
    },
    denied,
  ),
];

const trustRows: readonly NegativeRow[] = [
  ownRole('an external id is asked for and none is given', { StringEquals: { 'sts:ExternalId': 'blue' } }, {}, denied),
  ownRole('another external id', { StringEquals: { 'sts:ExternalId': 'blue' } }, { ExternalId: 'Blue' }, denied),
  ownRole(
    'another session name than the trust policy asks for',
    { StringEquals: { 'sts:RoleSessionName': 'alice' } },
    {},
    denied,
  ),
  ownRole(
    'tags without sts:TagSession',
    undefined,
    { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' },
    {
      ...denied,
      message: 'is not authorized to perform: sts:TagSession',
    },
  ),
  ownRole(
    'a source identity without sts:SetSourceIdentity',
    undefined,
    { SourceIdentity: 'alice' },
    {
      ...denied,
      message: 'is not authorized to perform: sts:SetSourceIdentity',
    },
  ),
  entry(
    'an account that trusts itself, and a user without a permission of their own',
    async (world) => ({
      role: await makeRole(world.root, 'delegated', [trustStatement(world.account.accountId)]),
      by: undefined,
      credentials: world.bob.key,
    }),
    denied,
  ),
  entry(
    "across accounts, allowed by the role and not by the user's account",
    async (world) => {
      const weak = await hire(world.client, world.otherAccount, 'weak');
      const role = await makeRole(world.root, 'visited', [trustStatement(weak.arn)]);
      return { role, by: undefined, credentials: weak.key };
    },
    denied,
  ),
  entry(
    "an explicit deny in the user's own policy",
    async (world) => {
      const role = await makeRole(world.root, 'forbidden', [trustStatement(world.bob.arn)]);
      const Statement = { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: role };
      const PolicyDocument = policyText(Statement);
      await world.root('PutUserPolicy', { UserName: 'bob', PolicyName: 'no', PolicyDocument });
      return { role, by: undefined, credentials: world.bob.key };
    },
    { ...denied, message: 'with an explicit deny in an identity-based policy' },
  ),
  entry(
    'a user who was deleted and made again under their name',
    async (world) => {
      const first = await hire(world.client, world.account, 'ghost');
      const role = await makeRole(world.root, 'haunted', [trustStatement(first.arn)]);
      await world.root('DeleteAccessKey', { UserName: 'ghost', AccessKeyId: first.key.accessKeyId });
      await world.root('DeleteUser', { UserName: 'ghost' });
      const second = await hire(world.client, world.account, 'ghost', [
        { Effect: 'Allow', Action: '*', Resource: '*' },
      ]);
      return { role, by: undefined, credentials: second.key };
    },
    denied,
  ),
];

const durationRows: readonly NegativeRow[] = [
  ownRole(
    "longer than the role's maximum",
    undefined,
    { DurationSeconds: '3601' },
    {
      ...invalid,
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    },
  ),
  ownRole('shorter than AWS allows', undefined, { DurationSeconds: '899' }, invalid),
  ownRole('longer than AWS allows any role', undefined, { DurationSeconds: '43201' }, invalid, {
    MaxSessionDuration: 43_200,
  }),
  entry(
    "over an hour with GetSessionToken's credentials",
    async (world) => ({
      role: await makeRole(world.root, 'long', [trustStatement(world.alice.arn)], [], { MaxSessionDuration: 43_200 }),
      by: { DurationSeconds: '3601' },
      credentials: await logIn(world.client, world.alice),
    }),
    {
      ...invalid,
      message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    },
  ),
  entry(
    'over an hour by a chain of roles',
    async (world) => ({
      role: await makeRole(world.root, 'chained', [trustStatement(roleArn(world, 'open'))], [], {
        MaxSessionDuration: 43_200,
      }),
      by: { DurationSeconds: '7200' },
      credentials: await assume(world.client, roleArn(world, 'open'), world.alice.key),
    }),
    {
      ...invalid,
      message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    },
  ),
  {
    what: 'GetSessionToken for less than 900 seconds',
    prepare: (world) => () =>
      call(world, 'sts', { Action: 'GetSessionToken', DurationSeconds: '899' }, world.alice.key),
    ...invalid,
  },
  {
    what: 'GetSessionToken for more than 36 hours',
    prepare: (world) => () =>
      call(world, 'sts', { Action: 'GetSessionToken', DurationSeconds: '129601' }, world.alice.key),
    ...invalid,
  },
];

const shapeRows: readonly NegativeRow[] = [
  entry(
    'a malformed ARN',
    (world) => ({ role: 'not-an-arn-of-a-role-at-all', by: undefined, credentials: world.alice.key }),
    invalid,
  ),
  ownRole(
    'a session name with a slash',
    undefined,
    { RoleSessionName: 'a/b' },
    {
      ...invalid,
      message:
        "Value 'a/b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    },
  ),
  ownRole('a session name of one letter', undefined, { RoleSessionName: 'a' }, invalid),
  ownRole(
    'a session policy that is no JSON',
    undefined,
    { Policy: '{' },
    { code: 'MalformedPolicyDocument', status: 400 },
  ),
  ownRole('a session policy that is too long', undefined, { Policy: longPolicy(2100) }, invalid),
  ownRole('a session policy and policy ARNs that are too long together', undefined, policyAndArns(), packed),
  {
    what: 'AssumeRole without RoleArn',
    prepare: (world) => () => call(world, 'sts', { Action: 'AssumeRole', RoleSessionName: 'test' }, world.alice.key),
    ...invalid,
  },
  {
    what: 'GetFederationToken without a name',
    prepare: (world) => () => call(world, 'sts', { Action: 'GetFederationToken' }, world.admin.key),
    ...invalid,
  },
];

function policyAndArns(): Parameters {
  const arns = Array.from({ length: 10 }, (_, index) => [
    `PolicyArns.member.${index + 1}.arn`,
    'arn:aws:iam::aws:policy/AdministratorAccess',
  ]);
  return { Policy: longPolicy(1600), ...Object.fromEntries(arns) };
}

function longPolicy(length: number): string {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${'x'.repeat(length)}` };
  return policyText(statement);
}

function gated(world: World, credentials: World['alice']['key']): Entry {
  return { role: world.gatedRole, by: undefined, credentials };
}

function roleArn(world: World, name: string): string {
  return `arn:aws:iam::${world.account.accountId}:role/${name}`;
}

export const rows: readonly NegativeRow[] = [...gateRows, ...trustRows, ...durationRows, ...shapeRows];
