/** The way to a profile's credentials: a base, and the roles entered from it one after another. */
import { StepupError } from '../errors.ts';
import type { AwsFiles } from '../profiles/aws-files.ts';
import type { ProfileCredentials, Role, RoleSource } from '../profiles/credentials.ts';
import type { ResolvedProfile } from '../profiles/resolve.ts';
import { sessionProfileOf } from '../profiles/session-profiles.ts';

export interface Route {
  readonly base: Base;
  /** From the first role entered to the last; none for a base or its MFA session. */
  readonly roles: readonly RoleStep[];
}

export interface RoleStep extends Omit<Role, 'source' | 'type'> {
  /** The profile that names the role. */
  readonly profile: string;
}

export type Base =
  /** A long-term key, wherever it is kept: what it serves is its MFA session. */
  | { readonly type: 'keyed'; readonly profile: string; readonly sessionProfile: string }
  /** Temporary credentials that somebody else wrote into a file, used as they are. */
  | {
      readonly type: 'foreign-session';
      readonly profile: string;
      readonly session: Extract<ProfileCredentials, { type: 'session' }>;
    }
  /** Resolved by the SDK's own providers: `aws login`, Identity Center, a program, a web identity, metadata. */
  | { readonly type: 'provided'; readonly profile: string; readonly by: ProvidedBy };

export type ProvidedBy = 'sso' | 'login-session' | 'credential-process' | 'environment' | 'other';

/** @throws StepupError `base-without-credentials` where the chain ends in a profile that has none */
export function routeTo(files: AwsFiles, resolved: ResolvedProfile): Route {
  const roles: RoleStep[] = [];
  let profile = resolved.name;
  let credentials = resolved.credentials;
  while (credentials.type === 'role') {
    const { source, type: _, ...role }: Role = credentials;
    roles.unshift({ ...role, profile });
    if (source.type === 'credential-source') return { base: providedBySource(profile, source), roles };
    ({ name: profile, credentials } = source);
  }
  return { base: baseOf(files, profile, credentials), roles };
}

function providedBySource(profile: string, source: Extract<RoleSource, { type: 'credential-source' }>): Base {
  return { type: 'provided', profile, by: source.name === 'Environment' ? 'environment' : 'other' };
}

function baseOf(files: AwsFiles, profile: string, credentials: Exclude<ProfileCredentials, Role>): Base {
  const keyed = (base: string): Base => ({
    type: 'keyed',
    profile: base,
    sessionProfile: sessionProfileOf(files, base),
  });
  switch (credentials.type) {
    case 'long-term-key':
    case 'stored-key':
      return keyed(profile);
    case 'session':
      return credentials.base === undefined
        ? { type: 'foreign-session', profile, session: credentials }
        : keyed(credentials.base);
    case 'none':
      if (credentials.base !== undefined) return keyed(credentials.base);
      throw new StepupError('base-without-credentials', {
        base: profile,
        detail: 'it names no key and no way to sign in',
      });
    case 'credential-process':
      // Our own line: it would call us, so we go where it leads.
      if (credentials.ownProfile !== undefined) return keyed(credentials.base ?? credentials.ownProfile);
      return { type: 'provided', profile, by: 'credential-process' };
    case 'sso':
      return { type: 'provided', profile, by: 'sso' };
    case 'login-session':
      return { type: 'provided', profile, by: 'login-session' };
    case 'web-identity':
      return { type: 'provided', profile, by: 'other' };
  }
}
