/** The endpoint of a profile's calls, if it is one that a code might go to as well. */
import { type Endpoint, type EndpointService, resolveEndpoint } from '../aws/endpoints.ts';
import { isStepupError, StepupError } from '../errors.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { endpointSettings } from '../profiles/endpoint-settings.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { mayReceiveCode } from '../sessions/authenticate.ts';
import type { Io } from './io.ts';
import { readOwnConfig } from './own-config.ts';

/**
 * @param what would be sent there, for the error
 * @throws StepupError `code-destination` for an endpoint that isn't AWS's own, loopback or allowed; `endpoint-invalid`
 */
export function trustedEndpoint(
  io: Io,
  profile: string,
  service: EndpointService,
  what: 'session' | 'credentials',
): Endpoint {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const settings = endpointSettings(files, resolveProfile(files, profile, io.env), service, io.env);
  const endpoint = resolveEndpoint(service, settings);
  const { codeHosts, path } = readOwnConfig(io);
  try {
    mayReceiveCode(endpoint, '', { allowed: { hosts: codeHosts, file: path } });
  } catch (error) {
    if (!isStepupError(error, 'code-destination')) throw error;
    throw new StepupError('code-destination', { ...error.fields, what });
  }
  return endpoint;
}
