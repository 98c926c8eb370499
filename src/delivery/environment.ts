import { type Credentials, formatInstant } from '../aws/credentials.ts';
import type { GrantedCredentials } from '../sessions/wish.ts';
import { PLACED, placedVariables } from './placed.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What would win over, or confuse, the credentials that we set. */
export const shadowingVariables = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_FILE',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_SESSION_EXPIRATION',
  'AWS_SESSION_TOKEN',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_MFA_SERIAL',
  'AWS_ACCOUNT_ID',
  'AWS_CREDENTIAL_SCOPE',
] as const;

/** The variables that carry credentials, in the order in which people print them. */
export function credentialVariables(credentials: Credentials): readonly (readonly [name: string, value: string])[] {
  const variables: [string, string][] = [
    ['AWS_ACCESS_KEY_ID', credentials.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey],
  ];
  if (credentials.sessionToken !== undefined) variables.push(['AWS_SESSION_TOKEN', credentials.sessionToken]);
  if (credentials.expiresAtMs !== undefined) {
    variables.push(['AWS_CREDENTIAL_EXPIRATION', formatInstant(credentials.expiresAtMs)]);
  }
  return variables;
}

export interface ChildProfile extends Pick<GrantedCredentials, 'region' | 'endpointVariables'> {
  readonly name: string;
}

export function childProfileOf({
  profile,
  region,
  endpointVariables,
}: Pick<GrantedCredentials, 'profile' | 'region' | 'endpointVariables'>): ChildProfile {
  return { name: profile, ...(region !== undefined && { region }), endpointVariables };
}

/**
 * The environment of a child that gets static credentials: theirs set, everything that would win over them removed,
 * the rest as it was. `AWS_VAULT` is what shell prompts read (starship, powerlevel10k, oh-my-posh); no SDK does.
 */
export function childEnvironment(
  parent: Environment,
  profile: ChildProfile,
  credentials: Credentials,
): Record<string, string> {
  const environment = withoutCredentials(parent);
  for (const [name, value] of credentialVariables(credentials)) environment[name] = value;
  if (credentials.expiresAtMs !== undefined) {
    environment['AWS_SESSION_EXPIRATION'] = formatInstant(credentials.expiresAtMs);
  }
  return withProfile(environment, profile);
}

/** What `exec --server` gives the child: where credentials are to be had, and nothing that would win over that. */
export interface ServedCredentials {
  readonly url: string;
  readonly tokenFile: string;
  /** Private files that hold nothing: a key in the person's `[default]` would win otherwise. */
  readonly configFile: string;
  readonly credentialsFile: string;
}

export function servedChildEnvironment(
  parent: Environment,
  profile: ChildProfile,
  served: ServedCredentials,
): Record<string, string> {
  const environment = withoutCredentials(parent);
  environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = served.url;
  environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] = served.tokenFile;
  environment['AWS_CONFIG_FILE'] = served.configFile;
  environment['AWS_SHARED_CREDENTIALS_FILE'] = served.credentialsFile;
  return withProfile(environment, profile);
}

/** For tools that insist on a profile's name: they get that, and nothing that would win over it. */
export function profileEnvironment(parent: Environment, name: string): Record<string, string> {
  return { ...withoutCredentials(parent), AWS_PROFILE: name };
}

function withoutCredentials(parent: Environment): Record<string, string> {
  const dropped = new Set<string>([...shadowingVariables, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', PLACED]);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && !dropped.has(name)) environment[name] = value;
  }
  return environment;
}

function withProfile(environment: Record<string, string>, profile: ChildProfile): Record<string, string> {
  for (const [name, value] of placedVariables(profile, environment)) environment[name] = value;
  environment['AWS_VAULT'] = profile.name;
  environment['STEPUP_PROFILE'] = profile.name;
  return environment;
}
