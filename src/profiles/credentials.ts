/** How a profile signs in: what `resolve.ts` makes of its keys. */
import type { Place } from './aws-files.ts';
import type { SessionPolicy } from './session-policy.ts';

export type ProfileCredentials =
  | LongTermKey
  | StoredKey
  | Session
  | StoredSession
  | Role
  | WebIdentity
  | IdentityCenter
  | LoginSession
  | CredentialProcess
  | NoCredentials;

/** An access key in one of the files. */
export interface LongTermKey {
  readonly type: 'long-term-key';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly place: Place;
}

/** `stepup_key_store`, or `STEPUP_KEY_STORE` in the environment, says where the access key is kept. */
export interface StoredKey {
  readonly type: 'stored-key';
  readonly store: string;
  /** Of the setting; absent where the environment said it. */
  readonly place?: Place;
}

/** Temporary credentials in one of the files. */
export interface Session {
  readonly type: 'session';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Epoch milliseconds, each; absent where nobody wrote it. */
  readonly expiresAtMs?: number;
  readonly authenticatedAtMs?: number;
  /** Whose session it is: there exactly when stepup wrote it. */
  readonly baseKeyId?: string;
  /** The custom endpoint that it came from. */
  readonly endpoint?: string;
  /** The profile that it is the MFA session of, if there is one (see `session-profiles.ts`). */
  readonly base?: string;
  readonly place: Place;
}

/** An MFA session in a store; what the config file tells of it is no secret. */
export interface StoredSession {
  readonly type: 'stored-session';
  readonly store: string;
  /** Of the session: the store may hold another one, older or newer, while a login is writing. */
  readonly accessKeyId: string;
  readonly expiresAtMs?: number;
  readonly authenticatedAtMs?: number;
  readonly baseKeyId?: string;
  readonly endpoint?: string;
  readonly base?: string;
  readonly place: Place;
}

export interface Role {
  readonly type: 'role';
  readonly roleArn: string;
  readonly source: RoleSource;
  readonly externalId?: string;
  readonly roleSessionName?: string;
  readonly durationSeconds?: number;
  readonly mfaSerial?: string;
  readonly sourceIdentity?: string;
  readonly sessionTags: readonly { readonly key: string; readonly value: string }[];
  readonly transitiveSessionTags: readonly string[];
  readonly sessionPolicy?: SessionPolicy;
  /** ARNs of managed policies that narrow the session as well. */
  readonly sessionPolicyArns: readonly string[];
  /** `stepup_mfa_max_age`: how old the code behind a session may be for the role's gate. */
  readonly maxAgeSeconds?: number;
  readonly place: Place;
}

export type RoleSource =
  | { readonly type: 'profile'; readonly name: string; readonly credentials: ProfileCredentials }
  | { readonly type: 'credential-source'; readonly name: CredentialSource };

export const CREDENTIAL_SOURCES = ['Environment', 'Ec2InstanceMetadata', 'EcsContainer'] as const;
export type CredentialSource = (typeof CREDENTIAL_SOURCES)[number];

export interface WebIdentity {
  readonly type: 'web-identity';
  readonly roleArn: string;
  readonly tokenFile: string;
  readonly roleSessionName?: string;
  readonly place: Place;
}

export interface IdentityCenter {
  readonly type: 'sso';
  readonly startUrl: string;
  readonly region: string;
  readonly accountId: string;
  readonly roleName: string;
  /** The `[sso-session]`, where there is one. */
  readonly session?: string;
  readonly place: Place;
}

/** `aws login` made it. */
export interface LoginSession {
  readonly type: 'login-session';
  /** The ARN that signed in. */
  readonly identity: string;
  readonly place: Place;
}

export interface CredentialProcess {
  readonly type: 'credential-process';
  readonly command: string;
  /** The profile that stepup itself is asked for there. */
  readonly ownProfile?: string;
  /** How that one signs in, unless this profile is there for the MFA session of `base`. */
  readonly leadsTo?: { readonly name: string; readonly credentials: ProfileCredentials };
  readonly base?: string;
  readonly place: Place;
}

/** Nothing in the files; a session's profile before the first login is one of these. */
export interface NoCredentials {
  readonly type: 'none';
  readonly base?: string;
}
