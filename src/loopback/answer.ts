import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';

/** What goes back over the wire; Date, Content-Length and the connection's headers are added. */
export interface Answer {
  readonly status: number;
  /** In the form `writeHead` takes without copying: name, value, name, value… */
  readonly headers: readonly string[];
  readonly body: AnswerBody;
}

export type AnswerBody = string | AnswerStream;

/** `length` in bytes; the stream gives just as many. There is none in the answer to a HEAD. */
export interface AnswerStream {
  readonly length: number;
  readonly stream?: Readable;
}

/** `cut`: the connection ends without an answer. `hang`: it stays open without one. */
export type Outcome = Answer | 'cut' | 'hang';

/** Throws TypeError or RangeError unless it can be written: a final status, and headers that are one line each. */
export function checkAnswer({ status, headers }: Answer): void {
  if (!Number.isInteger(status) || status < 200 || status > 999) throw new RangeError(`no status: ${status}`);
  if (headers.length % 2 === 1) throw new RangeError('a header without a value');
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    validateHeaderName(name);
    validateHeaderValue(name, headers[at + 1] ?? '');
  }
}

/** By its status alone (RFC 9110, 8.6). */
export function hasBody({ status }: Answer): boolean {
  return status !== 204 && status !== 304;
}

/** In bytes. */
export function lengthOf(body: AnswerBody): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}

export function headersWithLength(answer: Answer, lengthBytes: number): readonly string[] {
  return hasBody(answer) ? [...answer.headers, 'Content-Length', String(lengthBytes)] : answer.headers;
}

/** Lets go of a body that nobody gets. */
export function discard(body: AnswerBody | undefined): void {
  // Without a listener a failure to close would end the process.
  if (typeof body !== 'string') body?.stream?.on('error', () => undefined).destroy();
}
