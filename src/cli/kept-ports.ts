/** What it takes to find credentials that are kept: the AWS files, our own folders, the clock. */
import { parseCustomEndpoint, requireRegion } from '../aws/custom-endpoint.ts';
import { type AwsFiles, awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { endpointSettings } from '../profiles/endpoint-settings.ts';
import { keyIdOf } from '../profiles/key-id.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import type { KeptPorts } from '../sessions/kept-credentials.ts';
import type { Io } from './io.ts';
import { type OwnFolders, ownFolders } from './own-folders.ts';
import { readSpan } from './span.ts';

const roleSeconds = 3_600;
/** What must be left of a kept role session: SDKs ask anew five minutes before the end at the latest. */
const leadSeconds = 300;

/** @throws StepupError `usage` for a variable that is no span of time */
export function keptPorts(
  io: Pick<Io, 'env' | 'homeDirectory' | 'now'>,
): KeptPorts & { readonly folders: Pick<OwnFolders, 'roleSessions' | 'gates'> } {
  const { env } = io;
  const paths = awsFilePaths(env, io.homeDirectory);
  const span = (variable: string): number | undefined => {
    const text = env[variable];
    return text ? readSpan(variable, text) : undefined;
  };
  const customEndpoint = (files: AwsFiles, profile: string): string | undefined => {
    const { region, custom } = endpointSettings(files, resolveProfile(files, profile, env), 'sts', env);
    requireRegion(region);
    return custom && parseCustomEndpoint(custom).origin;
  };
  return {
    env,
    now: io.now,
    readFiles: () => readAwsFiles(paths),
    folders: ownFolders(io),
    defaultSessionName: env['AWS_ROLE_SESSION_NAME'] || 'stepup',
    roleDurationSeconds: span('AWS_ASSUME_ROLE_TTL') ?? roleSeconds,
    leadSeconds: span('AWS_MIN_TTL') ?? leadSeconds,
    describeBase: (files, { profile, sessionProfile }) => ({
      profile,
      sessionProfile,
      keyId: keyIdOf(resolveProfile(files, profile, env)),
      endpoint: customEndpoint(files, profile),
    }),
    customEndpoint,
  };
}
