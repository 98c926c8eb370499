/** The way to a profile's credentials: a base, and the roles entered from it one after another. */
import { StepupError } from '../errors.ts';
import type { AwsFiles } from '../profiles/aws-files.ts';
import type { CredentialSource, ProfileCredentials, Role, RoleSource } from '../profiles/credentials.ts';
import type { ResolvedProfile } from '../profiles/resolve.ts';
import { sessionProfileOf } from '../profiles/session-profiles.ts';

export interface Route {
  readonly base: Base;
  /** From the first role entered to the last; none for a base or its MFA session. */
  readonly roles: readonly NamedRole[];
}

export interface NamedRole extends Omit<Role, 'source' | 'type'> {
  /** The profile that names the role. */
  readonly profile: string;
}

/** A role to enter, with all that the call needs. */
export interface RoleStep extends Omit<NamedRole, 'sessionPolicy'> {
  /** The document, as JSON. */
  readonly sessionPolicy?: string;
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
  | ProvidedBase;

/** Signs in by itself: `aws login`, Identity Center, a program, a web identity, `credential_source`. */
export interface ProvidedBase {
  readonly type: 'provided';
  readonly profile: string;
  readonly by: ProvidedBy;
  /** Who it signs in as, as far as the files say: with another one, it is somebody else. */
  readonly identity: string;
}

export type ProvidedBy =
  | 'sso'
  | 'login-session'
  | 'credential-process'
  | 'web-identity'
  | 'environment'
  | 'container'
  | 'instance';

/** @throws StepupError `base-without-credentials` where the chain ends in a profile that has none */
export function routeTo(files: AwsFiles, resolved: ResolvedProfile): Route {
  const roles: NamedRole[] = [];
  let profile = resolved.name;
  let credentials = resolved.credentials;
  for (;;) {
    if (credentials.type === 'role') {
      const { source, type: _, ...role }: Role = credentials;
      roles.unshift({ ...role, profile });
      if (source.type === 'credential-source') return { base: providedBySource(profile, source), roles };
      ({ name: profile, credentials } = source);
    } else if (credentials.type === 'credential-process' && credentials.leadsTo !== undefined) {
      // Our own line: it would call us, so we go where it leads.
      ({ name: profile, credentials } = credentials.leadsTo);
    } else {
      return { base: baseOf(files, profile, credentials), roles };
    }
  }
}

const SOURCES: Readonly<Record<CredentialSource, ProvidedBy>> = {
  Environment: 'environment',
  EcsContainer: 'container',
  Ec2InstanceMetadata: 'instance',
};

function providedBySource(profile: string, source: Extract<RoleSource, { type: 'credential-source' }>): ProvidedBase {
  return { type: 'provided', profile, by: SOURCES[source.name], identity: source.name };
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
    case 'stored-session':
      if (credentials.base !== undefined) return keyed(credentials.base);
      throw new StepupError('base-without-credentials', {
        base: profile,
        detail: 'it holds an MFA session, and the profile of the key behind it is gone',
      });
    case 'none':
      if (credentials.base !== undefined) return keyed(credentials.base);
      throw new StepupError('base-without-credentials', {
        base: profile,
        detail: 'it names no key and no way to sign in',
      });
    case 'credential-process':
      if (credentials.base !== undefined) return keyed(credentials.base);
      return { type: 'provided', profile, by: 'credential-process', identity: credentials.command };
    case 'sso': {
      const { startUrl, accountId, roleName } = credentials;
      return { type: 'provided', profile, by: 'sso', identity: `${startUrl} ${accountId} ${roleName}` };
    }
    case 'login-session':
      return { type: 'provided', profile, by: 'login-session', identity: credentials.identity };
    case 'web-identity':
      return { type: 'provided', profile, by: 'web-identity', identity: credentials.roleArn };
  }
}
