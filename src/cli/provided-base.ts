/** A base that signs in by itself: the SDK's providers, what may run, and what to do when they give nothing. */
import type { Credentials } from '../aws/credentials.ts';
import { type AmbientSignIn, providedCredentials, type SignIn } from '../aws/provided.ts';
import { StepupError } from '../errors.ts';
import { judgeProgramSource, programSourceRules } from '../files/program-source.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import type { CredentialProcess, ProfileCredentials } from '../profiles/credentials.ts';
import { regionOf, type ServiceName } from '../profiles/endpoint-settings.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import type { ProvidedBase } from '../sessions/route.ts';
import { withApproval } from './approved-program.ts';
import { customEndpoint } from './custom-endpoint.ts';
import type { Io } from './io.ts';

/** The services that get what a sign-in holds. */
const SERVICES: Readonly<Partial<Record<SignIn['type'], ServiceName>>> = {
  sso: 'sso',
  'login-session': 'signin',
  'web-identity': 'sts',
};

/** @throws StepupError `base-without-credentials`, `program-source-unsafe`, `program-source-unapproved`, `code-destination` */
export async function providedBase(io: Io, { profile, by }: ProvidedBase): Promise<Credentials> {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const resolved = resolveProfile(files, profile, io.env);
  const signIn = signInOf(by, resolved.credentials);
  if (signIn.type === 'credential-process') await requireOwnProgram(io, signIn);
  const service = SERVICES[signIn.type];
  const endpoint = service === undefined ? undefined : customEndpoint(io, files, profile, service);
  try {
    return await providedCredentials(signIn, { region: regionOf(resolved, io.env), endpoint });
  } catch (error) {
    throw new StepupError(
      'base-without-credentials',
      { base: profile, detail: firstLineOf(error), ...commandFor(signIn, profile) },
      { cause: error },
    );
  }
}

type ProfileSignIn = Extract<ProfileCredentials, { readonly type: SignIn['type'] }>;

function signInOf(by: ProvidedBase['by'], credentials: ProfileCredentials): ProfileSignIn | AmbientSignIn {
  if (by === 'environment' || by === 'container' || by === 'instance') return { type: by };
  if (credentials.type === by) return credentials;
  throw new StepupError('internal', { problem: `a base that signs in by ${by} turned into ${credentials.type}` });
}

/** Node puts the whole command line of a `credential_process` before what it said. */
function firstLineOf(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  const said = lines[0]?.startsWith('Command failed:') ? lines.slice(1).find((line) => line.trim() !== '') : undefined;
  return said ?? lines[0] ?? '';
}

function commandFor({ type }: SignIn, profile: string): { readonly command?: string } {
  const commands: Readonly<Partial<Record<SignIn['type'], string>>> = {
    sso: `aws sso login --profile ${profile}`,
    'login-session': `aws login --profile ${profile}`,
  };
  const command = commands[type];
  return command === undefined ? {} : { command };
}

/** A repository's config file must not be able to name a program that we then run. */
async function requireOwnProgram(io: Io, { place, words: [program] }: CredentialProcess): Promise<void> {
  const key = 'credential_process';
  await withApproval(io, () => {
    const source = judgeProgramSource(place.path, programSourceRules(io.accountHomeDirectory));
    if (source.type === 'refused') {
      throw new StepupError('program-source-unsafe', { key, program, path: place.path, fault: source.fault });
    }
    if (source.type === 'needs-approval') {
      throw new StepupError('program-source-unapproved', { key, program, path: source.path, sha256: source.sha256 });
    }
  });
}
