import type { Authority } from './authority.ts';
import type { Caller } from './caller.ts';
import type { SignedRequest } from './signed-request.ts';
import type { Dialect } from './sigv4/dialect.ts';

/** The service that a request must have been signed for. */
export interface SignedService {
  /** As in the credential scope: `sts`, `iam`, `s3`. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Regions that the scope may name; `any`: every name that has the shape of a region. */
  readonly regions: 'any' | readonly string[];
}

export interface Authenticated {
  readonly caller: Caller;
  /** The region of the credential scope. */
  readonly region: string;
  /** The body without chunk framing: equal to the request's own unless it was sent in `aws-chunked` form. */
  readonly body: Buffer;
  /** Trailing headers of an `aws-chunked` body by name in lower case, checksums already verified. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Who signed this request? Throws Refusal in the words of the service's dialect. */
export declare function authenticate(
  request: SignedRequest,
  service: SignedService,
  authority: Authority,
): Authenticated;
