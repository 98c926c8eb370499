import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Credentials, formatInstant } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import { refuseForeignRequest } from '../loopback/guard.ts';
import { type LoopbackServer, listenOnLoopback } from '../loopback/listen.ts';
import type { LoopbackRequest } from '../loopback/request.ts';

export interface ServedProfile {
  readonly name: string;
  /** At least 128 random bits, each profile its own: it opens this profile and no other. */
  readonly token: string;
  readonly roleArn?: string;
  /** Credentials that work now. `mayAsk` false: without asking a person; rejects then where only a code would help. */
  readonly credentials: (options: { readonly mayAsk: boolean }) => Promise<Credentials>;
}

export interface ContainerEndpointOptions {
  /** 0: one that is free. */
  readonly port: number;
  readonly profiles: readonly ServedProfile[];
  /** What a client is told when there are no credentials; never a secret. */
  readonly describe: (error: unknown) => { readonly code: string; readonly message: string };
  /** How long a request waits for credentials: botocore gives up after 2 seconds, the SDK for JavaScript after one. */
  readonly patienceMs?: number;
}

export interface ContainerEndpoint extends LoopbackServer {
  /** The value of `AWS_CONTAINER_CREDENTIALS_FULL_URI` for a profile. */
  urlOf(profileName: string): string;
}

/**
 * The container credentials endpoint that every SDK can read ("Container credential provider", AWS SDKs and Tools
 * Reference Guide). Requests that come together share one answer; a person is asked once, and not again until
 * somebody has made the session good: clients retry, and none of them may turn that into a storm of prompts.
 *
 * @throws StepupError `port-in-use`
 */
export async function serveContainerCredentials(options: ContainerEndpointOptions): Promise<ContainerEndpoint> {
  const routes = new Map<string, Route>();
  for (const profile of options.profiles) routes.set(pathOf(profile.name), new Route(profile));
  const server = await listenOnLoopback({
    port: options.port,
    handle: async (request, response, port) => {
      const refused = refuseForeignRequest(request, port);
      if (refused !== undefined) return answer(response, 403, { code: 'Forbidden', message: refused });
      if (request.method !== 'GET') return answer(response, 405, { code: 'MethodNotAllowed', message: 'only GET' });
      const route = routes.get(request.url ?? '');
      // The same answer for a path that isn't there and a token that doesn't fit: names can't be probed.
      if (route === undefined || !route.opens(request)) {
        return answer(response, 401, {
          code: 'Unauthorized',
          message: 'the authorization token is not the one of this profile',
        });
      }
      try {
        answer(
          response,
          200,
          containerJson(await withinPatience(route.credentials(), options.patienceMs ?? 1_500), route.profile.roleArn),
        );
      } catch (error) {
        // 4xx: SDKs retry a 5xx at once and many times, and no retry brings a code.
        answer(response, 400, options.describe(error));
      }
    },
  });
  return { ...server, urlOf: (profileName) => `${server.origin}${pathOf(profileName)}` };
}

function pathOf(profileName: string): string {
  return `/credentials/${encodeURIComponent(profileName)}`;
}

class Route {
  readonly profile: ServedProfile;
  readonly #tokenHash: Buffer;
  #underWay: Promise<Credentials> | undefined;
  #asked = false;

  constructor(profile: ServedProfile) {
    this.profile = profile;
    this.#tokenHash = sha256(profile.token);
  }

  opens(request: LoopbackRequest): boolean {
    return timingSafeEqual(sha256(request.headers.authorization ?? ''), this.#tokenHash);
  }

  credentials(): Promise<Credentials> {
    this.#underWay ??= this.#fetch().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #fetch(): Promise<Credentials> {
    const mayAsk = !this.#asked;
    this.#asked = true;
    const credentials = await this.profile.credentials({ mayAsk });
    this.#asked = false;
    return credentials;
  }
}

/** Ends the wait, not the work: the code that a person types later serves the next request. */
async function withinPatience(credentials: Promise<Credentials>, patienceMs: number): Promise<Credentials> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StepupError('credentials-pending', {})), patienceMs);
  });
  credentials.catch(() => undefined);
  try {
    return await Promise.race([credentials, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function containerJson(credentials: Credentials, roleArn: string | undefined): Readonly<Record<string, string>> {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    ...(credentials.sessionToken !== undefined && { Token: credentials.sessionToken }),
    ...(credentials.expiresAtMs !== undefined && { Expiration: formatInstant(credentials.expiresAtMs) }),
    ...(roleArn !== undefined && { RoleArn: roleArn }),
  };
}

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
