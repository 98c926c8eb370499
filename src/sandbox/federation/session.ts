import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authority } from '../../enforcement/authority.ts';
import type { FederatedCaller, RoleSessionCaller } from '../../enforcement/caller.ts';
import { Refusal } from '../../enforcement/refusal.ts';

/**
 * Whose the `Session` of a getSigninToken is: `{"sessionId", "sessionKey", "sessionToken"}`, the three values of
 * temporary credentials. Only AssumeRole's and GetFederationToken's can sign in (IAM User Guide, Enable custom identity
 * broker access to the AWS console).
 *
 * @throws Refusal; which of the three is wrong isn't said
 */
export function signInCaller(
  session: string,
  { sessionTokens, directory, clocks }: Authority,
): RoleSessionCaller | FederatedCaller {
  const { sessionId, sessionKey, sessionToken } = parseSession(session);
  const opened = sessionTokens.open(sessionToken, sessionId);
  if (opened === undefined || !isSame(sessionKey, opened.secretAccessKey)) throw refused('The session is not valid.');
  const { session: signedIn } = opened;
  if (signedIn.expiresAtMs <= clocks.authority()) throw refused('The session has expired.');
  switch (signedIn.type) {
    case 'user-session':
      throw refused('Credentials of GetSessionToken cannot sign in to the console.');
    case 'role-session': {
      const role = directory.findRole(signedIn.accountId, signedIn.roleId);
      if (role === undefined) throw refused('The session is not valid.');
      return { ...signedIn, accessKeyId: sessionId, roleArn: role.arn, roleName: role.roleName };
    }
    case 'federated': {
      const owner = directory.findOwner(signedIn.accountId, signedIn.userId);
      if (owner === undefined) throw refused('The session is not valid.');
      return { ...signedIn, accessKeyId: sessionId, owner };
    }
  }
}

export function refused(message: string): Refusal {
  return new Refusal('SignInRefused', 400, message);
}

interface SessionJson {
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly sessionToken: string;
}

function parseSession(text: string): SessionJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('Session must be JSON.');
  }
  const { sessionId, sessionKey, sessionToken } = (value ?? {}) as Partial<Record<keyof SessionJson, unknown>>;
  if (typeof sessionId !== 'string' || typeof sessionKey !== 'string' || typeof sessionToken !== 'string') {
    throw refused('Session must hold sessionId, sessionKey and sessionToken.');
  }
  return { sessionId, sessionKey, sessionToken };
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
