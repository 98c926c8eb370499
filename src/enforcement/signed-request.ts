/**
 * A request as it came over the wire, free of any transport: what a signature is checked against. Nothing is decoded;
 * a signature covers bytes, not meanings.
 */
export interface SignedRequest {
  readonly method: string;
  /** The path as sent, percent-escapes and all, without the query. */
  readonly rawPath: string;
  /** What stands after the first `?`; empty if nothing does. */
  readonly rawQuery: string;
  /**
   * Name, value, name, value… as sent, two entries for each line: Node's `IncomingMessage.rawHeaders`. A request has a
   * dozen lines and is asked for half of them: to put them in order first takes longer than to look for those.
   */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** The only or the first value of a header. */
export function header({ headers }: SignedRequest, nameInLowerCase: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    if (isNamed(headers[at], nameInLowerCase)) return headers[at + 1];
  }
  return undefined;
}

/** The values of every line of a header, in their order. */
export function headerValues({ headers }: SignedRequest, nameInLowerCase: string): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    if (isNamed(headers[at], nameInLowerCase)) values.push(headers[at + 1] ?? '');
  }
  return values;
}

/** Every header by its name in lower case, with its only or first value. */
export function headersByName({ headers }: SignedRequest): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase();
    if (!values.has(name)) values.set(name, headers[at + 1] ?? '');
  }
  return values;
}

/** Most names differ in length already, and need no copy in lower case to be told apart. */
function isNamed(name: string | undefined, nameInLowerCase: string): boolean {
  return name?.length === nameInLowerCase.length && name.toLowerCase() === nameInLowerCase;
}
