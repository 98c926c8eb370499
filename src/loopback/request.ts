import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** The headers that local servers read, and which of several lines count: those that Node counts. */
const counted = {
  authorization: 'first',
  'content-length': 'first',
  // Node asks for this one itself, and for `host`.
  expect: 'all',
  host: 'first',
  origin: 'all',
  referer: 'first',
  'sec-fetch-dest': 'all',
  'sec-fetch-mode': 'all',
  'sec-fetch-site': 'all',
  'transfer-encoding': 'all',
  'user-agent': 'first',
} as const satisfies Readonly<Record<string, 'first' | 'all'>>;

type LocalHeaderName = keyof typeof counted;

/** What stands on several lines is joined by commas, or is what the first of them says. */
export type LocalHeaders = { readonly [Name in LocalHeaderName]?: string | undefined };

/** Where a body goes, piece by piece. */
export interface BodySink {
  /** False: no more pieces, please. */
  take(piece: Buffer): boolean;
  end(): void;
  /** The client went away before the end. */
  breakOff(): void;
}

/**
 * A request to a local server. It looks for a header among the lines when it is asked for one, where Node would put all
 * of them into an object for each request: that takes an eighth of all that a bare server does.
 */
export class LoopbackRequest extends IncomingMessage {
  declare readonly headers: LocalHeaders;
  /** All of the body went to a sink; the stream has seen nothing of it. */
  bodyIsPoured = false;
  #sink: BodySink | undefined;

  /**
   * Hands the body to the sink as it comes, and no longer to those who read the stream. To be called in the turn in
   * which the request came, before the first piece. The stream's queue, ticks and events take a server an eighth of
   * what AssumeRole does.
   */
  pourInto(sink: BodySink | undefined): void {
    this.#sink = sink;
  }

  /** What Node's parser calls with each piece of the body, and with null at its end. */
  override push(piece: Buffer | null): boolean {
    if (this.#sink === undefined) return super.push(piece);
    if (piece !== null) return this.#sink.take(piece);
    this.bodyIsPoured = true;
    this.#sink.end();
    return false;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.complete) this.#sink?.breakOff();
    super._destroy(error, callback);
  }
}

const { get: isStreamEnded } = Object.getOwnPropertyDescriptor(Readable.prototype, 'readableEnded') ?? {};
// Node asks whether a body has come to its end: to let go of a request that is answered, and to tell one that was broken off.
Object.defineProperty(LoopbackRequest.prototype, 'readableEnded', {
  get(this: LoopbackRequest) {
    return this.bodyIsPoured || isStreamEnded?.call(this);
  },
});

// Node's types say that `headers` is a property, and TypeScript lets no accessor stand for one.
Object.defineProperty(LoopbackRequest.prototype, 'headers', {
  get(this: LoopbackRequest) {
    return new HeaderLines(this.rawHeaders);
  },
});

/** Has a getter for each name. */
class HeaderLines {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }
}

for (const name of Object.keys(counted) as LocalHeaderName[]) {
  Object.defineProperty(HeaderLines.prototype, name, {
    get(this: HeaderLines) {
      return valueIn(this.lines, name);
    },
  });
}

/** `lines`: name, value, name, value… */
function valueIn(lines: readonly string[], name: LocalHeaderName): string | undefined {
  let value: string | undefined;
  for (let at = 0; at < lines.length; at += 2) {
    const given = lines[at];
    if (given?.length !== name.length || given.toLowerCase() !== name) continue;
    if (counted[name] === 'first') return lines[at + 1];
    value = value === undefined ? lines[at + 1] : `${value}, ${lines[at + 1]}`;
  }
  return value;
}
