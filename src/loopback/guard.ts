import type { LoopbackRequest } from './request.ts';

/** What of a request the guard looks at. */
export type LocalRequest = Pick<LoopbackRequest, 'method' | 'target' | 'headers'>;

/**
 * `program`: asked by programs only. `page`: a person's browser may also open it, as a whole page and by GET.
 * `form`: such a page's form may be posted, from its own origin.
 */
export type LocalAudience = 'program' | 'page' | 'form';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The local HTTP contract: why a request may not be served here, or undefined when it may. It keeps out what a web page
 * can make a browser send, and names that were rebound to 127.0.0.1: Host must be loopback with our port, and a
 * request that says it comes from a page (`Origin`, `Sec-Fetch-Site`) is refused. Node's own fetch sends only
 * `Sec-Fetch-Mode`, which says nothing about pages and is let through.
 */
export function refuseForeignRequest(
  request: LocalRequest,
  port: number,
  audience: LocalAudience = 'program',
): string | undefined {
  const { headers } = request;
  if (!isLoopbackHost(headers.host, port)) return `Host must be 127.0.0.1:${port} or localhost:${port}`;
  if (!request.target.startsWith('/')) return 'the request target must be a path';
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  if (origin === undefined && site === undefined) return undefined;
  if (audience !== 'program' && isPageNavigation(request)) return undefined;
  if (audience === 'form' && isOwnForm(request)) return undefined;
  return 'requests made by web pages are refused here';
}

/** `127.0.0.1:PORT`, `localhost:PORT` or `[::1]:PORT`; the port may be left out when it is 80. */
function isLoopbackHost(host: string | undefined, port: number): boolean {
  if (host === undefined) return false;
  const colon = host.lastIndexOf(':');
  const hasPort = colon > host.lastIndexOf(']');
  const name = hasPort ? host.slice(0, colon) : host;
  const hostPort = hasPort ? host.slice(colon + 1) : '80';
  return hostPort === String(port) && loopbackNames.has(name.toLowerCase());
}

/** A person opened the address: typed, clicked or redirected, in a tab of its own (not in a frame, not by script). */
function isPageNavigation({ method, headers }: LocalRequest): boolean {
  return (
    method === 'GET' &&
    headers.origin === undefined &&
    headers['sec-fetch-dest'] === 'document' &&
    headers['sec-fetch-mode'] === 'navigate'
  );
}

function isOwnForm({ method, headers }: LocalRequest): boolean {
  return (
    method === 'POST' &&
    headers.origin === `http://${headers.host}` &&
    (headers['sec-fetch-site'] === undefined || headers['sec-fetch-site'] === 'same-origin')
  );
}
