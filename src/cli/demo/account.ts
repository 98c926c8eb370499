/**
 * The account that the demo plays in: the pattern, built as an administrator would build it, call by call, over the
 * wire. Nothing here reaches into the sandbox.
 */

import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Credentials } from '../../aws/credentials.ts';
import { StepupError } from '../../errors.ts';
import { STEP_SECONDS, stepAt, totpCode } from '../../totp/code.ts';
import { decodeSeed } from '../../totp/seed.ts';

export const DEMO_USER = 'alice';
const DEMO_ROLE = 'deploy';
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
  /** The authority's clock, epoch milliseconds. */
  readonly authorityNow: () => number;
  readonly createBucket: (name: string) => Promise<void>;
}

/** Builds user, key, device, role and buckets. Throws what the SDK throws: the sandbox refused its own demo. */
export async function buildDemoAccount(builder: DemoBuilder): Promise<DemoAccount> {
  const { accountId, endpoint, root } = builder;
  const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: root, maxAttempts: 1 });
  const userArn = `arn:aws:iam::${accountId}:user/${DEMO_USER}`;
  const roleArn = `arn:aws:iam::${accountId}:role/${DEMO_ROLE}`;
  try {
    await iam.send(new CreateUserCommand({ UserName: DEMO_USER }));
    const [userKey, device] = await Promise.all([
      createKey(iam),
      createDevice(iam, builder.authorityNow),
      limitUser(iam, roleArn),
      createRole(iam, userArn),
      ...DEMO_BUCKETS.map(builder.createBucket),
    ]);
    return { accountId, userKey, roleArn, ...device };
  } finally {
    iam.destroy();
  }
}

async function createKey(iam: IAMClient): Promise<Credentials> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: DEMO_USER }));
  return {
    accessKeyId: required(AccessKey?.AccessKeyId),
    secretAccessKey: required(AccessKey?.SecretAccessKey),
  };
}

/** Enables the device as a person does, with two codes that follow each other. */
async function createDevice(
  iam: IAMClient,
  authorityNow: () => number,
): Promise<Pick<DemoAccount, 'serialNumber' | 'codeAt'>> {
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: DEMO_USER }));
  const serialNumber = required(VirtualMFADevice?.SerialNumber);
  const seed = decodeSeed(Buffer.from(required(VirtualMFADevice?.Base32StringSeed)).toString('ascii'));
  if (seed === undefined) throw new StepupError('internal', { problem: 'the sandbox gave no Base32 seed' });
  const codeAt = (authorityMs: number): string => totpCode(seed, stepAt(authorityMs));
  const nowMs = authorityNow();
  await iam.send(
    new EnableMFADeviceCommand({
      UserName: DEMO_USER,
      SerialNumber: serialNumber,
      AuthenticationCode1: codeAt(nowMs - STEP_SECONDS * 1000),
      AuthenticationCode2: codeAt(nowMs),
    }),
  );
  return { serialNumber, codeAt };
}

async function limitUser(iam: IAMClient, roleArn: string): Promise<void> {
  const document = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn });
  const names = { UserName: DEMO_USER, PolicyName: 'only-assume-deploy' };
  await iam.send(new PutUserPolicyCommand({ ...names, PolicyDocument: document }));
}

async function createRole(iam: IAMClient, userArn: string): Promise<void> {
  const trust = policy({
    Effect: 'Allow',
    Principal: { AWS: userArn },
    Action: 'sts:AssumeRole',
    Condition: {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': String(DEMO_MAX_AGE_SECONDS) },
    },
  });
  await iam.send(new CreateRoleCommand({ RoleName: DEMO_ROLE, AssumeRolePolicyDocument: trust }));
  const permissions = policy({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' });
  const names = { RoleName: DEMO_ROLE, PolicyName: 'list-buckets' };
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: permissions }));
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new StepupError('internal', { problem: 'the sandbox left out a part of its answer' });
  return value;
}
