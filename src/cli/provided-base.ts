/** A base that signs in by itself: the SDK's providers, what may run, and what to do when they give nothing. */
import type { Credentials } from '../aws/credentials.ts';
import { providedCredentials } from '../aws/provided.ts';
import { StepupError } from '../errors.ts';
import { judgeProgramSource, programSourceRules } from '../files/program-source.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import type { CredentialProcess, ProfileCredentials } from '../profiles/credentials.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import type { Io } from './io.ts';

/** @throws StepupError `base-without-credentials`, `program-source-unsafe`, `program-source-unapproved` */
export async function providedBase(io: Io, profile: string): Promise<Credentials> {
  const paths = awsFilePaths(io.env, io.homeDirectory);
  const { credentials } = resolveProfile(readAwsFiles(paths), profile, io.env);
  if (credentials.type === 'credential-process') requireOwnProgram(io, credentials);
  try {
    return await providedCredentials({ profile, configFile: paths.config, credentialsFile: paths.credentials });
  } catch (error) {
    const command = commandFor(credentials, profile);
    throw new StepupError(
      'base-without-credentials',
      {
        base: profile,
        detail: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '',
        ...(command !== undefined && { command }),
      },
      { cause: error },
    );
  }
}

function commandFor({ type }: ProfileCredentials, profile: string): string | undefined {
  if (type === 'sso') return `aws sso login --profile ${profile}`;
  return type === 'login-session' ? `aws login --profile ${profile}` : undefined;
}

/** A repository's config file must not be able to name a program that we then run. */
function requireOwnProgram(io: Io, { place, words: [program] }: CredentialProcess): void {
  const key = 'credential_process';
  const source = judgeProgramSource(place.path, programSourceRules(io.accountHomeDirectory));
  if (source.type === 'refused') {
    throw new StepupError('program-source-unsafe', { key, program, path: place.path, fault: source.fault });
  }
  if (source.type === 'needs-approval') {
    throw new StepupError('program-source-unapproved', { key, program, path: source.path, sha256: source.sha256 });
  }
}
