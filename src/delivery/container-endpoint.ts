import { hash, timingSafeEqual } from 'node:crypto';
import { type Credentials, formatInstant } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import type { Answer } from '../loopback/answer.ts';
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
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** An answer stands for those who come this soon after: to look anew at what is kept takes several times as long as to answer. */
const standsMs = 100;

/** A GET needs none. */
const maxBodyBytes = 1024;

export interface ContainerEndpoint extends LoopbackServer {
  /** The value of `AWS_CONTAINER_CREDENTIALS_FULL_URI` for a profile. */
  urlOf(profileName: string): string;
}

/**
 * The container credentials endpoint that every SDK can read ("Container credential provider", AWS SDKs and Tools
 * Reference Guide). Requests that come together, or almost, share one answer; a person is asked once, and not again until
 * somebody has made the session good: clients retry, and none of them may turn that into a storm of prompts.
 *
 * @throws StepupError `port-in-use`
 */
export async function serveContainerCredentials(options: ContainerEndpointOptions): Promise<ContainerEndpoint> {
  const routes = new Map<string, Route>();
  const now = options.now ?? Date.now;
  for (const profile of options.profiles) routes.set(pathOf(profile.name), new Route(profile, now));
  const server = await listenOnLoopback({
    port: options.port,
    handler: {
      admit: (request, port) => {
        const refused = refuseForeignRequest(request, port);
        if (refused !== undefined) return json(403, { code: 'Forbidden', message: refused });
        if (request.method !== 'GET') return json(405, { code: 'MethodNotAllowed', message: 'only GET' });
        return maxBodyBytes;
      },
      answer: (request) => {
        const route = routes.get(request.target);
        // The same answer for a path that isn't there and a token that doesn't fit: names can't be probed.
        if (route === undefined || !route.opens(request)) {
          const message = 'the authorization token is not the one of this profile';
          return json(401, { code: 'Unauthorized', message });
        }
        const answered = route.answer();
        if (typeof answered === 'string') return jsonText(200, answered);
        return withinPatience(answered, options.patienceMs ?? 1_500).then(
          (text) => jsonText(200, text),
          // 4xx: SDKs retry a 5xx at once and many times, and no retry brings a code.
          (error) => json(400, options.describe(error)),
        );
      },
    },
  });
  return { ...server, urlOf: (profileName) => `${server.origin}${pathOf(profileName)}` };
}

function pathOf(profileName: string): string {
  return `/credentials/${encodeURIComponent(profileName)}`;
}

class Route {
  readonly #profile: ServedProfile;
  readonly #now: () => number;
  readonly #tokenHash: Buffer;
  #underWay: Promise<string> | undefined;
  #standing: { readonly text: string; readonly sinceMs: number } | undefined;
  #asked = false;

  constructor(profile: ServedProfile, now: () => number) {
    this.#profile = profile;
    this.#now = now;
    this.#tokenHash = sha256(profile.token);
  }

  opens(request: LoopbackRequest): boolean {
    return timingSafeEqual(sha256(request.headers.authorization ?? ''), this.#tokenHash);
  }

  /** The JSON for a client: at once if it stands. */
  answer(): string | Promise<string> {
    if (this.#standing !== undefined) {
      // A machine that slept, or whose clock was moved, has nothing that stands.
      const ageMs = this.#now() - this.#standing.sinceMs;
      if (ageMs >= 0 && ageMs < standsMs) return this.#standing.text;
    }
    this.#underWay ??= this.#fetch().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #fetch(): Promise<string> {
    const mayAsk = !this.#asked;
    this.#asked = true;
    this.#standing = undefined;
    const credentials = await this.#profile.credentials({ mayAsk });
    this.#asked = false;
    const text = JSON.stringify(containerJson(credentials, this.#profile.roleArn));
    this.#standing = { text, sinceMs: this.#now() };
    return text;
  }
}

/** Ends the wait, not the work: the code that a person types later serves the next request. */
async function withinPatience<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StepupError('credentials-pending', {})), patienceMs);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, tooLong]);
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

function json(status: number, value: { readonly code: string; readonly message: string }): Answer {
  return jsonText(status, JSON.stringify(value));
}

function jsonText(status: number, body: string): Answer {
  return { status, headers: ['content-type', 'application/json', 'cache-control', 'no-store'], body };
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
