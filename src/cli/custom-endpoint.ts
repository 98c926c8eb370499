/** A configured endpoint that gets credentials, or what makes them: it must be loopback or a host that the person allowed. */
import { codeDestination } from '../aws/code-destination.ts';
import { parseCustomEndpoint } from '../aws/custom-endpoint.ts';
import { StepupError } from '../errors.ts';
import type { AwsFiles } from '../profiles/aws-files.ts';
import { endpointSettings, type ServiceName } from '../profiles/endpoint-settings.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import type { Io } from './io.ts';
import { readOwnConfig } from './own-config.ts';

/**
 * The endpoint that the profile's calls of this service go to; undefined for AWS's own.
 * @throws StepupError `endpoint-invalid`; `code-destination` for a host that nothing may go to
 */
export function customEndpoint(io: Io, files: AwsFiles, profile: string, service: ServiceName): string | undefined {
  const { custom } = endpointSettings(files, resolveProfile(files, profile, io.env), service, io.env);
  if (custom === undefined) return undefined;
  const url = parseCustomEndpoint(custom);
  const { codeHosts, path } = readOwnConfig(io);
  // None of these services' own hosts is known here: naming them as custom needs the person's word as well.
  const destination = codeDestination({ url, service: 'sts' }, undefined, codeHosts);
  if (destination.allowed) return custom.url;
  throw new StepupError('code-destination', {
    what: 'credentials',
    url: url.origin,
    because: destination.because,
    customOrigin: custom.origin,
    allowFile: path,
  });
}
