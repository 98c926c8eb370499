import type { Environment } from './environment.ts';

/**
 * The profile whose credentials this process already runs with, if `exec` or a like tool started it: a role assumed
 * from there would be a chained one, capped at an hour, or refused by a gate that the outer session can't open.
 */
export function outerProfile(env: Environment): string | undefined {
  const name = env['STEPUP_PROFILE'] || env['AWS_VAULT'];
  return name === '' ? undefined : name;
}
