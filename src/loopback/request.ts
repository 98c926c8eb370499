import type { Socket } from 'node:net';
import { headersIn, type LocalHeaders } from './headers.ts';

/** A request to a local server, all but its body. */
export class LoopbackRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Name, value, name, value… as sent, two entries for each line. */
  readonly rawHeaders: readonly string[];
  readonly headers: LocalHeaders;
  readonly #socket: Socket;

  constructor(method: string, target: string, rawHeaders: readonly string[], socket: Socket) {
    this.method = method;
    this.target = target;
    this.rawHeaders = rawHeaders;
    this.headers = headersIn(rawHeaders);
    this.#socket = socket;
  }

  /** Undefined once the client is gone. */
  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }
}
