import { IncomingMessage } from 'node:http';

const names = [
  'authorization',
  'content-length',
  // Node asks for this one itself, and for `host`.
  'expect',
  'host',
  'origin',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'transfer-encoding',
  'user-agent',
] as const;

type LocalHeaderName = (typeof names)[number];

/** The headers that local servers read; what stands on several lines is joined by commas (RFC 9110, 5.3). */
export type LocalHeaders = { readonly [Name in LocalHeaderName]?: string | undefined };

/**
 * A request to a local server. It looks for a header among the lines when it is asked for one, where Node would put all
 * of them into an object for each request: that takes an eighth of all that a bare server does.
 */
export class LoopbackRequest extends IncomingMessage {
  declare readonly headers: LocalHeaders;
}

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

for (const name of names) {
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
    value = value === undefined ? lines[at + 1] : `${value}, ${lines[at + 1]}`;
  }
  return value;
}
