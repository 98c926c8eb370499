/** The headers that local servers read, and which of several lines count: those that Node counts. */
const counted = {
  authorization: 'first',
  'content-length': 'first',
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

/**
 * Looks for a header among the lines when it is asked for one, where Node would put all of them into an object for each
 * request. `lines`: name, value, name, value…
 */
export function headersIn(lines: readonly string[]): LocalHeaders {
  return new HeaderLines(lines) as LocalHeaders;
}

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
