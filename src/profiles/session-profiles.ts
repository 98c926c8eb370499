/**
 * Which profile holds the MFA session of which base. By default the session of `work` is `work-mfa`; with
 * `login --update-profile NAME` it is NAME, whose section in the config file then says `stepup_base_profile = work`.
 */
import type { AwsFiles, Profile } from './aws-files.ts';
import { KEY_ID_KEY } from './key-id.ts';

export const BASE_PROFILE_KEY = 'stepup_base_profile';
export const BASE_KEY_ID_KEY = 'stepup_base_key_id';
/** The store that a session is kept in; on a base, the one that its sessions shall be kept in. */
export const SESSION_STORE_KEY = 'stepup_session_store';
/** Of the session in the store. */
export const SESSION_KEY_ID_KEY = 'stepup_session_key_id';
const SUFFIX = '-mfa';

/** Keys with which a profile signs in for itself, so that it can't be there for another's session. */
const OWN_CREDENTIALS = ['role_arn', 'sso_account_id', 'login_session', 'web_identity_token_file', 'stepup_key_store'];

/**
 * The base whose MFA session this profile holds, or would after a login. It need not be in the files itself.
 * @returns undefined for a profile that isn't there for a session
 */
export function baseOfSessionProfile(files: AwsFiles, name: string): string | undefined {
  const profile = files.profiles.get(name);
  const named = profile?.settings.get(BASE_PROFILE_KEY)?.value;
  if (named !== undefined && named !== name && files.profiles.has(named)) return named;
  if (profile !== undefined && signsInForItself(profile)) return undefined;
  const stem = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
  if (files.profiles.has(stem)) return stem;
  const keyId = profile?.settings.get(BASE_KEY_ID_KEY)?.value;
  if (keyId === undefined) return undefined;
  return [...files.profiles.values()].find(({ settings }) =>
    ['aws_access_key_id', KEY_ID_KEY].some((key) => settings.get(key)?.value === keyId),
  )?.name;
}

/** Where the MFA session of this base is kept: a profile that says so, else the base's name with `-mfa`. */
export function sessionProfileOf(files: AwsFiles, base: string): string {
  const named = [...files.profiles.values()].find(({ settings }) => settings.get(BASE_PROFILE_KEY)?.value === base);
  return named?.name ?? `${base}${SUFFIX}`;
}

function signsInForItself({ settings }: Profile): boolean {
  const isLongTerm = settings.has('aws_access_key_id') && !settings.has('aws_session_token');
  return isLongTerm || OWN_CREDENTIALS.some((key) => settings.has(key));
}
