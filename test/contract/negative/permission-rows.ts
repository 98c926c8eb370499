/** Requests that are signed as they should be, by somebody who may not. */
import { assume, logIn } from '../harness/people.ts';
import { policyText, trustStatement } from '../harness/policy-text.ts';
import { send } from '../harness/raw-request.ts';
import { call, objectDraft, type Parameters, signObject } from './requests.ts';
import type { NegativeRow, Outcome } from './row.ts';
import { makeRole, objectKey, type World } from './world.ts';

type Credentials = World['alice']['key'];

function denied(message: string): Outcome {
  return { code: 'AccessDenied', status: 403, message };
}

function iam(
  what: string,
  prepare: (world: World) => Promise<readonly [Credentials, Parameters]> | readonly [Credentials, Parameters],
  outcome: Outcome,
): NegativeRow {
  return {
    what,
    async prepare(world) {
      const [credentials, parameters] = await prepare(world);
      return () => call(world, 'iam', parameters, credentials);
    },
    ...outcome,
  };
}

function object(
  what: string,
  method: string,
  key: string,
  prepare: (world: World) => Promise<Credentials> | Credentials,
  outcome: Outcome,
): NegativeRow {
  return {
    what,
    async prepare(world) {
      const credentials = await prepare(world);
      return () => send(world.sandbox.port, signObject(objectDraft(world, method, key), credentials));
    },
    ...outcome,
  };
}

/** A session of a role of its own for the row, which may do everything but for what `more` says. */
async function limited(
  world: World,
  name: string,
  more: { boundary?: object; session?: object },
): Promise<Credentials> {
  const all = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const boundary = more.boundary && { PermissionsBoundary: await makePolicy(world, `${name}-boundary`, more.boundary) };
  const role = await makeRole(world.root, name, [trustStatement(world.alice.arn)], all, boundary ?? {});
  const session = more.session && { Policy: policyText(...[more.session].flat()) };
  return assume(world.client, role, world.alice.key, session ?? {});
}

async function makePolicy(world: World, PolicyName: string, statement: object): Promise<string> {
  const PolicyDocument = policyText(...[statement].flat());
  return (await world.root('CreatePolicy', { PolicyName, PolicyDocument }))['Policy'].Arn;
}

const s3Only = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const noS3Delete = { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' };
const all = { Effect: 'Allow', Action: '*', Resource: '*' };
const newUser: Parameters = { Action: 'CreateUser', UserName: 'intruder' };

async function federated(world: World): Promise<Credentials> {
  const answer = await world.client.call('sts', 'GetFederationToken', { Name: 'guest' }, world.admin.key);
  if (answer.refusal) throw new Error(answer.refusal.message);
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.output['Credentials'];
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

export const rows: readonly NegativeRow[] = [
  iam(
    'a user made with tags by somebody who may not tag',
    async (world) => {
      const createOnly = { session: { Effect: 'Allow', Action: 'iam:CreateUser', Resource: '*' } };
      const tagged = { ...newUser, 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'ops' };
      return [await limited(world, 'makes-users', createOnly), tagged];
    },
    denied('because no session policy allows the iam:TagUser action'),
  ),
  iam(
    'a user without permissions makes a user',
    ({ bob }) => [bob.key, newUser],
    denied(
      'is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::111122223333:user/intruder because no identity-based policy allows the iam:CreateUser action',
    ),
  ),
  iam(
    'a user makes a key for somebody else',
    ({ bob }) => [bob.key, { Action: 'CreateAccessKey', UserName: 'admin' }],
    denied('iam:CreateAccessKey on resource: user admin'),
  ),
  iam(
    'a user gives themselves AdministratorAccess',
    ({ bob }) => [
      bob.key,
      { Action: 'AttachUserPolicy', UserName: 'bob', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    ],
    denied('iam:AttachUserPolicy on resource: user bob'),
  ),
  iam(
    'a user takes away the device of somebody else',
    ({ bob, alice }) => [
      bob.key,
      { Action: 'DeactivateMFADevice', UserName: 'alice', SerialNumber: alice.phone.serialNumber },
    ],
    denied('iam:DeactivateMFADevice on resource: user alice'),
  ),
  iam(
    "the pattern's user with an MFA session, which adds no permission",
    async (world) => [await logIn(world.client, world.alice), newUser],
    denied('because no identity-based policy allows the iam:CreateUser action'),
  ),
  iam(
    'the key alone, where the identity policy asks for MFA',
    async (world) => {
      const Statement = { ...all, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
      const PolicyDocument = policyText(Statement);
      await world.root('PutUserPolicy', { UserName: 'bob', PolicyName: 'mfa', PolicyDocument });
      return [world.bob.key, newUser];
    },
    denied('because no identity-based policy allows the iam:CreateUser action'),
  ),
  iam(
    'a role beyond its boundary',
    async (world) => [await limited(world, 'fenced', { boundary: s3Only }), newUser],
    denied('because no permissions boundary allows the iam:CreateUser action'),
  ),
  iam(
    'a role denied by its boundary',
    async (world) => [
      await limited(world, 'barred', { boundary: [all, { Effect: 'Deny', Action: 'iam:*', Resource: '*' }] }),
      newUser,
    ],
    denied('with an explicit deny in a permissions boundary'),
  ),
  iam(
    'a role beyond its session policy',
    async (world) => [await limited(world, 'scoped', { session: s3Only }), newUser],
    denied('because no session policy allows the iam:CreateUser action'),
  ),
  iam(
    "the other account's administrator asks for this account's user",
    ({ stranger }) => [stranger.key, { Action: 'DeleteUser', UserName: 'bob' }],
    {
      code: 'NoSuchEntity',
      status: 404,
      message: 'The user with name bob cannot be found.',
    },
  ),
  iam(
    "the other account's administrator changes a policy of this account",
    async (world) => {
      const PolicyArn = await makePolicy(world, 'ours', s3Only);
      return [world.stranger.key, { Action: 'DeletePolicy', PolicyArn }];
    },
    { code: 'AccessDenied', status: 403 },
  ),
  object(
    'a user without permissions reads an object',
    'GET',
    objectKey,
    ({ bob }) => bob.key,
    denied('because no identity-based policy allows the s3:GetObject action'),
  ),
  object(
    'the other account reads an object',
    'GET',
    objectKey,
    ({ stranger }) => stranger.key,
    denied('Access Denied'),
  ),
  object(
    'an object that is not there, without s3:ListBucket',
    'GET',
    'nothing',
    (world) => limited(world, 'reader', { session: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } }),
    denied('s3:ListBucket'),
  ),
  object(
    'a session policy that denies',
    'DELETE',
    objectKey,
    (world) => limited(world, 'keeper', { session: [all, noS3Delete] }),
    denied('with an explicit deny in a session policy'),
  ),
  object(
    'a federation session without a session policy',
    'GET',
    objectKey,
    federated,
    denied('federated-user/guest is not authorized to perform: s3:GetObject'),
  ),
];
