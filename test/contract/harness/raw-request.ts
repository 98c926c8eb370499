/** Requests byte for byte as a test wants them, and what came back. */
import { connect } from 'node:net';
import type { Draft } from './sigv4.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends a draft as it is; Content-Length is added if it has none, and the connection is closed after the answer. */
export function send(port: number, draft: Draft): Promise<RawAnswer> {
  const target = draft.query === '' ? draft.path : `${draft.path}?${draft.query}`;
  const names = new Set(draft.headers.map(([name]) => name.toLowerCase()));
  const headers = [...draft.headers];
  if (!names.has('content-length') && !names.has('transfer-encoding')) {
    headers.push(['Content-Length', String(draft.body.length)]);
  }
  headers.push(['Connection', 'close']);
  const head = [`${draft.method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''];
  return sendBytes(port, Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), draft.body]));
}

/** The answer to whatever bytes; rejects if the server closes without one. */
export function sendBytes(port: number, bytes: Buffer, timeoutMs = 10_000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const chunks: Buffer[] = [];
    let broken: Error | undefined;
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer after ${timeoutMs} ms`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that refuses a long body closes while we still write: what it said before counts.
    socket.on('error', (error) => {
      broken = error;
    });
    socket.on('close', () => {
      const answer = parseAnswer(Buffer.concat(chunks));
      if (answer) resolve(answer);
      else reject(broken ?? new Error('the connection was closed without an answer'));
    });
  });
}

function parseAnswer(bytes: Buffer): RawAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const rest = bytes.subarray(end + 4);
  const body = headers.get('transfer-encoding') === 'chunked' ? joinChunks(rest) : rest.toString('utf8');
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}

function joinChunks(bytes: Buffer): string {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(parts).toString('utf8');
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** The text of the first element of this name; undefined if there is none. */
export function xmlText(xml: string, element: string): string | undefined {
  const text = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
  return text
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&#xD;', '\r')
    .replaceAll('&#xA;', '\n')
    .replaceAll('&amp;', '&');
}
