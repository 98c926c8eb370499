import type { Readable } from 'node:stream';

/** What goes back over the wire; Date and the connection's headers are Node's. */
export interface Answer {
  readonly status: number;
  /** In the form `writeHead` takes without copying: name, value, name, value… Content-Length is added. */
  readonly headers: readonly string[];
  readonly body: AnswerBody;
}

export type AnswerBody = string | AnswerStream;

/** `length` in bytes; the stream gives just as many. There is none in the answer to a HEAD. */
export interface AnswerStream {
  readonly length: number;
  readonly stream?: Readable;
}
