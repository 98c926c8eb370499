/**
 * What conditions see of a request. A deny in a bucket policy is the probe: it reaches every kind of caller, root
 * included, and strikes exactly when its condition holds.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/start.ts';
import { type AwsClient, type ClientCredentials, credentialsOf, type Output, succeed } from './harness/aws-client.ts';
import { jsClient } from './harness/js-client.ts';
import { assume, giveItAPhone, hire, logIn, type PersonWithPhone } from './harness/people.ts';
import { policyText } from './harness/policy-text.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';

const Bucket = 'probe';
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };

interface Setting {
  readonly sandbox: TestSandbox;
  readonly client: AwsClient;
  readonly alice: PersonWithPhone;
  readonly roleId: string;
  root(service: 'iam' | 's3', operation: string, input: Output): Promise<Output>;
  /** Whether the condition holds for a request made with these credentials. */
  holds(condition: object, credentials: ClientCredentials): Promise<boolean>;
}

async function set(options: SandboxOptions): Promise<Setting> {
  const sandbox = await openSandbox(options);
  const client = jsClient(sandbox.endpoint);
  const [account] = sandbox.accounts;
  const root: Setting['root'] = (service, operation, input) => succeed(client, service, operation, input, account.root);
  await root('s3', 'CreateBucket', { Bucket });
  await root('s3', 'PutObject', { Bucket, Key: 'object', Body: 'x' });
  const alice = await giveItAPhone(client, account, await hire(client, account, 'alice', [everything]), sandbox.clock);
  await root('iam', 'TagUser', { UserName: 'alice', Tags: [{ Key: 'team', Value: 'ops' }] });
  const anyoneHere = { AWS: account.accountId };
  const Action = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
  const AssumeRolePolicyDocument = policyText({ Effect: 'Allow', Principal: anyoneHere, Action });
  const { Role } = await root('iam', 'CreateRole', { RoleName: 'work', Path: '/app/', AssumeRolePolicyDocument });
  const PolicyDocument = policyText(everything);
  await root('iam', 'PutRolePolicy', { RoleName: 'work', PolicyName: 'all', PolicyDocument });
  return {
    sandbox,
    client,
    alice,
    roleId: Role.RoleId,
    root,
    async holds(Condition, credentials) {
      const deny = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
      await root('s3', 'PutBucketPolicy', { Bucket, Policy: policyText({ ...deny, Condition }) });
      const { refusal } = await client.call('s3', 'GetObject', { Bucket, Key: 'object' }, credentials);
      if (refusal && refusal.code !== 'AccessDenied') throw new Error(refusal.message);
      return refusal !== undefined;
    },
  };
}

type Maker = (setting: Setting) => Promise<ClientCredentials> | ClientCredentials;

const roleArn = ({ sandbox }: Setting) => `arn:aws:iam::${sandbox.accounts[0].accountId}:role/app/work`;

const kinds = {
  root: ({ sandbox }) => sandbox.accounts[0].root,
  'long-term key': ({ alice }) => alice.key,
  'GetSessionToken, no code': async ({ client, alice }) =>
    credentialsOf(await succeed(client, 'sts', 'GetSessionToken', {}, alice.key)),
  'GetSessionToken, with code': ({ client, alice }) => logIn(client, alice),
  'role session, entered by a long-term key': (setting) => assume(setting.client, roleArn(setting), setting.alice.key),
  'role session, entered by a long-term key and a code': async (setting) => {
    const { serialNumber: SerialNumber, freshCode } = setting.alice.phone;
    const code = { SerialNumber, TokenCode: await freshCode() };
    return assume(setting.client, roleArn(setting), setting.alice.key, code);
  },
  'role session, entered from an MFA session': async (setting) =>
    assume(setting.client, roleArn(setting), await logIn(setting.client, setting.alice)),
  GetFederationToken: async ({ client, alice }) => {
    const input = { Name: 'guest', Policy: policyText(everything) };
    return credentialsOf(await succeed(client, 'sts', 'GetFederationToken', input, alice.key));
  },
} satisfies Record<string, Maker>;

type Kind = keyof typeof kinds;
type Present = 'absent' | 'false' | 'true';
type Age = 'absent' | 'there';

/** "When the MFA keys are in the request context". */
const mfaKeys: Readonly<Record<Kind, readonly [Present, Age]>> = {
  root: ['absent', 'absent'],
  'long-term key': ['absent', 'absent'],
  'GetSessionToken, no code': ['false', 'absent'],
  'GetSessionToken, with code': ['true', 'there'],
  'role session, entered by a long-term key': ['false', 'absent'],
  'role session, entered by a long-term key and a code': ['false', 'absent'],
  'role session, entered from an MFA session': ['false', 'absent'],
  GetFederationToken: ['absent', 'absent'],
};

const present = 'aws:MultiFactorAuthPresent';
const age = 'aws:MultiFactorAuthAge';

async function seen({ holds }: Setting, credentials: ClientCredentials): Promise<readonly [Present, Age]> {
  const is: Present[] = [];
  if (await holds({ Null: { [present]: 'true' } }, credentials)) is.push('absent');
  if (await holds({ Bool: { [present]: 'false' } }, credentials)) is.push('false');
  if (await holds({ Bool: { [present]: 'true' } }, credentials)) is.push('true');
  const [only] = is;
  if (only === undefined || is.length > 1) throw new Error(`MultiFactorAuthPresent is ${is.join(' and ')}`);
  return [only, (await holds({ Null: { [age]: 'true' } }, credentials)) ? 'absent' : 'there'];
}

describe.each(['false', 'inherited'] as const)('with role-session-mfa %s', (roleSessionMfa) => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await set({ roleSessionMfa });
  });
  afterAll(async () => {
    await setting.client.close();
    await setting.sandbox.close();
  });

  test.each(Object.entries(mfaKeys) as [Kind, readonly [Present, Age]][])('%s: %s', async (kind, expected) => {
    const inherits = roleSessionMfa === 'inherited' && kind === 'role session, entered from an MFA session';
    const make: Maker = kinds[kind];
    expect(await seen(setting, await make(setting))).toEqual(inherits ? ['true', 'absent'] : expected);
  });
});

describe('the rest of the context', () => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await set({ accounts: ['111122223333'] });
  });
  afterAll(async () => {
    await setting.client.close();
    await setting.sandbox.close();
  });

  type Block = Readonly<Record<string, Readonly<Record<string, string>>>>;

  /** All of it holds, and with any one value changed it doesn't. */
  async function expectExactly(block: Block, credentials: ClientCredentials): Promise<void> {
    expect(await setting.holds(block, credentials)).toBe(true);
    for (const [operator, keys] of Object.entries(block)) {
      for (const [key, value] of Object.entries(keys)) {
        const changed = { ...block, [operator]: { ...keys, [key]: otherThan(operator, value) } };
        expect(await setting.holds(changed, credentials), key).toBe(false);
      }
    }
  }

  function otherThan(operator: string, value: string): string {
    if (operator === 'Bool' || operator === 'Null') return value === 'true' ? 'false' : 'true';
    if (operator === 'IpAddress') return '10.0.0.0/8';
    if (operator.startsWith('Date')) return '2999-01-01T00:00:00Z';
    if (operator.startsWith('Numeric')) return '99999999999';
    return `${value}x`;
  }

  const now = {
    DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
    NumericGreaterThan: { 'aws:EpochTime': '1600000000' },
  };
  const transport = {
    IpAddress: { 'aws:SourceIp': '127.0.0.1/32' },
    Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false' },
    StringLike: { 'aws:UserAgent': 'aws-sdk-js/*' },
  };

  test('of a user', async () => {
    const { alice } = setting;
    const strings = {
      'aws:username': 'alice',
      'aws:userid': alice.userId,
      'aws:PrincipalArn': alice.arn,
      'aws:PrincipalAccount': '111122223333',
      'aws:PrincipalType': 'User',
      'aws:PrincipalTag/team': 'ops',
      'aws:RequestedRegion': 'us-east-1',
      'aws:ResourceAccount': '111122223333',
    };
    const block = { StringEquals: strings, Null: { 'aws:TokenIssueTime': 'true' }, ...now, ...transport };
    await expectExactly(block, alice.key);
  });

  test('of a role session', async () => {
    const { client, alice, roleId } = setting;
    const session = await assume(client, roleArn(setting), alice.key, {
      RoleSessionName: 'alice-at-work',
      Tags: [{ Key: 'project', Value: 'blue' }],
      SourceIdentity: 'alice',
    });
    const strings = {
      'aws:userid': `${roleId}:alice-at-work`,
      'aws:PrincipalArn': roleArn(setting),
      'aws:PrincipalAccount': '111122223333',
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalTag/project': 'blue',
      'aws:SourceIdentity': 'alice',
    };
    const issued = { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } };
    await expectExactly({ StringEquals: strings, Null: { 'aws:username': 'true' }, ...issued }, session);
  });

  test('of a federation session', async () => {
    const session = await kinds.GetFederationToken(setting);
    const strings = {
      'aws:userid': '111122223333:guest',
      'aws:PrincipalArn': 'arn:aws:sts::111122223333:federated-user/guest',
      'aws:PrincipalType': 'FederatedUser',
    };
    await expectExactly({ StringEquals: strings, Null: { 'aws:username': 'true' } }, session);
  });

  test('of the authority’s clock, not the machine’s', async () => {
    const later = new Date(setting.sandbox.clock.now() + 86_400_000).toISOString();
    const condition = { DateGreaterThan: { 'aws:CurrentTime': later } };
    expect(await setting.holds(condition, setting.alice.key)).toBe(false);
    setting.sandbox.clock.advance(2 * 86_400_000);
    expect(await setting.holds(condition, setting.alice.key)).toBe(true);
  });

  interface ServiceKey {
    readonly key: string;
    readonly allows: string;
    readonly condition: object;
    readonly service: 'iam' | 's3' | 'sts';
    readonly operation: string;
    readonly right: Output;
    readonly wrong: Output;
  }

  const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const tagged = (Key: string, Value: string) => ({ UserName: 'alice', Tags: [{ Key, Value }] });
  const enter = { RoleArn: 'arn:aws:iam::111122223333:role/app/work', RoleSessionName: 'bob' };

  const serviceKeys: readonly ServiceKey[] = [
    {
      key: 's3:prefix',
      allows: 's3:ListBucket',
      condition: { StringEquals: { 's3:prefix': 'public/' } },
      service: 's3',
      operation: 'ListObjectsV2',
      right: { Bucket, Prefix: 'public/' },
      wrong: { Bucket },
    },
    {
      key: 'iam:PolicyARN',
      allows: 'iam:AttachUserPolicy',
      condition: { ArnEquals: { 'iam:PolicyARN': readOnly } },
      service: 'iam',
      operation: 'AttachUserPolicy',
      right: { UserName: 'alice', PolicyArn: readOnly },
      wrong: { UserName: 'alice', PolicyArn: administrator },
    },
    {
      key: 'iam:PermissionsBoundary',
      allows: 'iam:CreateUser',
      condition: { StringEquals: { 'iam:PermissionsBoundary': readOnly } },
      service: 'iam',
      operation: 'CreateUser',
      right: { UserName: 'fenced', PermissionsBoundary: readOnly },
      wrong: { UserName: 'free' },
    },
    {
      key: 'aws:RequestTag',
      allows: 'iam:TagUser',
      condition: { StringEquals: { 'aws:RequestTag/team': 'ops' } },
      service: 'iam',
      operation: 'TagUser',
      right: tagged('team', 'ops'),
      wrong: tagged('team', 'board'),
    },
    {
      key: 'aws:TagKeys',
      allows: 'iam:TagUser',
      condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'floor'] } },
      service: 'iam',
      operation: 'TagUser',
      right: tagged('floor', '3'),
      wrong: tagged('admin', 'yes'),
    },
    {
      key: 'aws:ResourceTag',
      allows: 'iam:GetUser',
      condition: { StringEquals: { 'aws:ResourceTag/team': 'ops' } },
      service: 'iam',
      operation: 'GetUser',
      right: { UserName: 'alice' },
      wrong: { UserName: 'bob' },
    },
    {
      key: 'sts:RoleSessionName',
      allows: 'sts:AssumeRole',
      condition: { StringEquals: { 'sts:RoleSessionName': 'bob' } },
      service: 'sts',
      operation: 'AssumeRole',
      right: enter,
      wrong: { ...enter, RoleSessionName: 'alice' },
    },
    {
      key: 'sts:ExternalId',
      allows: 'sts:AssumeRole',
      condition: { StringEquals: { 'sts:ExternalId': 'blue' } },
      service: 'sts',
      operation: 'AssumeRole',
      right: { ...enter, ExternalId: 'blue' },
      wrong: enter,
    },
  ];

  test('of services: a user who may do one thing on one condition', async () => {
    const { client, sandbox, root } = setting;
    const bob = await hire(client, sandbox.accounts[0], 'bob');
    for (const { key, allows, condition, service, operation, right, wrong } of serviceKeys) {
      const PolicyDocument = policyText({ Effect: 'Allow', Action: allows, Resource: '*', Condition: condition });
      await root('iam', 'PutUserPolicy', { UserName: 'bob', PolicyName: 'one', PolicyDocument });
      const refused = await client.call(service, operation, wrong, bob.key);
      expect(refused.refusal?.code, `${key}, wrong`).toBe('AccessDenied');
      const allowed = await client.call(service, operation, right, bob.key);
      expect(allowed.refusal, `${key}, right`).toBeUndefined();
    }
  });
});
