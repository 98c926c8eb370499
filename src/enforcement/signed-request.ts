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
  /** By name in lower case, one entry for each line: Node's `IncomingMessage.headersDistinct`. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** The only or the first value of a header. */
export function header(request: SignedRequest, nameInLowerCase: string): string | undefined {
  return request.headers[nameInLowerCase]?.[0];
}
