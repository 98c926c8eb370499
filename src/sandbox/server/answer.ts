import type { Readable } from 'node:stream';

/** What goes back over the wire; Date and the connection's headers are Node's. */
export interface Answer {
  readonly status: number;
  /** In the form `writeHead` takes without copying: name, value, name, value… Content-Length is added. */
  readonly headers: readonly string[];
  readonly body: string | AnswerStream;
}

export interface AnswerStream {
  readonly length: number;
  readonly stream: Readable;
}
