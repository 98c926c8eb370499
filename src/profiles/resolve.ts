/**
 * What a profile means: how it signs in, by the AWS CLI's own rules and in its order (botocore's `credentials.py`:
 * `create_credential_resolver`, `ProfileProviderBuilder`, `AssumeRoleProvider`), and by the keys that aws-vault and
 * stepup added.
 */
import { type ProfileProblem, StepupError } from '../errors.ts';
import type { AwsFiles, Environment, Place, Profile, Setting, Settings } from './aws-files.ts';
import {
  CREDENTIAL_SOURCES,
  type CredentialProcess,
  type IdentityCenter,
  type LongTermKey,
  type ProfileCredentials,
  type Role,
  type RoleSource,
  type Session,
  type StoredSession,
} from './credentials.ts';
import { includeProfiles } from './include.ts';
import { ownCredentialProcess } from './own-credential-process.ts';
import { readSessionPolicy } from './session-policy.ts';
import { BASE_KEY_ID_KEY, baseOfSessionProfile, SESSION_KEY_ID_KEY, SESSION_STORE_KEY } from './session-profiles.ts';
import { readSessionTags } from './session-tags.ts';
import { splitWords } from './split-words.ts';

export interface ResolvedProfile {
  readonly name: string;
  readonly credentials: ProfileCredentials;
  /** All keys, those of an `include_profile` among them. */
  readonly settings: Settings;
}

/**
 * @param name of a profile of the files, or of a session's profile that a login would make
 * @throws StepupError `profile-not-found`, `profile-invalid`, `profile-loop`
 */
export function resolveProfile(files: AwsFiles, name: string, env: Environment): ResolvedProfile {
  return resolveNamed({ files, env, visited: [], bridges: [] }, name, undefined);
}

/** What a chain of profiles knows on its way. */
interface Chain {
  readonly files: AwsFiles;
  readonly env: Environment;
  /** The profiles so far, the first one first. */
  readonly visited: readonly string[];
  /** Profiles on the way whose `credential_process` is stepup, asked for the next one. */
  readonly bridges: readonly string[];
}

function resolveNamed(chain: Chain, name: string, namedBy: string | undefined): ResolvedProfile {
  const { files } = chain;
  const written = files.profiles.get(name);
  if (written === undefined) {
    const base = baseOfSessionProfile(files, name);
    if (base !== undefined) return { name, credentials: { type: 'none', base }, settings: new Map() };
    const paths = [...new Set([files.paths.config, files.paths.credentials])];
    const who = namedBy === undefined ? {} : { namedBy };
    throw new StepupError('profile-not-found', { profile: name, ...who, files: paths });
  }
  const profile = includeProfiles(files, written);
  return { name, credentials: resolveCredentials(chain, profile), settings: profile.settings };
}

/**
 * A role comes first, but not where the profile is another role's source and has a key of its own: then the key is meant.
 */
function resolveCredentials(chain: Chain, profile: Profile): ProfileCredentials {
  const isSource = chain.visited.length > 0;
  const roleArn = profile.settings.get('role_arn');
  if (roleArn !== undefined && !profile.settings.has('web_identity_token_file') && !(isSource && hasKey(profile))) {
    return resolveRole(chain, profile, roleArn);
  }
  return resolveOwnCredentials(chain, profile);
}

/** A half counts, and is found wanting later. */
function hasKey({ settings }: Profile): boolean {
  return settings.has('aws_access_key_id') || settings.has('aws_secret_access_key');
}

/** The providers of botocore's `ProfileProviderBuilder`, in their order; stepup's own store behind a key in the file. */
function resolveOwnCredentials(chain: Chain, profile: Profile): ProfileCredentials {
  const { files, env } = chain;
  return (
    webIdentity(profile) ??
    identityCenter(files, profile) ??
    staticCredentials(files, profile, profile.credentials) ??
    storedKey(profile) ??
    loginSession(profile) ??
    storedSession(files, profile) ??
    credentialProcess(chain, profile) ??
    staticCredentials(files, profile, profile.config) ??
    none(files, profile, env)
  );
}

/** `STEPUP_KEY_STORE` says where the key of a profile is that names no way to sign in, and is no session's. */
function none(files: AwsFiles, { name }: Profile, env: Environment): ProfileCredentials {
  const base = baseOfSessionProfile(files, name);
  if (base !== undefined) return { type: 'none', base };
  const store = env['STEPUP_KEY_STORE'];
  return store ? { type: 'stored-key', store } : { type: 'none' };
}

function resolveRole(chain: Chain, profile: Profile, roleArn: Setting): Role {
  const { settings } = profile;
  const text = (key: string): string | undefined => settings.get(key)?.value || undefined;
  // `AWS_ROLE_SESSION_NAME` is for the profile that was asked for, not for those on the way (as in aws-vault).
  const asked = chain.visited.length === 0 ? chain.env['AWS_ROLE_SESSION_NAME'] || undefined : undefined;
  return {
    type: 'role',
    roleArn: roleArn.value,
    source: resolveSource(chain, profile),
    sessionTags: readSessionTags(profile, settings.get('session_tags')),
    transitiveSessionTags: listOf(text('transitive_session_tags')),
    sessionPolicyArns: listOf(text('stepup_session_policy_arns')),
    ...present('sessionPolicy', readSessionPolicy(settings.get('stepup_session_policy'))),
    ...present('externalId', text('external_id')),
    ...present('roleSessionName', asked ?? text('role_session_name')),
    ...present('durationSeconds', lenientSeconds(settings.get('duration_seconds'))),
    ...present('mfaSerial', text('mfa_serial')),
    ...present('sourceIdentity', text('source_identity')),
    ...present('maxAgeSeconds', secondsSetting(profile, 'stepup_mfa_max_age')),
    place: roleArn.place,
  };
}

/** `a, b`: what stands between commas, without the empty. */
function listOf(text = ''): readonly string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

function resolveSource(chain: Chain, profile: Profile): RoleSource {
  const source = profile.settings.get('source_profile');
  const provider = profile.settings.get('credential_source');
  if (source !== undefined && provider !== undefined)
    throw invalid(profile, 'two-sources', 'credential_source', provider);
  if (provider !== undefined) {
    const name = CREDENTIAL_SOURCES.find((known) => known === provider.value);
    if (name === undefined) throw invalid(profile, 'unknown-credential-source', 'credential_source', provider);
    return { type: 'credential-source', name };
  }
  if (source === undefined) throw invalid(profile, 'no-source', 'source_profile', profile.settings.get('role_arn'));
  return resolveSourceProfile(chain, profile, source.value);
}

function resolveSourceProfile(chain: Chain, profile: Profile, name: string): RoleSource {
  const visited = [...chain.visited, profile.name];
  if (visited.includes(name)) {
    // A profile may be its own source if it has a key as well.
    if (name === profile.name && (hasKey(profile) || profile.settings.has('stepup_key_store'))) {
      return { type: 'profile', name, credentials: resolveOwnCredentials(chain, profile) };
    }
    throw new StepupError('profile-loop', { chain: [...visited.slice(visited.indexOf(name)), name] });
  }
  const { credentials } = resolveNamed({ ...chain, visited }, name, profile.name);
  return { type: 'profile', name, credentials };
}

function webIdentity(profile: Profile): ProfileCredentials | undefined {
  const tokenFile = profile.settings.get('web_identity_token_file');
  if (tokenFile === undefined) return undefined;
  const roleArn = profile.settings.get('role_arn');
  if (roleArn === undefined) throw invalid(profile, 'incomplete', 'role_arn', tokenFile);
  const roleSessionName = profile.settings.get('role_session_name')?.value;
  return {
    type: 'web-identity',
    roleArn: roleArn.value,
    tokenFile: tokenFile.value,
    ...present('roleSessionName', roleSessionName),
    place: tokenFile.place,
  };
}

function identityCenter(files: AwsFiles, profile: Profile): IdentityCenter | undefined {
  const mark = profile.settings.get('sso_account_id') ?? profile.settings.get('sso_role_name');
  if (mark === undefined) return undefined;
  const reference = profile.settings.get('sso_session');
  const session = reference === undefined ? undefined : files.ssoSessions.get(reference.value);
  if (reference !== undefined && session === undefined)
    throw invalid(profile, 'section-missing', 'sso_session', reference);
  const need = (key: string): string => {
    const setting = session?.get(key) ?? profile.settings.get(key);
    if (setting === undefined) throw invalid(profile, 'incomplete', key, mark);
    return setting.value;
  };
  return {
    type: 'sso',
    startUrl: need('sso_start_url'),
    region: need('sso_region'),
    accountId: need('sso_account_id'),
    roleName: need('sso_role_name'),
    ...present('session', reference?.value),
    place: mark.place,
  };
}

/** Key, secret and token must be of one file; the token's older name comes first, as in botocore. */
function staticCredentials(files: AwsFiles, profile: Profile, settings: Settings): LongTermKey | Session | undefined {
  const accessKeyId = settings.get('aws_access_key_id');
  if (accessKeyId === undefined) return undefined;
  const secretAccessKey = settings.get('aws_secret_access_key');
  if (secretAccessKey === undefined) throw invalid(profile, 'half-a-key', 'aws_secret_access_key', accessKeyId);
  const key = { accessKeyId: accessKeyId.value, secretAccessKey: secretAccessKey.value, place: accessKeyId.place };
  const token = settings.get('aws_security_token') ?? settings.get('aws_session_token');
  if (token === undefined || token.value === '') return { type: 'long-term-key', ...key };
  return { type: 'session', ...key, sessionToken: token.value, ...sessionFacts(files, profile, settings) };
}

/** Without the session's id there is none yet: then the setting says where the next one goes. */
function storedSession(files: AwsFiles, profile: Profile): StoredSession | undefined {
  const store = profile.config.get(SESSION_STORE_KEY);
  const accessKeyId = profile.config.get(SESSION_KEY_ID_KEY);
  if (store === undefined || accessKeyId === undefined) return undefined;
  const { place } = accessKeyId;
  const facts = sessionFacts(files, profile, profile.config);
  return { type: 'stored-session', store: store.value, accessKeyId: accessKeyId.value, place, ...facts };
}

function sessionFacts(files: AwsFiles, profile: Profile, settings: Settings) {
  return {
    ...present(
      'expiresAtMs',
      instantSetting(settings, 'expiration') ?? instantSetting(settings, 'x_security_token_expires'),
    ),
    ...present('authenticatedAtMs', instantSetting(settings, 'stepup_authenticated_at')),
    ...present('baseKeyId', settings.get(BASE_KEY_ID_KEY)?.value),
    ...present('endpoint', settings.get('stepup_endpoint')?.value),
    ...baseField(files, profile.name),
  };
}

function storedKey(profile: Profile): ProfileCredentials | undefined {
  const store = profile.settings.get('stepup_key_store');
  return store === undefined ? undefined : { type: 'stored-key', store: store.value, place: store.place };
}

function loginSession(profile: Profile): ProfileCredentials | undefined {
  const session = profile.settings.get('login_session');
  return session === undefined ? undefined : { type: 'login-session', identity: session.value, place: session.place };
}

function credentialProcess(chain: Chain, profile: Profile): CredentialProcess | undefined {
  const setting = profile.settings.get('credential_process');
  if (setting === undefined) return undefined;
  const words = splitWords(setting.value) ?? [];
  if (words.length === 0) throw invalid(profile, 'not-a-command', 'credential_process', setting);
  const ownProfile = ownCredentialProcess(words);
  return {
    type: 'credential-process',
    command: setting.value,
    ...present('ownProfile', ownProfile),
    ...(ownProfile === undefined ? {} : ownProcess(chain, profile, ownProfile)),
    place: setting.place,
  };
}

/** Stepup is asked for another profile there: it would start anew with that one, and so do we. */
function ownProcess(chain: Chain, { name }: Profile, ownProfile: string): Pick<CredentialProcess, 'base' | 'leadsTo'> {
  const base = baseOfSessionProfile(chain.files, name);
  if (base !== undefined) return { base };
  const bridges = [...chain.bridges, name];
  if (chain.bridges.includes(name)) throw new StepupError('profile-loop', { chain: bridges });
  const { credentials } = resolveNamed({ ...chain, visited: [], bridges }, ownProfile, name);
  return { leadsTo: { name: ownProfile, credentials } };
}

/**
 * A whole number of seconds.
 * @throws StepupError `profile-invalid` for anything else
 */
export function secondsSetting(profile: Pick<Profile, 'name' | 'settings'>, key: string): number | undefined {
  const setting = profile.settings.get(key);
  const seconds = lenientSeconds(setting);
  if (setting !== undefined && seconds === undefined) throw invalid(profile, 'not-a-number', key, setting);
  return seconds;
}

/** botocore lets a `duration_seconds` that is no number be. */
function lenientSeconds(setting: Setting | undefined): number | undefined {
  return setting !== undefined && /^\d{1,9}$/.test(setting.value) ? Number(setting.value) : undefined;
}

function instantSetting(settings: Settings, key: string): number | undefined {
  const instant = Date.parse(settings.get(key)?.value ?? '');
  return Number.isNaN(instant) ? undefined : instant;
}

function baseField(files: AwsFiles, name: string): { readonly base?: string } {
  return present('base', baseOfSessionProfile(files, name));
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}

function invalid(
  { name }: Pick<Profile, 'name'>,
  problem: ProfileProblem,
  key: string,
  at: { readonly place: Place } | undefined,
): StepupError {
  const where = at === undefined ? {} : { path: at.place.path, line: at.place.line };
  return new StepupError('profile-invalid', { profile: name, problem, key, ...where });
}
