/** The calls of STS that stepup makes itself. Each is one request and is never repeated. */
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  type Credentials as Issued,
  STSClient,
} from '@aws-sdk/client-sts';
import { type Connection, call, notAws } from './connection.ts';
import type { SessionCredentials } from './credentials.ts';

/** GetSessionToken, with a code. Throws `code-refused`, `device-refused` and what `call` throws. */
export async function getSessionToken(
  request: { readonly serialNumber: string; readonly code: string; readonly durationSeconds: number },
  connection: Connection,
): Promise<SessionCredentials> {
  const { serialNumber, code, durationSeconds } = request;
  const command = new GetSessionTokenCommand({
    SerialNumber: serialNumber,
    TokenCode: code,
    DurationSeconds: durationSeconds,
  });
  const answer = await call(
    'GetSessionToken',
    connection,
    (config) => new STSClient(config).send(command),
    serialNumber,
  );
  return sessionCredentials(answer.Credentials, connection);
}

/** GetSessionToken without a code: what a thief of the key can have. Throws what `call` throws. */
export async function getSessionTokenWithoutCode(
  request: { readonly durationSeconds: number },
  connection: Connection,
): Promise<SessionCredentials> {
  const command = new GetSessionTokenCommand({ DurationSeconds: request.durationSeconds });
  const answer = await call('GetSessionToken', connection, (config) => new STSClient(config).send(command));
  return sessionCredentials(answer.Credentials, connection);
}

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

/** GetCallerIdentity: needs no permission, so it answers for any key that works. */
export async function getCallerIdentity(connection: Connection): Promise<CallerIdentity> {
  const command = new GetCallerIdentityCommand({});
  const { Account, Arn } = await call('GetCallerIdentity', connection, (config) => new STSClient(config).send(command));
  if (Account === undefined || Arn === undefined) throw notAws(connection, 200);
  return { accountId: Account, arn: Arn };
}

export interface AssumeRoleRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly transitiveTagKeys: readonly string[];
  /** The session policy, a JSON document, and managed policies beside it: what the session may do at most. */
  readonly policy?: string;
  readonly policyArns: readonly string[];
  /** MFA on this call itself, in place of an MFA session. */
  readonly mfa?: { readonly serialNumber: string; readonly code: string };
}

/** AssumeRole. Throws `aws-refused` (AccessDenied) where the gate is closed, `code-refused`, `device-refused`, and what `call` throws. */
export async function assumeRole(request: AssumeRoleRequest, connection: Connection): Promise<SessionCredentials> {
  const { tags, transitiveTagKeys, policyArns, mfa } = request;
  const command = new AssumeRoleCommand({
    RoleArn: request.roleArn,
    RoleSessionName: request.sessionName,
    DurationSeconds: request.durationSeconds,
    ExternalId: request.externalId,
    SourceIdentity: request.sourceIdentity,
    Policy: request.policy,
    SerialNumber: mfa?.serialNumber,
    TokenCode: mfa?.code,
    ...(policyArns.length > 0 && { PolicyArns: policyArns.map((arn) => ({ arn })) }),
    ...(tags.length > 0 && { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
    ...(transitiveTagKeys.length > 0 && { TransitiveTagKeys: [...transitiveTagKeys] }),
  });
  const answer = await call(
    'AssumeRole',
    connection,
    (config) => new STSClient(config).send(command),
    mfa?.serialNumber,
  );
  return sessionCredentials(answer.Credentials, connection);
}

function sessionCredentials(issued: Issued | undefined, connection: Connection): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {};
  const expiresAtMs = Expiration?.getTime() ?? Number.NaN;
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || Number.isNaN(expiresAtMs)) throw notAws(connection, 200);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiresAtMs };
}
