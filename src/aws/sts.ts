/** The calls of STS that stepup makes itself. Each is one request and is never repeated. */
import type { Credentials } from './credentials.ts';
import { type Connection, callQuery, child, incomplete, textOf, type XmlElement } from './query.ts';

/** What STS issues: temporary, so the token and the end are always there. */
export interface SessionCredentials extends Credentials {
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

/** GetSessionToken, with a code. Throws `code-refused`, `device-refused` and what `callQuery` throws. */
export async function getSessionToken(
  request: { readonly serialNumber: string; readonly code: string; readonly durationSeconds: number },
  connection: Connection,
): Promise<SessionCredentials> {
  const result = await callQuery(
    'GetSessionToken',
    {
      SerialNumber: request.serialNumber,
      TokenCode: request.code,
      DurationSeconds: String(request.durationSeconds),
    },
    connection,
  );
  return sessionCredentials(child(result, 'Credentials'), connection);
}

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

/** GetCallerIdentity: needs no permission, so it answers for any key that works. */
export async function getCallerIdentity(connection: Connection): Promise<CallerIdentity> {
  const result = await callQuery('GetCallerIdentity', {}, connection);
  const accountId = textOf(result, 'Account');
  const arn = textOf(result, 'Arn');
  if (accountId === undefined || arn === undefined) throw incomplete(connection);
  return { accountId, arn };
}

/** What a `<Credentials>` element holds. Throws `answer-not-aws` if a part is missing. */
export function sessionCredentials(element: XmlElement | undefined, connection: Connection): SessionCredentials {
  const accessKeyId = textOf(element, 'AccessKeyId');
  const secretAccessKey = textOf(element, 'SecretAccessKey');
  const sessionToken = textOf(element, 'SessionToken');
  const expiresAtMs = Date.parse(textOf(element, 'Expiration') ?? '');
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAtMs)) throw incomplete(connection);
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs };
}
