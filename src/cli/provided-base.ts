/** A base that signs in by itself: a program or one of the SDK's providers, and what to do when they give nothing. */
import type { Credentials } from '../aws/credentials.ts';
import { type AmbientSignIn, providedCredentials, type SignIn } from '../aws/provided.ts';
import { StepupError } from '../errors.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import type { CredentialProcess, ProfileCredentials } from '../profiles/credentials.ts';
import { regionOf, type ServiceName } from '../profiles/endpoint-settings.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import type { ProvidedBase } from '../sessions/route.ts';
import { customEndpoint } from './custom-endpoint.ts';
import type { Io } from './io.ts';
import { processCredentials } from './process-credentials.ts';

/** The services that get what a sign-in holds. */
const SERVICES: Readonly<Partial<Record<SignIn['type'], ServiceName>>> = {
  sso: 'sso',
  'login-session': 'signin',
  'web-identity': 'sts',
};

/** @throws StepupError `base-without-credentials`, `base-refused`, `code-destination`; `program-…` for a program that may not run */
export async function providedBase(io: Io, { profile, by }: ProvidedBase): Promise<Credentials> {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const resolved = resolveProfile(files, profile, io.env);
  const signIn = signInOf(by, resolved.credentials);
  if (signIn.type === 'credential-process') return processCredentials(io, profile, signIn);
  const service = SERVICES[signIn.type];
  const endpoint = service === undefined ? undefined : customEndpoint(io, files, profile, service);
  let isRefused = false;
  const onRefusal = (): void => {
    isRefused = true;
  };
  try {
    return await providedCredentials(signIn, { region: regionOf(resolved, io.env), endpoint }, onRefusal);
  } catch (error) {
    const [detail = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const fields = { base: profile, detail, ...commandFor(signIn, profile) };
    throw new StepupError(isRefused ? 'base-refused' : 'base-without-credentials', fields, { cause: error });
  }
}

type ProfileSignIn = CredentialProcess | Extract<ProfileCredentials, { readonly type: SignIn['type'] }>;

function signInOf(by: ProvidedBase['by'], credentials: ProfileCredentials): ProfileSignIn | AmbientSignIn {
  if (by === 'environment' || by === 'container' || by === 'instance') return { type: by };
  if (credentials.type === by) return credentials;
  throw new StepupError('internal', { problem: `a base that signs in by ${by} turned into ${credentials.type}` });
}

function commandFor({ type }: SignIn, profile: string): { readonly command?: string } {
  const commands: Readonly<Partial<Record<SignIn['type'], string>>> = {
    sso: `aws sso login --profile ${profile}`,
    'login-session': `aws login --profile ${profile}`,
  };
  const command = commands[type];
  return command === undefined ? {} : { command };
}
