/** Condition keys in lower case with their values, beside those that every request has. */
export type ContextEntries = readonly (readonly [key: string, values: readonly string[]])[];

/** What the transport knows of a request and conditions may ask for. */
export interface RequestFacts {
  /** The caller's address, without a port. */
  readonly sourceIp: string;
  /** True over TLS. */
  readonly secureTransport: boolean;
  /** The region of the credential scope. */
  readonly region: string;
  readonly userAgent?: string;
  readonly referer?: string;
}
