/** Credentials of bases that have no key of ours to keep, by the SDK's own providers: they know each way to sign in. */
import { Agent } from 'node:https';
// All at once: as CommonJS packages they can't be imported one by one out of a bundle.
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { fromLoginCredentials } from '@aws-sdk/credential-provider-login';
import { fromSSO } from '@aws-sdk/credential-provider-sso';
import { fromTokenFile } from '@aws-sdk/credential-provider-web-identity';
import { externalDataInterceptor } from '@smithy/core/config';
import { fromInstanceMetadata } from '@smithy/credential-provider-imds';
import type { Credentials } from './credentials.ts';

/** How a base signs in by itself. */
export type SignIn =
  | {
      readonly type: 'sso';
      readonly startUrl: string;
      readonly region: string;
      readonly accountId: string;
      readonly roleName: string;
      readonly session?: string;
    }
  | { readonly type: 'login-session'; readonly identity: string }
  | {
      readonly type: 'web-identity';
      readonly tokenFile: string;
      readonly roleArn: string;
      readonly roleSessionName?: string;
    }
  | AmbientSignIn;

/** What no profile holds: `credential_source`. */
export interface AmbientSignIn {
  readonly type: 'environment' | 'container' | 'instance';
}

export interface SignInPlace {
  readonly region: string | undefined;
  /** A custom endpoint, to which the sign-in's own secrets may go; undefined for AWS's own. */
  readonly endpoint: string | undefined;
}

/** What the SDK's providers answer. */
interface Provided {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
}

const connectTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;

/**
 * What the sign-in gives now. Throws the SDK's errors.
 * @param onRefusal called before the error where AWS had answered: the providers' own errors don't tell
 */
export async function providedCredentials(
  signIn: SignIn,
  place: SignInPlace,
  onRefusal: () => void,
): Promise<Credentials> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = await provide(signIn, place, onRefusal);
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration !== undefined && { expiresAtMs: expiration.getTime() }),
    ...(accountId !== undefined && { accountId }),
  };
}

function provide(signIn: SignIn, place: SignInPlace, onRefusal: () => void): Promise<Provided> {
  const clientConfig = { ...clientConfigFor(place), logger: refusalLogger(onRefusal) };
  switch (signIn.type) {
    case 'sso':
      return fromSSO({ ...profileOf(signIn, place), clientConfig })();
    case 'login-session':
      return fromLoginCredentials({ ...profileOf(signIn, place), clientConfig })();
    case 'web-identity': {
      const { tokenFile: webIdentityTokenFile, roleArn, roleSessionName } = signIn;
      const named = roleSessionName === undefined ? {} : { roleSessionName };
      return fromTokenFile({ webIdentityTokenFile, roleArn, ...named, clientConfig })();
    }
    case 'environment':
      return fromEnv()();
    case 'container':
      return fromHttp()();
    case 'instance':
      return fromInstanceMetadata()();
  }
}

/**
 * The SDK's clients would take an endpoint from the environment or from another profile, and any certificate where
 * NODE_TLS_REJECT_UNAUTHORIZED says so: where a sign-in's token goes was decided before.
 */
function clientConfigFor({ region, endpoint }: SignInPlace) {
  return {
    ...(region !== undefined && { region }),
    ...(endpoint === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint }),
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: new Agent({ rejectUnauthorized: true }),
    },
  };
}

/** The SDK's clients tell their logger of each call that failed, with the status of the answer if there was one. */
function refusalLogger(onRefusal: () => void) {
  const ignore = (): void => undefined;
  return {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (call: { readonly metadata?: { readonly httpStatusCode?: number } }) => {
      if (call.metadata?.httpStatusCode !== undefined) onRefusal();
    },
  };
}

/**
 * The sign-in as a profile of a file that only the SDK sees: it reads some files otherwise than the AWS CLI does (names
 * with spaces, included profiles, two ways to sign in), and what we have resolved is what must be done.
 */
function profileOf(signIn: SignIn, { region }: SignInPlace) {
  const profile = 'stepup';
  const lines = [`[profile ${profile}]`, ...(region === undefined ? [] : [`region = ${region}`]), ...keysOf(signIn)];
  const configFilepath = `/stepup/${encodeURIComponent(lines.join('\n'))}`;
  externalDataInterceptor.interceptFile(configFilepath, `${lines.join('\n')}\n`);
  const filepath = '/stepup/none';
  externalDataInterceptor.interceptFile(filepath, '');
  return { profile, configFilepath, filepath };
}

function keysOf(signIn: SignIn): readonly string[] {
  switch (signIn.type) {
    case 'sso': {
      const place = [`sso_start_url = ${signIn.startUrl}`, `sso_region = ${signIn.region}`];
      const who = [`sso_account_id = ${signIn.accountId}`, `sso_role_name = ${signIn.roleName}`];
      const { session } = signIn;
      return session === undefined
        ? [...who, ...place]
        : [...who, `sso_session = ${session}`, `[sso-session ${session}]`, ...place];
    }
    case 'login-session':
      return [`login_session = ${signIn.identity}`];
    default:
      return [];
  }
}
