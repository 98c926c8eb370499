/** An MFA session in the AWS files: which keys a login writes, and which a logout takes away. */
import type { AwsFiles, Setting, Settings } from './aws-files.ts';
import { ENDPOINT_KEYS } from './endpoint-settings.ts';
import { KEY_ID_KEY } from './key-id.ts';
import { isOwnCredentialProcess } from './own-credential-process.ts';
import { requireOwnSection, sectionOwner } from './section-owner.ts';
import {
  BASE_KEY_ID_KEY,
  BASE_PROFILE_KEY,
  SESSION_KEY_ID_KEY,
  SESSION_STORE_KEY,
  sessionProfileOf,
} from './session-profiles.ts';
import type { AwsEdit } from './update.ts';

export interface SessionToWrite {
  /** Whose session it is. */
  readonly base: string;
  /** The profile that gets it, as {@link sessionProfileOf} names it or as the person does. */
  readonly profile: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Epoch milliseconds, both. */
  readonly expiresAtMs: number;
  readonly authenticatedAtMs: number;
  readonly baseKeyId: string;
  /** The custom endpoint that it came from, if it wasn't AWS's own. */
  readonly endpoint?: string;
  /** Absent: the base keeps what it has. */
  readonly mfaSerial?: string;
  /** The store that has its secrets; absent: they go into the credentials file. */
  readonly inStore?: {
    readonly store: string;
    /** The `credential_process` line that serves it. */
    readonly process: string;
  };
}

/** All that makes up a session in the credentials file; `aws_security_token` would win over the new token. */
const SESSION_KEYS = [
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
  'expiration',
  'x_security_token_expires',
  'stepup_authenticated_at',
  BASE_KEY_ID_KEY,
  'stepup_endpoint',
] as const;

/** What the config file tells of a session that is in a store. */
const STORED_SESSION_KEYS = [
  SESSION_KEY_ID_KEY,
  'expiration',
  'stepup_authenticated_at',
  BASE_KEY_ID_KEY,
  'stepup_endpoint',
] as const;

/**
 * The edits of a login: the session in its section of the credentials file, or what may be told of it in the config file;
 * the base's region and endpoint keys in its section of the config file; the device's serial on the base.
 * @throws StepupError `section-not-ours`, `profile-name-unwritable`
 */
export function planSessionWrite(files: AwsFiles, session: SessionToWrite): AwsEdit[] {
  requireOwnSection(files, session.profile);
  return [
    ...planCredentials(files, session),
    ...planConfig(files, session),
    ...planSerial(files, session),
    ...planKeyId(files, session),
  ];
}

/**
 * The edits of a logout: the session's keys go, and the section with them if nothing else is in it. The section of the
 * config file stays, for role profiles name it as their source. Empty if there is no session of ours.
 */
export function planSessionRemoval(files: AwsFiles, profile: string): AwsEdit[] {
  if (sectionOwner(files, profile).type !== 'ours') return [];
  const held = files.profiles.get(profile)?.config;
  const told = held?.has(SESSION_KEY_ID_KEY) ? STORED_SESSION_KEYS.filter((key) => held.has(key)) : [];
  return [...planPlainRemoval(files, profile), ...removal('config', profile, told)];
}

/** A static section would win over a `credential_process`. */
function planPlainRemoval(files: AwsFiles, profile: string): AwsEdit[] {
  const held = files.profiles.get(profile)?.credentials ?? new Map();
  const keys = SESSION_KEYS.filter((key) => held.has(key));
  if (keys.length === 0) return [];
  const others = [...held.keys()].filter((key) => !SESSION_KEYS.some((known) => known === key));
  if (others.length === 0) return [{ type: 'remove-profile', file: 'credentials', profile }];
  return [{ type: 'remove-keys', file: 'credentials', profile, keys }];
}

/** What isn't secret of a session. */
function factsOf(session: SessionToWrite): Readonly<Record<string, string>> {
  return {
    expiration: instant(session.expiresAtMs),
    stepup_authenticated_at: instant(session.authenticatedAtMs),
    [BASE_KEY_ID_KEY]: session.baseKeyId,
    ...(session.endpoint === undefined ? {} : { stepup_endpoint: session.endpoint }),
  };
}

function planCredentials(files: AwsFiles, session: SessionToWrite): AwsEdit[] {
  const { profile } = session;
  if (session.inStore !== undefined) return planPlainRemoval(files, profile);
  const values: Readonly<Record<string, string>> = {
    aws_access_key_id: session.accessKeyId,
    aws_secret_access_key: session.secretAccessKey,
    aws_session_token: session.sessionToken,
    ...factsOf(session),
  };
  const held = files.profiles.get(profile)?.credentials;
  const stale = SESSION_KEYS.filter((key) => !(key in values) && held?.has(key));
  return [...removal('credentials', profile, stale), { type: 'set', file: 'credentials', profile, values }];
}

function planConfig(files: AwsFiles, session: SessionToWrite): AwsEdit[] {
  const { base, profile } = session;
  const wanted: Settings = files.profiles.get(base)?.settings ?? new Map();
  const held: Settings = files.profiles.get(profile)?.config ?? new Map();
  const values = Object.fromEntries([
    ...ENDPOINT_KEYS.flatMap((key) => copied(key, wanted.get(key))),
    // A region that the person chose for the session stays.
    ...(held.has('region') ? [] : copied('region', wanted.get('region'))),
    ...(sessionProfileOf(files, base) === profile ? [] : [[BASE_PROFILE_KEY, base]]),
    ...storedEntries(session),
  ]);
  // An endpoint that the base no longer has would send the session where the base's calls don't go.
  const stale = [
    ...ENDPOINT_KEYS.filter((key) => held.has(key) && !wanted.has(key)),
    ...staleOfStore(held).filter((key) => !(key in values)),
  ];
  const set: AwsEdit[] = Object.keys(values).length === 0 ? [] : [{ type: 'set', file: 'config', profile, values }];
  return [...removal('config', profile, stale), ...set, ...planForget(files, base, profile)];
}

function storedEntries(session: SessionToWrite): readonly [string, string][] {
  if (session.inStore === undefined) return [];
  const { store, process } = session.inStore;
  return Object.entries({
    credential_process: process,
    [SESSION_STORE_KEY]: store,
    [SESSION_KEY_ID_KEY]: session.accessKeyId,
    ...factsOf(session),
  });
}

/** What an earlier login wrote of a session in a store. */
function staleOfStore(held: Settings): readonly string[] {
  const process = held.get('credential_process')?.value;
  return [
    ...(held.has(SESSION_KEY_ID_KEY) ? STORED_SESSION_KEYS : []),
    SESSION_STORE_KEY,
    ...(process !== undefined && isOwnCredentialProcess(process) ? ['credential_process'] : []),
  ].filter((key) => held.has(key));
}

/** A base has one session: a profile that had it before, by its own word, has it no longer. */
function planForget(files: AwsFiles, base: string, profile: string): AwsEdit[] {
  return [...files.profiles.values()]
    .filter(({ name, config }) => name !== profile && config.get(BASE_PROFILE_KEY)?.value === base)
    .flatMap(({ name }) => removal('config', name, [BASE_PROFILE_KEY]));
}

/** Where the serial stands already; else on the base's section of the config file, which is made if there is none. */
function planSerial(files: AwsFiles, { base, mfaSerial }: SessionToWrite): AwsEdit[] {
  if (mfaSerial === undefined) return [];
  const held = files.profiles.get(base)?.settings.get('mfa_serial');
  if (held?.value === mfaSerial) return [];
  return [{ type: 'set', file: held?.place.file ?? 'config', profile: base, values: { mfa_serial: mfaSerial } }];
}

/** What is written of a stored key's id must be true, or the next look at the session takes it for another key's. */
function planKeyId(files: AwsFiles, { base, baseKeyId }: SessionToWrite): AwsEdit[] {
  const held = files.profiles.get(base)?.settings.get(KEY_ID_KEY);
  if (held === undefined || held.value === baseKeyId) return [];
  return [{ type: 'set', file: held.place.file, profile: base, values: { [KEY_ID_KEY]: baseKeyId } }];
}

function copied(key: string, setting: Setting | undefined): [string, string][] {
  return setting === undefined || setting.value === '' ? [] : [[key, setting.value]];
}

function removal(file: 'config' | 'credentials', profile: string, keys: readonly string[]): AwsEdit[] {
  return keys.length === 0 ? [] : [{ type: 'remove-keys', file, profile, keys }];
}

/** RFC 3339 in UTC, without fractions. */
function instant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
