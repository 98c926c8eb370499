import { type Credentials, formatInstant } from '../aws/credentials.ts';

/**
 * The JSON that `credential_process` demands (AWS CLI User Guide, "Sourcing credentials with an external process"), line
 * end included: without `Expiration` a client never asks again, so it is left out only for a long-term key.
 */
export function processDocument(credentials: Credentials): string {
  const document = {
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    ...(credentials.sessionToken !== undefined && { SessionToken: credentials.sessionToken }),
    ...(credentials.expiresAtMs !== undefined && { Expiration: formatInstant(credentials.expiresAtMs) }),
    ...(credentials.accountId !== undefined && { AccountId: credentials.accountId }),
  };
  return `${JSON.stringify(document)}\n`;
}
