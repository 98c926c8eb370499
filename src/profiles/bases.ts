/** Which base a profile starts from, and which role profiles lean on a base. */
import { StepupError } from '../errors.ts';
import type { AwsFiles, Environment } from './aws-files.ts';
import type { ProfileCredentials, Role } from './credentials.ts';
import { type ResolvedProfile, resolveProfile } from './resolve.ts';

/** Where a chain of roles begins: the base's name, or the credentials that no profile holds (`credential_source`). */
export type Origin =
  | { readonly type: 'profile'; readonly name: string }
  | { readonly type: 'credential-source'; readonly name: string };

/** Down the chain of sources; where that ends at an MFA session, its base, whether there is a session now or not. */
export function originOf({ name, credentials }: Pick<ResolvedProfile, 'name' | 'credentials'>): Origin {
  if (credentials.type === 'role') {
    const { source } = credentials;
    return source.type === 'profile' ? originOf(source) : source;
  }
  if (credentials.type === 'credential-process' && credentials.leadsTo !== undefined) {
    return originOf(credentials.leadsTo);
  }
  return { type: 'profile', name: sessionBase(credentials) ?? name };
}

export interface RoleProfile {
  readonly name: string;
  readonly role: Role;
}

export interface RoleProfiles {
  /** In the order of the files. */
  readonly roles: readonly RoleProfile[];
  /** Profiles that can't be resolved, so that nobody knows whether they lean on the base. */
  readonly broken: readonly { readonly name: string; readonly error: StepupError }[];
}

/** The role profiles that start from this base, directly, through its session's profile, or through other roles. */
export function roleProfilesOf(files: AwsFiles, base: string, env: Environment): RoleProfiles {
  const roles: RoleProfile[] = [];
  const broken: { name: string; error: StepupError }[] = [];
  for (const name of files.profiles.keys()) {
    try {
      const resolved = resolveProfile(files, name, env);
      const origin = originOf(resolved);
      if (resolved.credentials.type === 'role' && origin.type === 'profile' && origin.name === base) {
        roles.push({ name, role: resolved.credentials });
      }
    } catch (error) {
      if (!(error instanceof StepupError)) throw error;
      broken.push({ name, error });
    }
  }
  return { roles, broken };
}

function sessionBase(credentials: ProfileCredentials): string | undefined {
  return 'base' in credentials ? credentials.base : undefined;
}
