/**
 * What wins over what, where a profile or the environment says two things: clients take one of them, and not always the
 * one that was meant. Pure.
 */
import type { AwsFiles, Environment } from './aws-files.ts';
import { resolveProfile } from './resolve.ts';

export type Contest =
  /** Keys in the environment win over every profile that `AWS_PROFILE` names. */
  | { readonly type: 'environment-over-profile'; readonly variable: string }
  /** A static section wins over what else the profile says: a store, or `credential_process` (tried, all clients). */
  | { readonly type: 'static-over-store'; readonly profile: string; readonly place: string }
  | { readonly type: 'static-over-process'; readonly profile: string; readonly place: string }
  /** The credentials file wins over the config file. */
  | { readonly type: 'key-in-both-files'; readonly profile: string }
  /** boto3 and the JavaScript SDK take a key of `[default]` before a container endpoint (tried). */
  | { readonly type: 'default-over-endpoint'; readonly profile: 'default' }
  /** The token's old name wins over the new one (botocore). */
  | { readonly type: 'old-token-name'; readonly profile: string; readonly place: string }
  /** The AWS CLI asks for a code of its own where a role profile names a device. */
  | { readonly type: 'role-asks-itself'; readonly profile: string; readonly place: string }
  /** AWS refuses a role session of more than an hour to a caller that is a session (STS, role chaining). */
  | { readonly type: 'role-too-long'; readonly profile: string; readonly seconds: number }
  /** The role is entered by the key, and not by its MFA session. */
  | { readonly type: 'role-past-session'; readonly profile: string; readonly source: string };

const LONGEST_CHAINED_SECONDS = 3_600;

/** Those of the environment, then profile by profile in the order of the files. A profile that doesn't resolve has none. */
export function findContests(files: AwsFiles, env: Environment): readonly Contest[] {
  return [...ofEnvironment(env), ...[...files.profiles.keys()].flatMap((name) => ofProfile(files, name, env))];
}

function ofEnvironment(env: Environment): readonly Contest[] {
  const hasKey = Boolean(env['AWS_ACCESS_KEY_ID']) && Boolean(env['AWS_SECRET_ACCESS_KEY']);
  return hasKey ? [{ type: 'environment-over-profile', variable: 'AWS_ACCESS_KEY_ID' }] : [];
}

function ofProfile(files: AwsFiles, name: string, env: Environment): readonly Contest[] {
  const profile = files.profiles.get(name);
  if (profile === undefined) return [];
  const { config, credentials, settings } = profile;
  const contests: Contest[] = [];
  const key = credentials.get('aws_access_key_id') ?? config.get('aws_access_key_id');
  if (key !== undefined) {
    const { path, line } = key.place;
    const at = { profile: name, place: `${path}, line ${line}` };
    if (settings.has('stepup_key_store')) contests.push({ type: 'static-over-store', ...at });
    if (settings.has('credential_process')) contests.push({ type: 'static-over-process', ...at });
    if (name === 'default') contests.push({ type: 'default-over-endpoint', profile: name });
  }
  if (credentials.has('aws_access_key_id') && config.has('aws_access_key_id')) {
    contests.push({ type: 'key-in-both-files', profile: name });
  }
  const oldToken = settings.get('aws_security_token');
  if (oldToken !== undefined && settings.has('aws_session_token')) {
    const { path, line } = oldToken.place;
    contests.push({ type: 'old-token-name', profile: name, place: `${path}, line ${line}` });
  }
  return [...contests, ...ofRole(files, name, env)];
}

function ofRole(files: AwsFiles, name: string, env: Environment): readonly Contest[] {
  const { credentials, settings } = resolvedOrNone(files, name, env) ?? {};
  if (credentials?.type !== 'role' || credentials.source.type !== 'profile') return [];
  const contests: Contest[] = [];
  const { source, durationSeconds = 0 } = credentials;
  const serial = settings?.get('mfa_serial');
  if (serial !== undefined) {
    const { path, line } = serial.place;
    contests.push({ type: 'role-asks-itself', profile: name, place: `${path}, line ${line}` });
  }
  if (durationSeconds > LONGEST_CHAINED_SECONDS) {
    contests.push({ type: 'role-too-long', profile: name, seconds: durationSeconds });
  }
  if (source.credentials.type === 'long-term-key' || source.credentials.type === 'stored-key') {
    contests.push({ type: 'role-past-session', profile: name, source: source.name });
  }
  return contests;
}

function resolvedOrNone(files: AwsFiles, name: string, env: Environment) {
  try {
    return resolveProfile(files, name, env);
  } catch {
    return undefined;
  }
}
