import { type Connection, callQuery, child } from './query.ts';
import { type SessionCredentials, sessionCredentials } from './sts.ts';

export interface AssumeRoleRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly transitiveTagKeys: readonly string[];
  /** MFA on this call itself, in place of an MFA session. */
  readonly mfa?: { readonly serialNumber: string; readonly code: string };
}

/** AssumeRole. Throws `aws-refused` (AccessDenied) where the gate is closed, `code-refused`, `device-refused`, and what `callQuery` throws. */
export async function assumeRole(request: AssumeRoleRequest, connection: Connection): Promise<SessionCredentials> {
  const parameters: Record<string, string | undefined> = {
    RoleArn: request.roleArn,
    RoleSessionName: request.sessionName,
    DurationSeconds: String(request.durationSeconds),
    ExternalId: request.externalId,
    SourceIdentity: request.sourceIdentity,
    SerialNumber: request.mfa?.serialNumber,
    TokenCode: request.mfa?.code,
  };
  for (const [index, { key, value }] of request.tags.entries()) {
    parameters[`Tags.member.${index + 1}.Key`] = key;
    parameters[`Tags.member.${index + 1}.Value`] = value;
  }
  for (const [index, key] of request.transitiveTagKeys.entries()) {
    parameters[`TransitiveTagKeys.member.${index + 1}`] = key;
  }
  const result = await callQuery('AssumeRole', parameters, connection);
  return sessionCredentials(child(result, 'Credentials'), connection);
}
