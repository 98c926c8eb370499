/**
 * Console sign-in with temporary credentials, through AWS's federation endpoint.
 * Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
 */
import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../aws/credentials.ts';
import { partitionOfRegion } from '../aws/partitions.ts';
import { StepupError } from '../errors.ts';

interface ConsoleHosts {
  readonly signIn: string;
  readonly console: string;
}

/** By partition. The isolated partitions' hosts aren't published: there, name one. */
const consoleHosts: Readonly<Record<string, ConsoleHosts>> = {
  aws: { signIn: 'signin.aws.amazon.com', console: 'console.aws.amazon.com' },
  'aws-us-gov': { signIn: 'signin.amazonaws-us-gov.com', console: 'console.amazonaws-us-gov.com' },
  'aws-cn': { signIn: 'signin.amazonaws.cn', console: 'console.amazonaws.cn' },
  'aws-eusc': { signIn: 'signin.amazonaws-eusc.eu', console: 'console.amazonaws-eusc.eu' },
};

export interface SignInWish {
  readonly credentials: Credentials;
  readonly region?: string;
  /** `s3`, `ec2`, `cloudwatch`: the console's own path. */
  readonly service?: string;
  /** A whole address in the console; wins over `service`. */
  readonly destination?: string;
  /** 900 to 43200. AWS takes it only for a role that wasn't chained; left out, the session lasts as long as the credentials. */
  readonly sessionDurationSeconds?: number;
  /** An endpoint in place of AWS's own (the sandbox's): `http://127.0.0.1:4566`. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
}

const timeoutMs = 20_000;

/**
 * The address that signs a browser in. It is as good as the credentials for 15 minutes: it goes to the browser by
 * `one-shot.ts`, never into an argv.
 *
 * @throws StepupError `console-unknown-partition`; `console-refused` with AWS's status; `endpoint-unreachable`; `usage`
 * for a destination outside the console
 */
export async function signInUrl(wish: SignInWish): Promise<URL> {
  const { federation, home } = hostsFor(wish);
  const destination = destinationOf(wish, home);
  const session = {
    sessionId: wish.credentials.accessKeyId,
    sessionKey: wish.credentials.secretAccessKey,
    sessionToken: wish.credentials.sessionToken ?? '',
  };
  const tokenUrl = new URL(federation);
  tokenUrl.searchParams.set('Action', 'getSigninToken');
  if (wish.sessionDurationSeconds !== undefined) {
    tokenUrl.searchParams.set('SessionDuration', String(wish.sessionDurationSeconds));
  }
  tokenUrl.searchParams.set('Session', JSON.stringify(session));
  const signInToken = await fetchSignInToken(tokenUrl, wish.signal);

  const url = new URL(federation);
  url.searchParams.set('Action', 'login');
  url.searchParams.set('Issuer', 'stepup');
  url.searchParams.set('Destination', destination.href);
  url.searchParams.set('SigninToken', signInToken);
  return url;
}

function hostsFor({ region, endpoint }: SignInWish): { readonly federation: URL; readonly home: URL } {
  if (endpoint !== undefined)
    return { federation: new URL('/federation', endpoint), home: new URL('/console', endpoint) };
  // It becomes a part of a host's name, and nothing of it may end that name.
  if (region !== undefined && !/^[a-z0-9-]{1,64}$/.test(region)) {
    throw new StepupError('usage', { problem: '--region takes the name of a region, such as eu-west-1' });
  }
  const partition = partitionOfRegion(region ?? 'us-east-1').name;
  const hosts = consoleHosts[partition];
  if (hosts === undefined) throw new StepupError('console-unknown-partition', { partition });
  const regional = region === undefined ? hosts.console : `${region}.${hosts.console}`;
  return { federation: new URL(`https://${hosts.signIn}/federation`), home: new URL(`https://${regional}/`) };
}

function destinationOf({ service, destination, region }: SignInWish, home: URL): URL {
  if (destination !== undefined) {
    const url = URL.canParse(destination) ? new URL(destination) : undefined;
    // A sign-in that ends elsewhere would hand the browser to whoever named the address.
    const isConsole =
      url !== undefined && (url.host === home.host || (url.protocol === 'https:' && isConsoleHost(url)));
    if (!isConsole) throw new StepupError('usage', { problem: '--destination must be an address of the AWS console' });
    return url;
  }
  if (service !== undefined && !/^[a-z0-9][a-z0-9/-]*$/i.test(service)) {
    throw new StepupError('usage', { problem: '--service takes the name of a console service, such as s3 or ec2' });
  }
  const url = new URL(
    service === undefined ? `${home.pathname.replace(/\/$/, '')}/console/home` : `/${service}/home`,
    home,
  );
  if (region !== undefined) url.searchParams.set('region', region);
  return url;
}

function isConsoleHost(url: URL): boolean {
  return Object.values(consoleHosts).some(
    ({ console: host }) => url.hostname === host || url.hostname.endsWith(`.${host}`),
  );
}

async function fetchSignInToken(url: URL, signal: AbortSignal | undefined): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let answer: Answer;
  try {
    answer = await get(url, signal === undefined ? deadline : AbortSignal.any([deadline, signal]));
  } catch (error) {
    signal?.throwIfAborted();
    throw new StepupError('endpoint-unreachable', {
      host: url.host,
      problem: deadline.aborted ? 'timeout' : 'broken-off',
      // The system's code only: a message may hold the address, and the address holds the credentials.
      detail: error instanceof Error && 'code' in error ? String(error.code) : 'no answer',
      sent: true,
    });
  }
  const token = answer.status === 200 ? tokenOf(answer.text) : undefined;
  if (token === undefined) throw new StepupError('console-refused', { host: url.host, status: answer.status });
  return token;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Far above any answer of the federation endpoint. */
const maxAnswerCharacters = 64 * 1024;

/** Not `fetch`, which takes any certificate where NODE_TLS_REJECT_UNAUTHORIZED says so. Follows no redirect. */
async function get(url: URL, signal: AbortSignal): Promise<Answer> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent: false, rejectUnauthorized: true, signal }, resolve).on('error', reject).end();
  });
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > maxAnswerCharacters) break;
  }
  return { status: incoming.statusCode ?? 0, text };
}

function tokenOf(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const token =
      typeof answer === 'object' && answer !== null && 'SigninToken' in answer ? answer.SigninToken : undefined;
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}
