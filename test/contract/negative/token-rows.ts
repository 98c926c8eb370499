/** Session tokens that are gone, altered, somebody else's, or asked for too much. */
import type { ClientCredentials } from '../harness/aws-client.ts';
import { jsClient } from '../harness/js-client.ts';
import { assume, giveItAPhone, hire, logIn } from '../harness/people.ts';
import { trustStatement } from '../harness/policy-text.ts';
import { send } from '../harness/raw-request.ts';
import { withHeader } from '../harness/sigv4.ts';
import { openSandbox } from '../harness/test-sandbox.ts';
import { call, createUser, type Parameters, putDraft, queryDraft, signObject, signQuery } from './requests.ts';
import type { NegativeRow, Outcome } from './row.ts';
import { makeRole, type World } from './world.ts';

const invalidId = { code: 'InvalidClientTokenId', status: 403 } as const;
const denied = { code: 'AccessDenied', status: 403 } as const;

type Session = Required<ClientCredentials>;

async function adminSession(world: World, durationSeconds?: number): Promise<Session> {
  return (await logIn(world.client, world.admin, durationSeconds)) as Session;
}

/** A session that could make users and overwrite objects, and what is done to its credentials before they sign. */
function spoilt(
  what: string,
  spoil: (session: Session, world: World) => ClientCredentials | Promise<ClientCredentials>,
): readonly NegativeRow[] {
  const prepared = async (world: World) => spoil(await adminSession(world), world);
  return [
    {
      what: `IAM: ${what}`,
      async prepare(world) {
        const credentials = await prepared(world);
        return () => call(world, 'iam', createUser, credentials);
      },
      ...invalidId,
    },
    {
      what: `S3: ${what}`,
      async prepare(world) {
        const credentials = await prepared(world);
        return () => send(world.sandbox.port, signObject(putDraft(world), credentials));
      },
      ...(what.includes('no token')
        ? { code: 'InvalidAccessKeyId', status: 403 }
        : { code: 'InvalidToken', status: 400 }),
    },
  ];
}

function alteredAt(position: (token: string) => number): (session: Session) => Session {
  return (session) => {
    const token = session.sessionToken;
    const at = position(token);
    const other = token[at] === 'A' ? 'B' : 'A';
    return { ...session, sessionToken: token.slice(0, at) + other + token.slice(at + 1) };
  };
}

const spoiltRows: readonly NegativeRow[] = [
  ...spoilt('a session with no token', ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey })),
  ...spoilt(
    'a token altered at its start',
    alteredAt(() => 1),
  ),
  ...spoilt(
    'a token altered in its middle',
    alteredAt((token) => token.length >> 1),
  ),
  ...spoilt(
    'a token altered near its end',
    alteredAt((token) => token.length - 4),
  ),
  ...spoilt('a token cut short', (session) => ({ ...session, sessionToken: session.sessionToken.slice(0, -8) })),
  ...spoilt("another session's token", async (session, world) => ({
    ...session,
    sessionToken: (await adminSession(world)).sessionToken,
  })),
  ...spoilt('a token put to a long-term key', (session, world) => ({
    ...world.admin.key,
    sessionToken: session.sessionToken,
  })),
  ...spoilt("another sandbox's session", async (_session, world) => {
    const other = await openSandbox({ accounts: [world.account.accountId] });
    const client = jsClient(other.endpoint);
    try {
      const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
      const admin = await hire(client, other.accounts[0], 'admin', everything);
      return await logIn(client, await giveItAPhone(client, other.accounts[0], admin, other.clock));
    } finally {
      await client.close();
      await other.close();
    }
  }),
];

const sessionRows: readonly NegativeRow[] = [
  {
    what: "a session's token with another secret",
    async prepare(world) {
      const session = await adminSession(world);
      return () => call(world, 'iam', createUser, { ...session, secretAccessKey: world.admin.key.secretAccessKey });
    },
    code: 'SignatureDoesNotMatch',
    status: 403,
  },
  {
    what: 'a token that was not signed',
    async prepare(world) {
      const { sessionToken, ...pair } = await adminSession(world);
      return () => {
        const signed = signQuery(queryDraft(world, 'iam', createUser), 'iam', pair);
        const headers = [...signed.headers, ['x-amz-security-token', sessionToken] as const];
        return send(world.sandbox.port, { ...signed, headers });
      };
    },
    code: 'SignatureDoesNotMatch',
    status: 403,
  },
  {
    what: 'a token exchanged after signing',
    async prepare(world) {
      const [session, other] = [await adminSession(world), await adminSession(world)];
      return () => {
        const signed = signQuery(queryDraft(world, 'iam', createUser), 'iam', session);
        return send(
          world.sandbox.port,
          withHeader(signed, 'x-amz-security-token', () => other.sessionToken),
        );
      };
    },
    ...invalidId,
  },
  {
    what: 'IAM: a session past its end',
    async prepare(world) {
      const session = await adminSession(world, 900);
      world.sandbox.clock.advance(901_000);
      return () => call(world, 'iam', createUser, session);
    },
    code: 'ExpiredToken',
    status: 403,
  },
  {
    what: 'S3: a session past its end',
    async prepare(world) {
      const session = await adminSession(world, 900);
      world.sandbox.clock.advance(901_000);
      return () => send(world.sandbox.port, signObject(putDraft(world), session));
    },
    code: 'ExpiredToken',
    status: 400,
  },
  {
    what: 'a session of a deleted user',
    async prepare(world) {
      const session = await temporaryUsersSession(world, 'leaver');
      await removeUser(world, 'leaver');
      return () => call(world, 'iam', createUser, session);
    },
    ...invalidId,
  },
  {
    what: 'a session of a user who was deleted and made again',
    async prepare(world) {
      const session = await temporaryUsersSession(world, 'returner');
      await removeUser(world, 'returner');
      await world.root('CreateUser', { UserName: 'returner' });
      await world.root('AttachUserPolicy', {
        UserName: 'returner',
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      });
      return () => call(world, 'iam', createUser, session);
    },
    ...invalidId,
  },
  {
    what: 'a session of a deleted role',
    async prepare(world) {
      const role = await makeRole(world.root, 'passing', [trustStatement(world.alice.arn)]);
      const session = await assume(world.client, role, world.alice.key);
      await world.root('DeleteRole', { RoleName: 'passing' });
      return () => call(world, 'iam', createUser, session);
    },
    ...invalidId,
  },
];

async function temporaryUsersSession(world: World, name: string): Promise<ClientCredentials> {
  const statements = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const user = await hire(world.client, world.account, name, statements);
  const phoned = await giveItAPhone(world.client, world.account, user, world.sandbox.clock);
  return logIn(world.client, phoned);
}

async function removeUser(world: World, UserName: string): Promise<void> {
  for (const { SerialNumber } of (await world.root('ListMFADevices', { UserName }))['MFADevices']) {
    await world.root('DeactivateMFADevice', { UserName, SerialNumber });
    await world.root('DeleteVirtualMFADevice', { SerialNumber });
  }
  for (const { AccessKeyId } of (await world.root('ListAccessKeys', { UserName }))['AccessKeyMetadata']) {
    await world.root('DeleteAccessKey', { UserName, AccessKeyId });
  }
  await world.root('DeleteUserPolicy', { UserName, PolicyName: 'own' });
  await world.root('DeleteUser', { UserName });
}

type Kind = 'session without a code' | 'MFA session' | 'role session' | 'federation session' | 'root';

async function credentialsOfKind(world: World, kind: Kind): Promise<ClientCredentials> {
  const { client, admin, alice } = world;
  switch (kind) {
    case 'root':
      return world.account.root;
    case 'MFA session':
      return logIn(client, admin);
    case 'role session':
      return assume(client, `arn:aws:iam::${world.account.accountId}:role/open`, alice.key);
    case 'session without a code':
      return temporary(await client.call('sts', 'GetSessionToken', {}, admin.key));
    case 'federation session': {
      const Policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
      return temporary(await client.call('sts', 'GetFederationToken', { Name: 'guest', Policy }, admin.key));
    }
  }
}

function temporary(answer: Awaited<ReturnType<World['client']['call']>>): ClientCredentials {
  if (answer.refusal) throw new Error(`${answer.refusal.code}: ${answer.refusal.message}`);
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.output['Credentials'];
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

function notForThem(
  kind: Kind,
  service: 'iam' | 'sts',
  parameters: (world: World) => Parameters,
  outcome: Outcome,
): NegativeRow {
  return {
    what: `${parameters({ account: {} } as World)['Action']} by ${kind === 'MFA session' ? 'an' : 'a'} ${kind}`,
    async prepare(world) {
      const credentials = await credentialsOfKind(world, kind);
      return () => call(world, service, parameters(world), credentials);
    },
    ...outcome,
  };
}

const sessionToken = (): Parameters => ({ Action: 'GetSessionToken' });
const federationToken = (): Parameters => ({ Action: 'GetFederationToken', Name: 'guest' });
const assumeOpen = (world: World): Parameters => ({
  Action: 'AssumeRole',
  RoleArn: `arn:aws:iam::${world.account.accountId}:role/open`,
  RoleSessionName: 'test',
});

const kindRows: readonly NegativeRow[] = [
  notForThem('session without a code', 'iam', () => createUser, invalidId),
  notForThem('session without a code', 'sts', sessionToken, {
    ...denied,
    message: 'Cannot call GetSessionToken with session credentials',
  }),
  notForThem('MFA session', 'sts', sessionToken, {
    ...denied,
    message: 'Cannot call GetSessionToken with session credentials',
  }),
  notForThem('MFA session', 'sts', federationToken, {
    ...denied,
    message: 'Cannot call GetFederationToken with session credentials',
  }),
  notForThem('role session', 'sts', sessionToken, {
    ...denied,
    message: 'Cannot call GetSessionToken with session credentials',
  }),
  notForThem('role session', 'sts', federationToken, {
    ...denied,
    message: 'Cannot call GetFederationToken with session credentials',
  }),
  notForThem('federation session', 'sts', sessionToken, {
    ...denied,
    message: 'Cannot call GetSessionToken with session credentials',
  }),
  notForThem('federation session', 'sts', assumeOpen, denied),
  notForThem('federation session', 'iam', () => createUser, invalidId),
  notForThem('root', 'sts', assumeOpen, { ...denied, message: 'Roles may not be assumed by root accounts.' }),
];

export const rows: readonly NegativeRow[] = [...spoiltRows, ...sessionRows, ...kindRows];
