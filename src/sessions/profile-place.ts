import type { Environment } from '../profiles/aws-files.ts';
import { endpointVariables, regionOf } from '../profiles/endpoint-settings.ts';
import type { Way } from './kept-credentials.ts';
import type { ProfilePlace } from './wish.ts';

export function profilePlace({ files, resolved, roles }: Way, env: Environment): ProfilePlace {
  const region = regionOf(resolved, env);
  const last = roles.at(-1);
  return {
    profile: resolved.name,
    ...(region !== undefined && { region }),
    ...(last !== undefined && { roleArn: last.roleArn, chained: roles.length > 1 }),
    endpointVariables: endpointVariables(files, resolved, env),
  };
}
