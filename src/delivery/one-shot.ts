import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Answer } from '../loopback/answer.ts';
import { refuseForeignRequest } from '../loopback/guard.ts';
import { listenOnLoopback } from '../loopback/listen.ts';

export interface OneShotAddress {
  /** What the browser is given: safe in an argv, for it is worth one fetch within the time, and that one is the browser's. */
  readonly url: string;
  /** How it ended; the server is closed by then. */
  readonly ended: Promise<OneShotEnding>;
  /** Gives up: nobody can fetch it any more. */
  cancel(): Promise<void>;
}

/** `fetchedTwice`: somebody else asked as well, before or after; the first got the address. */
export type OneShotEnding = { readonly type: 'fetched'; readonly fetchedTwice: boolean } | { readonly type: 'unused' };

export interface OneShotOptions {
  readonly target: URL;
  readonly lifetimeMs?: number;
  /** How long we watch for a second fetch after the first. */
  readonly watchMs?: number;
}

const defaultLifetimeMs = 30_000;
const defaultWatchMs = 2_000;
/** A GET has none; one that has counts all the same. */
const maxBodyBytes = 1024;

/**
 * A loopback address that redirects once to a secret one. Other programs of this machine can read the browser's argv:
 * they see this address, and whoever fetches it first wins; a second fetch is reported, because then one of the two
 * wasn't the browser.
 *
 * @throws StepupError `port-in-use`
 */
export async function offerOnce({ target, lifetimeMs, watchMs }: OneShotOptions): Promise<OneShotAddress> {
  const nonce = randomBytes(24).toString('base64url');
  const path = Buffer.from(`/${nonce}`);
  let fetches = 0;
  let isOver = false;
  let end: (ending: OneShotEnding) => void = () => undefined;
  const ended = new Promise<OneShotEnding>((resolve) => {
    end = (ending) => {
      isOver = true;
      resolve(ending);
    };
  });
  let watching: NodeJS.Timeout | undefined;

  const fetched = (): Answer => {
    fetches += 1;
    // The last requests are still answered, but nobody hears of a fetch any more.
    if (fetches > 1 || isOver) return bodiless(410);
    clearTimeout(expiry);
    watching = setTimeout(() => end({ type: 'fetched', fetchedTwice: fetches > 1 }), watchMs ?? defaultWatchMs);
    return bodiless(302, ['location', target.href]);
  };

  const server = await listenOnLoopback({
    port: 0,
    graceMs: 200,
    handler: {
      admit: (request, port) => {
        const asked = Buffer.from(request.target);
        const fits = asked.length === path.length && timingSafeEqual(asked, path);
        const isMeant = refuseForeignRequest(request, port, 'page') === undefined && request.method === 'GET' && fits;
        return isMeant ? maxBodyBytes : bodiless(404);
      },
      answer: fetched,
      refuseTooLarge: fetched,
    },
  });
  const expiry = setTimeout(() => end({ type: 'unused' }), lifetimeMs ?? defaultLifetimeMs);
  return {
    url: `${server.origin}/${nonce}`,
    ended: ended.then(async (ending) => {
      clearTimeout(expiry);
      clearTimeout(watching);
      await server.close();
      return ending;
    }),
    cancel: async () => {
      end({ type: 'unused' });
      await ended;
    },
  };
}

function bodiless(status: number, headers: readonly string[] = []): Answer {
  return { status, headers: ['cache-control', 'no-store', 'referrer-policy', 'no-referrer', ...headers], body: '' };
}
