/**
 * Which endpoint a profile's calls go to, as the AWS CLI and the SDKs decide it (AWS SDKs and Tools Reference Guide,
 * "Service-specific endpoints"): for one service in the environment, for all in the environment, for one service in the
 * profile's `services` section, for all in the profile.
 */
import { StepupError } from '../errors.ts';
import { type AwsFiles, describePlace, type Environment, type Profile, type Setting } from './aws-files.ts';

/** Services by the names that their sections and variables have. */
export type ServiceName = 'sts' | 'iam' | 's3' | 'signin' | 'sso';

export interface EndpointSettings {
  readonly region?: string;
  readonly useFipsEndpoint: boolean;
  readonly useDualStackEndpoint: boolean;
  /** `sts_regional_endpoints = legacy` */
  readonly legacyStsEndpoint: boolean;
  readonly custom?: {
    readonly url: string;
    /** Where it was set, in words that a person finds again. */
    readonly origin: string;
  };
}

/** Keys of a profile that a variable says as well. */
const ENDPOINT_VARIABLES = [
  ['endpoint_url', 'AWS_ENDPOINT_URL'],
  ['ignore_configured_endpoint_urls', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'],
  ['sts_regional_endpoints', 'AWS_STS_REGIONAL_ENDPOINTS'],
  ['use_fips_endpoint', 'AWS_USE_FIPS_ENDPOINT'],
  ['use_dualstack_endpoint', 'AWS_USE_DUALSTACK_ENDPOINT'],
] as const;

/** Keys of a profile that decide on an endpoint; a session's profile must have the same ones as its base. */
export const ENDPOINT_KEYS = [...ENDPOINT_VARIABLES.map(([key]) => key), 'services'] as const;

/**
 * The same for a program that gets no profile: the variables that say what the profile's keys say, as far as the
 * environment doesn't decide otherwise already.
 */
export function endpointVariables(
  files: AwsFiles,
  { settings }: Pick<Profile, 'settings'>,
  env: Environment,
): readonly (readonly [name: string, value: string])[] {
  const variables: [string, string][] = [];
  for (const [key, name] of ENDPOINT_VARIABLES) {
    const value = settings.get(key)?.value;
    if (value && !env[name]) variables.push([name, value]);
  }
  const services = settings.get('services');
  // One for all services in the environment wins over any in the profile.
  if (services === undefined || env['AWS_ENDPOINT_URL']) return variables;
  for (const [service, { block }] of files.services.get(services.value) ?? []) {
    const name = `AWS_ENDPOINT_URL_${service.toUpperCase()}`;
    const url = block?.get('endpoint_url');
    if (url && !env[name]) variables.push([name, url]);
  }
  return variables;
}

/**
 * @param profile whose calls they are; undefined for the credentials of the environment
 * @throws StepupError `profile-invalid` if the profile names a `services` section that isn't there
 */
export function endpointSettings(
  files: AwsFiles,
  profile: Pick<Profile, 'name' | 'settings'> | undefined,
  service: ServiceName,
  env: Environment,
): EndpointSettings {
  const region = regionOf(profile, env);
  const custom = customEndpoint(files, profile, service, env);
  const setting = (variable: string, key: string): string =>
    (env[variable] || profile?.settings.get(key)?.value || '').toLowerCase();
  return {
    ...(region === undefined ? {} : { region }),
    useFipsEndpoint: setting('AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint') === 'true',
    useDualStackEndpoint: setting('AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint') === 'true',
    legacyStsEndpoint: setting('AWS_STS_REGIONAL_ENDPOINTS', 'sts_regional_endpoints') === 'legacy',
    ...(custom === undefined ? {} : { custom }),
  };
}

/** `AWS_REGION`, then `AWS_DEFAULT_REGION`, then the profile's, as version 2 of the AWS CLI has it. */
export function regionOf(profile: Pick<Profile, 'settings'> | undefined, env: Environment): string | undefined {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || profile?.settings.get('region')?.value || undefined;
}

function customEndpoint(
  files: AwsFiles,
  profile: Pick<Profile, 'name' | 'settings'> | undefined,
  service: ServiceName,
  env: Environment,
): EndpointSettings['custom'] {
  const ignored =
    env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] || profile?.settings.get('ignore_configured_endpoint_urls')?.value;
  if (ignored?.toLowerCase() === 'true') return undefined;
  for (const variable of [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, 'AWS_ENDPOINT_URL']) {
    const url = env[variable];
    if (url) return { url, origin: `${variable} in the environment` };
  }
  return profile === undefined ? undefined : configuredEndpoint(files, profile, service);
}

function configuredEndpoint(
  files: AwsFiles,
  { name, settings }: Pick<Profile, 'name' | 'settings'>,
  service: ServiceName,
): EndpointSettings['custom'] {
  const reference = settings.get('services');
  const services = reference === undefined ? undefined : files.services.get(reference.value);
  if (reference !== undefined && services === undefined) {
    const { path, line } = reference.place;
    throw new StepupError('profile-invalid', {
      profile: name,
      problem: 'section-missing',
      key: 'services',
      path,
      line,
    });
  }
  const block = services?.get(service);
  const url = block?.block?.get('endpoint_url');
  if (block !== undefined && url) return { url, origin: originOf('endpoint_url', block) };
  const general = settings.get('endpoint_url');
  return general?.value ? { url: general.value, origin: originOf('endpoint_url', general) } : undefined;
}

function originOf(key: string, { place }: Setting): string {
  return `${key} in ${describePlace(place)}`;
}
