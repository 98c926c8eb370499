/** From a key id and a token to a secret and a caller: the directory's keys, and the sessions that tokens hold. */
import { isTemporaryKeyId } from './access-key-id.ts';
import type { Authority } from './authority.ts';
import type { Caller } from './caller.ts';
import type { Session } from './session.ts';
import type { SignatureClaim } from './sigv4/claim.ts';
import type { Dialect } from './sigv4/dialect.ts';

export interface Credentials {
  readonly secretAccessKey: string;
  readonly caller: Caller;
}

/**
 * The credentials that a claim names, if they are good now. Throws Refusal for an unknown or inactive key, a token that
 * is missing, altered, another key's or expired, and a session whose user or role is gone.
 */
export function findCredentials(claim: SignatureClaim, dialect: Dialect, authority: Authority): Credentials {
  const { accessKeyId } = claim.scope;
  return isTemporaryKeyId(accessKeyId)
    ? temporaryCredentials(accessKeyId, claim.securityToken, dialect, authority)
    : longTermCredentials(accessKeyId, claim.securityToken, dialect, authority);
}

function longTermCredentials(
  accessKeyId: string,
  securityToken: string | undefined,
  dialect: Dialect,
  { directory }: Authority,
): Credentials {
  const key = directory.findKey(accessKeyId);
  if (key === undefined || !key.active) throw dialect.refuse.unknownKey(accessKeyId);
  if (securityToken !== undefined) throw dialect.refuse.invalidToken();
  return { secretAccessKey: key.secretAccessKey, caller: { type: 'long-term', accessKeyId, owner: key.owner } };
}

function temporaryCredentials(
  accessKeyId: string,
  securityToken: string | undefined,
  dialect: Dialect,
  authority: Authority,
): Credentials {
  if (securityToken === undefined) throw dialect.refuse.unknownKey(accessKeyId);
  const opened = authority.sessionTokens.open(securityToken, accessKeyId);
  if (opened === undefined) throw dialect.refuse.invalidToken();
  const { session, secretAccessKey } = opened;
  if (session.expiresAtMs <= authority.clocks.authority()) throw dialect.refuse.expiredToken();
  const caller = callerOf(session, accessKeyId, authority);
  if (caller === undefined) throw dialect.refuse.unknownKey(accessKeyId);
  return { secretAccessKey, caller };
}

/**
 * Undefined once the user or role behind the session is gone. The session, just opened and nobody else's, becomes the
 * caller: to copy it takes longer than to find whose it is.
 */
function callerOf(session: Session, accessKeyId: string, { directory }: Authority): Caller | undefined {
  if (session.type === 'role-session') {
    const role = directory.findRole(session.accountId, session.roleId);
    return role && Object.assign(session, { accessKeyId, roleArn: role.arn, roleName: role.roleName });
  }
  const owner = directory.findOwner(session.accountId, session.userId);
  return owner && Object.assign(session, { accessKeyId, owner });
}
