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

/** In bytes. */
export function lengthOf(body: AnswerBody): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}

/** With their length: all answers but those that have no body by their status (RFC 9110, 8.6). */
export function headersWithLength({ status, headers }: Answer, lengthBytes: number): readonly string[] {
  return status === 204 || status === 304 ? headers : [...headers, 'Content-Length', String(lengthBytes)];
}
