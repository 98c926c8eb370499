import { type ErrorFields, StepupError } from '../errors.ts';
import type { AwsFiles, Place } from './aws-files.ts';
import { isOwnCredentialProcess } from './own-credential-process.ts';
import { requireProfileName } from './section-title.ts';
import { BASE_KEY_ID_KEY } from './session-profiles.ts';

/** Who made what a profile's sections hold now, as far as that says whether a session may be written there. */
export type SectionOwner =
  /** Nothing that signs in is there. */
  | { readonly type: 'free' }
  /** A session that stepup wrote, or stepup's own `credential_process`. */
  | { readonly type: 'ours' }
  /** Temporary credentials of a script, of `aws configure mfa-login`, of another tool. */
  | { readonly type: 'temporary'; readonly place: Place }
  /** Never to be overwritten, forced or not. */
  | { readonly type: 'foreign'; readonly because: ForeignReason; readonly place: Place };

export type ForeignReason = ErrorFields['section-not-ours']['because'];

const FOREIGN_KEYS: Readonly<Record<string, ForeignReason>> = {
  role_arn: 'role',
  web_identity_token_file: 'web-identity',
  sso_account_id: 'sso',
  sso_role_name: 'sso',
  sso_start_url: 'sso',
  sso_session: 'sso',
  login_session: 'login-session',
  stepup_key_store: 'long-term-key',
};

/** Looks at what is written for this profile in both files; an included profile's keys don't count. */
export function sectionOwner(files: AwsFiles, name: string): SectionOwner {
  const profile = files.profiles.get(name);
  if (profile === undefined) return { type: 'free' };
  for (const settings of [profile.credentials, profile.config]) {
    for (const [key, because] of Object.entries(FOREIGN_KEYS)) {
      const setting = settings.get(key);
      if (setting !== undefined) return { type: 'foreign', because, place: setting.place };
    }
    const process = settings.get('credential_process');
    if (process !== undefined && !isOwnCredentialProcess(process.value)) {
      return { type: 'foreign', because: 'credential-process', place: process.place };
    }
    const key = settings.get('aws_access_key_id') ?? settings.get('aws_secret_access_key');
    const hasToken = settings.has('aws_session_token') || settings.has('aws_security_token');
    if (key !== undefined && (!hasToken || key.value.startsWith('AKIA'))) {
      return { type: 'foreign', because: 'long-term-key', place: key.place };
    }
  }
  const session = profile.settings.get('aws_access_key_id');
  if (session !== undefined && !profile.settings.has(BASE_KEY_ID_KEY))
    return { type: 'temporary', place: session.place };
  return session !== undefined || profile.settings.has('credential_process') ? { type: 'ours' } : { type: 'free' };
}

/**
 * @throws StepupError `section-not-ours` if what is there must not be overwritten; `profile-name-unwritable` if nothing
 * is there and no section of this name may be made
 */
export function requireOwnSection(files: AwsFiles, name: string): void {
  if (!files.profiles.has(name)) requireProfileName(name);
  const owner = sectionOwner(files, name);
  if (owner.type !== 'foreign') return;
  const { path, section, line } = owner.place;
  throw new StepupError('section-not-ours', { path, section, line, because: owner.because });
}
