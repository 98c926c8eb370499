import type { FederatedCaller, RoleSessionCaller, UserSessionCaller } from './caller.ts';

export type TemporaryCaller = UserSessionCaller | RoleSessionCaller | FederatedCaller;

type OmitEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What a token must say; the access key id is made when it is sealed. */
export type NewSession = OmitEach<TemporaryCaller, 'accessKeyId'>;

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface SessionTokens {
  /** Makes credentials for a session. Nothing is stored: the token holds the session, the secret follows from the key id. */
  seal(session: NewSession): TemporaryCredentials;
}
