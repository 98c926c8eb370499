/** Users and roles of a tried sandbox, made through its own API. */
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type Credentials } from '@aws-sdk/client-sts';
import type { Keys, TriedSandbox } from './sandbox-clients.ts';

type Statement = Readonly<Record<string, unknown>>;

export function allowing(
  action: string | readonly string[],
  resource: string | readonly string[] = '*',
  condition?: object,
): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource, ...(condition && { Condition: condition }) };
}

export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** A user with these permissions and a long-term key, made by root of an account. */
export async function hire(
  tried: TriedSandbox,
  UserName: string,
  statements: readonly Statement[],
  root: Keys = tried.root,
): Promise<Keys> {
  const iam = tried.iam(root);
  await iam.send(new CreateUserCommand({ UserName }));
  if (statements.length > 0) {
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(...statements) }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

/** A role of the first account that trusts its account, with these permissions. Answers the ARN. */
export async function makeRole(
  tried: TriedSandbox,
  RoleName: string,
  statements: readonly Statement[],
  trust?: Statement,
): Promise<string> {
  const account = { AWS: tried.root.accountId };
  const trusted = trust ?? { Effect: 'Allow', Principal: account, Action: 'sts:AssumeRole' };
  const { Role } = await tried
    .iam()
    .send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trusted) }));
  if (statements.length > 0) {
    await tried
      .iam()
      .send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(...statements) }));
  }
  return Role?.Arn ?? '';
}

export async function assume(tried: TriedSandbox, keys: Keys, RoleArn: string): Promise<Keys> {
  const { Credentials } = await tried.sts(keys).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'tests' }));
  return keysOf(Credentials);
}

export function keysOf(credentials: Credentials | undefined): Keys {
  return {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
  };
}
