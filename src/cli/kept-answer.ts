/**
 * The short way for what runs on every AWS command and at every press of Tab: `credentials PROFILE` and `exec PROFILE --
 * CMD…` from what is kept, and `completion profiles`. It answers only if nothing is amiss; all the rest, every error
 * among it, is left to the whole program, which begins anew. So nothing that isn't used is loaded: no parser of command
 * lines, no streams, no SDK; and what is only for others than `credential_process` is in files of its own
 * (`kept-text.ts`, `run-in-place.ts`). What a profile came to is remembered, and `remembered-answer.ts` needn't ask again.
 */
import { isRegularFile, readText } from '../files/read.ts';
import { awsFilePaths, parseAwsFiles } from '../profiles/aws-files.ts';
import { identified, keptCredentials, type Way, wayTo } from '../sessions/kept-credentials.ts';
import { profilePlace } from '../sessions/profile-place.ts';
import { isRememberable, rememberWay } from '../sessions/remembered-way.ts';
import { canonicalIdentity } from '../sessions/role-cache.ts';
import type { KeptLine } from './kept-line.ts';
import { keptPorts } from './kept-ports.ts';
import { profileNames } from './profile-names.ts';
import { type Found, type KeptAnswer, type KeptIo, withFound } from './remembered-answer.ts';

/** @returns undefined where the whole program is needed: then nothing was done */
export function keptAnswer(io: KeptIo, line: KeptLine): KeptAnswer | undefined {
  try {
    if (!canReadAgain(io)) return undefined;
    if (line.type === 'profiles') return { type: 'profiles', names: profileNames(io) };
    const found = find(io, line.profile);
    return found && withFound(line, found);
  } catch {
    return undefined;
  }
}

/** A pipe in a file's place (`<(pass show aws)`) is for the one who takes what is in it: the whole program. */
function canReadAgain({ env }: KeptIo): boolean {
  const named = [env['AWS_CONFIG_FILE'], env['AWS_SHARED_CREDENTIALS_FILE']];
  return named.every((path) => !path || isRegularFile(path));
}

function find(io: KeptIo, profile: string): Found | undefined {
  const { env, homeDirectory } = io;
  const paths = awsFilePaths(env, homeDirectory);
  const texts = { config: readText(paths.config) ?? '', credentials: readText(paths.credentials) ?? '' };
  const files = parseAwsFiles(paths, texts.config, texts.credentials);
  const ports = keptPorts(io);
  const wish = { profile, mayAsk: false };
  const way = wayTo({ env, readFiles: () => files }, wish);
  const credentials = keptCredentials(ports, way, wish);
  if (credentials === undefined) return undefined;
  const place = profilePlace(way, env);
  if (isRememberable(env) && place.endpointVariables.length === 0 && dependsOnItsSourcesAlone(way)) {
    rememberWay(
      ports.folders.roleSessions,
      { rules: io.rules, profile, env, ...texts },
      {
        identity: canonicalIdentity(identified(ports, way).identity),
        leadMs: ports.leadSeconds * 1_000,
        region: place.region,
      },
    );
  }
  return { credentials, place };
}

/**
 * A role session (an MFA session is in the credentials file itself) without a policy, which may be in a file of its own.
 * And from no base that is known by a command line, which may hold a password.
 */
function dependsOnItsSourcesAlone({ base, roles }: Way): boolean {
  if (base.type === 'provided' && base.by === 'credential-process') return false;
  return roles.length > 0 && roles.every(({ sessionPolicy }) => sessionPolicy === undefined);
}
