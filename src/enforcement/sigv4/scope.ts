import type { SignedRequest } from '../signed-request.ts';

/** `KEYID/YYYYMMDD/region/service/aws4_request`, in parts. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

/** The scope that a request claims, for routing; nothing is verified. Undefined if there is none that can be read. */
export declare function claimedScope(request: SignedRequest): CredentialScope | undefined;
