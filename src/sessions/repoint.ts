/**
 * Role profiles that don't start from a base's session. Those that name the long-term base would have the AWS CLI enter
 * their roles by the key; those that name a profile which the session has left, or never was in, by an old session or by
 * none. Here is what changes when they name the session's profile instead.
 */
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import { roleProfilesOf } from '../profiles/bases.ts';
import type { Role } from '../profiles/credentials.ts';
import { planRepoint } from '../profiles/repoint.ts';
import type { AwsEdit } from '../profiles/update.ts';

/** AWS's limit for a role entered from a session (STS API Reference, AssumeRole, DurationSeconds). */
const CHAINED_LIMIT_SECONDS = 3600;

/** Whether clients enter the role by the session in this profile; what asks stepup gets it wherever it is. */
export function startsFromSession({ source }: Role, sessionProfile: string): boolean {
  if (source.type !== 'profile') return false;
  if (source.credentials.type === 'role') return startsFromSession(source.credentials, sessionProfile);
  return source.name === sessionProfile || source.credentials.type === 'credential-process';
}

/** The role profiles of the base whose own `source_profile` goes past the session in this profile, with that source. */
export function profilesPastSession(
  files: AwsFiles,
  base: string,
  sessionProfile: string,
  env: Environment,
): readonly { readonly name: string; readonly source: string }[] {
  return roleProfilesOf(files, base, env).roles.flatMap(({ name, role }) => {
    const { source } = role;
    const isFirst = source.type === 'profile' && source.credentials.type !== 'role';
    return isFirst && name !== base && !startsFromSession(role, sessionProfile) ? [{ name, source: source.name }] : [];
  });
}

/** The role profiles whose own `source_profile` is the base. */
export function profilesNamingBase(files: AwsFiles, base: string, env: Environment): readonly string[] {
  return roleProfilesOf(files, base, env).roles.flatMap(({ name, role }) =>
    role.source.type === 'profile' && role.source.name === base && name !== base ? [name] : [],
  );
}

/**
 * The edits that let them start from the session. Two keys would defeat that and change with it: with the base's own
 * `mfa_serial` on the role profile the AWS CLI would ask for a code again, and a session of more than an hour is
 * refused to a caller that is a session itself.
 */
export function planRepointToSession(
  files: AwsFiles,
  profiles: readonly string[],
  sources: readonly string[],
  { base, profile: sessionProfile }: { readonly base: string; readonly profile: string },
): readonly AwsEdit[] {
  const baseSerial = files.profiles.get(base)?.settings.get('mfa_serial')?.value;
  const others = profiles.flatMap((profile): readonly AwsEdit[] => {
    const settings = files.profiles.get(profile)?.settings;
    const serial = settings?.get('mfa_serial');
    const duration = settings?.get('duration_seconds');
    return [
      ...(serial !== undefined && serial.value === baseSerial
        ? [{ type: 'remove-keys', file: serial.place.file, profile, keys: ['mfa_serial'] } as const]
        : []),
      ...(duration !== undefined && Number(duration.value) > CHAINED_LIMIT_SECONDS
        ? [
            {
              type: 'set',
              file: duration.place.file,
              profile,
              values: { duration_seconds: String(CHAINED_LIMIT_SECONDS) },
            } as const,
          ]
        : []),
    ];
  });
  return [...planRepoint(files, profiles, sources, sessionProfile), ...others];
}
