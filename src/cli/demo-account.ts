/**
 * The account that the demo plays in: the pattern, built as an administrator would build it, call by call, over the
 * wire. Nothing here reaches into the sandbox.
 */
import type { Credentials } from '../aws/credentials.ts';
import type { Endpoint } from '../aws/endpoints.ts';
import { type Connection, callQuery, child, textOf } from '../aws/query.ts';
import { StepupError } from '../errors.ts';
import { STEP_SECONDS, stepAt, totpCode } from '../totp/code.ts';
import { decodeSeed } from '../totp/seed.ts';

export const DEMO_USER = 'alice';
export const DEMO_ROLE = 'deploy';
export const DEMO_BUCKETS: readonly string[] = ['quarterly-reports', 'web-assets'];
/** The gate's age: a session whose code is older opens it no longer. */
export const DEMO_MAX_AGE_SECONDS = 900;

export interface DemoAccount {
  readonly accountId: string;
  readonly userKey: Credentials;
  readonly serialNumber: string;
  readonly roleArn: string;
  /** What the device would show at this moment of the authority's clock (epoch milliseconds). */
  readonly codeAt: (authorityMs: number) => string;
}

export interface DemoBuilder {
  readonly endpoint: string;
  readonly accountId: string;
  readonly root: Credentials;
  readonly now: () => number;
  /** The authority's clock, epoch milliseconds. */
  readonly authorityNow: () => number;
  readonly signal: AbortSignal;
  readonly createBucket: (name: string) => Promise<void>;
}

/** Builds user, key, device, role and buckets. Throws what the calls throw: the sandbox refused its own demo. */
export async function buildDemoAccount(builder: DemoBuilder): Promise<DemoAccount> {
  const { accountId, root, now, signal } = builder;
  const iam: Connection = { endpoint: iamEndpoint(builder.endpoint), credentials: root, now, signal };
  const userArn = `arn:aws:iam::${accountId}:user/${DEMO_USER}`;
  const roleArn = `arn:aws:iam::${accountId}:role/${DEMO_ROLE}`;

  await callQuery('CreateUser', { UserName: DEMO_USER }, iam);
  const [userKey, device] = await Promise.all([
    createKey(iam),
    createDevice(iam, builder.authorityNow),
    putPolicy('PutUserPolicy', { UserName: DEMO_USER, PolicyName: 'only-assume-deploy' }, onlyAssume(roleArn), iam),
    createRole(userArn, iam),
    ...DEMO_BUCKETS.map(builder.createBucket),
  ]);
  return { accountId, userKey, roleArn, ...device };
}

async function createKey(iam: Connection): Promise<Credentials> {
  const key = child(await callQuery('CreateAccessKey', { UserName: DEMO_USER }, iam), 'AccessKey');
  return {
    accessKeyId: required(textOf(key, 'AccessKeyId')),
    secretAccessKey: required(textOf(key, 'SecretAccessKey')),
  };
}

/** Enables the device as a person does, with two codes that follow each other. */
async function createDevice(
  iam: Connection,
  authorityNow: () => number,
): Promise<Pick<DemoAccount, 'serialNumber' | 'codeAt'>> {
  const created = child(
    await callQuery('CreateVirtualMFADevice', { VirtualMFADeviceName: DEMO_USER }, iam),
    'VirtualMFADevice',
  );
  const serialNumber = required(textOf(created, 'SerialNumber'));
  const seed = decodeSeed(Buffer.from(required(textOf(created, 'Base32StringSeed')), 'base64').toString('ascii'));
  if (seed === undefined) throw new StepupError('internal', { problem: 'the sandbox gave no Base32 seed' });
  const codeAt = (authorityMs: number): string => totpCode(seed, stepAt(authorityMs));
  const nowMs = authorityNow();
  await callQuery(
    'EnableMFADevice',
    {
      UserName: DEMO_USER,
      SerialNumber: serialNumber,
      AuthenticationCode1: codeAt(nowMs - STEP_SECONDS * 1000),
      AuthenticationCode2: codeAt(nowMs),
    },
    iam,
  );
  return { serialNumber, codeAt };
}

async function createRole(userArn: string, iam: Connection): Promise<void> {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: userArn },
        Action: 'sts:AssumeRole',
        Condition: {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          NumericLessThan: { 'aws:MultiFactorAuthAge': String(DEMO_MAX_AGE_SECONDS) },
        },
      },
    ],
  });
  await callQuery('CreateRole', { RoleName: DEMO_ROLE, AssumeRolePolicyDocument: trust }, iam);
  const permissions = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
  await putPolicy('PutRolePolicy', { RoleName: DEMO_ROLE, PolicyName: 'list-buckets' }, permissions, iam);
}

function onlyAssume(roleArn: string): object {
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn };
}

async function putPolicy(
  action: string,
  names: Readonly<Record<string, string>>,
  statement: object,
  iam: Connection,
): Promise<void> {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await callQuery(action, { ...names, PolicyDocument: document }, iam);
}

function iamEndpoint(url: string): Endpoint {
  return { service: 'iam', url: new URL(url), signingRegion: 'us-east-1' };
}

function required(text: string | undefined): string {
  if (text === undefined) throw new StepupError('internal', { problem: 'the sandbox left out a part of its answer' });
  return text;
}
