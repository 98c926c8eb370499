/** The AWS profiles of one user: a base with the key, its MFA session's profile, and a role profile for each role. */
import type { AwsFiles } from '../../profiles/aws-files.ts';
import type { AwsEdit } from '../../profiles/update.ts';
import type { Blueprint, RoleBlueprint, UserBlueprint } from './blueprint.ts';

export interface UserProfiles {
  readonly base: string;
  readonly baseValues: Readonly<Record<string, string>>;
  /** Where `stepup login` puts the session. */
  readonly session: string;
  readonly roles: readonly { readonly name: string; readonly values: Readonly<Record<string, string>> }[];
}

/** Keys that lead a profile's calls elsewhere than to AWS's own hosts: the base's go with every role profile. */
type PlaceKeys = Readonly<Record<string, string>>;

/**
 * A role profile has the role's name, with the account's before it where the user has that name twice or where it is
 * the base's. `stepup_mfa_max_age` tells `status` and the broker the gate's age before AWS has refused anything.
 */
export function userProfiles(
  { accounts }: Blueprint,
  user: UserBlueprint,
  base: string,
  place: PlaceKeys = {},
): UserProfiles {
  const session = `${base}-mfa`;
  const taken = [base, session];
  const named = user.roles.map((role) => ({ role, label: labelOf(accounts, role) }));
  const isAmbiguous = (name: string): boolean =>
    taken.includes(name) || named.filter(({ role }) => role.name === name).length > 1;
  return {
    base,
    baseValues: { ...place, mfa_serial: user.deviceArn },
    session,
    roles: named.map(({ role, label }) => ({
      name: isAmbiguous(role.name) ? `${label}-${role.name}` : role.name,
      values: {
        role_arn: role.arn,
        source_profile: session,
        ...place,
        ...(role.gate.externalId !== undefined && { external_id: role.gate.externalId }),
        stepup_mfa_max_age: String(role.gate.maxAgeSeconds),
      },
    })),
  };
}

function labelOf(accounts: Blueprint['accounts'], wanted: RoleBlueprint): string {
  return accounts.find(({ roles }) => roles.includes(wanted))?.account.label ?? '';
}

/** The profiles as a fragment of the AWS `config` file. */
export function profilesFragment({ base, baseValues, roles }: UserProfiles): string {
  const section = (name: string, values: Readonly<Record<string, string>>): string =>
    [`[profile ${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`), ''].join('\n');
  return [section(base, baseValues), ...roles.map(({ name, values }) => section(name, values))].join('\n');
}

/** The edits that put them into the config file. A profile that is there for another role stays, and is named. */
export function profileEdits(
  files: AwsFiles,
  { base, baseValues, roles }: UserProfiles,
): { readonly edits: readonly AwsEdit[]; readonly skipped: readonly string[] } {
  const edits: AwsEdit[] = [];
  const skipped: string[] = [];
  // The device isn't there yet: whoever enrols it says which one it is.
  const { mfa_serial: _, ...place } = baseValues;
  if (Object.keys(place).length > 0) edits.push({ type: 'set', file: 'config', profile: base, values: place });
  for (const { name, values } of roles) {
    const there = files.profiles.get(name);
    if (there === undefined || there.settings.get('role_arn')?.value === values['role_arn']) {
      edits.push({ type: 'set', file: 'config', profile: name, values });
    } else skipped.push(name);
  }
  return { edits, skipped };
}
