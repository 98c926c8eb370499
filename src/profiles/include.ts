import { StepupError } from '../errors.ts';
import type { AwsFiles, Profile, Setting } from './aws-files.ts';

/** What belongs to one profile alone: its key, its session, and what it includes. */
const NEVER_INCLUDED: ReadonlySet<string> = new Set([
  'include_profile',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
  'expiration',
  'x_security_token_expires',
  'stepup_authenticated_at',
  'stepup_base_key_id',
  'stepup_base_profile',
  'stepup_endpoint',
  'stepup_key_store',
  'stepup_key_id',
  'stepup_key_left_in',
  'stepup_session_store',
  'stepup_session_key_id',
]);

/**
 * The profile with the keys that it lacks from the one that its `include_profile` names, and so on (aws-vault's key; the
 * AWS CLI doesn't know it). Nobody's credentials are included.
 * @throws StepupError `profile-not-found`, `profile-loop`
 */
export function includeProfiles(files: AwsFiles, profile: Profile): Profile {
  const chain = [profile.name];
  const added = new Map<string, Setting>();
  let from = profile;
  for (;;) {
    const name = from.settings.get('include_profile')?.value;
    if (name === undefined) break;
    const included = files.profiles.get(name);
    if (included === undefined) {
      throw new StepupError('profile-not-found', { profile: name, namedBy: from.name, files: [files.paths.config] });
    }
    if (chain.includes(name))
      throw new StepupError('profile-loop', { chain: [...chain.slice(chain.indexOf(name)), name] });
    chain.push(name);
    for (const [key, setting] of included.config) {
      if (!NEVER_INCLUDED.has(key) && !profile.settings.has(key) && !added.has(key)) added.set(key, setting);
    }
    from = included;
  }
  return added.size === 0 ? profile : { ...profile, settings: new Map([...added, ...profile.settings]) };
}
