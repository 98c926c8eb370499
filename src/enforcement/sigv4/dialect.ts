/**
 * How families of AWS services differ in their handling of signatures: as data, and as the words of their refusals.
 * `queryDialect` (STS, IAM and their like) and `s3Dialect` are the two.
 */
import type { Refusal } from '../refusal.ts';
import type { PathEncoding } from './canonical-request.ts';

/** Where a request carries its signature: in the Authorization header, or presigned, in the query. */
export type SignatureForm = 'header' | 'query';

export interface Dialect {
  readonly pathEncoding: PathEncoding;
  /** How far the date of a signature in the header may be from the machine's clock. */
  readonly maxSkewSeconds: number;
  /** A presigned request says how long it is valid: whether it must, and the longest that counts. */
  readonly presigned: { readonly expiresRequired: boolean; readonly maxValiditySeconds: number };
  /** `hashed`: the signature covers the body that came; `declared`: it covers what `x-amz-content-sha256` says of it. */
  readonly payload: 'hashed' | 'declared';
  /** Whether every `x-amz-` header that is there has to be signed. */
  readonly signsEveryAmzHeader: boolean;
  readonly refuse: Refusals;
}

/** What a refusal of a wrong signature lets the client see, to find its error. No secret follows from it. */
export interface Mismatch {
  readonly accessKeyId: string;
  readonly signatureProvided: string;
  readonly stringToSign: string;
  /** Absent for the signature of a chunk. */
  readonly canonicalRequest?: string | undefined;
}

export interface Refusals {
  readonly noAuthentication: () => Refusal;
  readonly bothForms: () => Refusal;
  readonly otherMechanism: (authorization: string) => Refusal;
  /** Parts of the Authorization header that are missing or empty. */
  readonly incompleteHeader: (missing: readonly string[], authorization: string) => Refusal;
  readonly incompleteQuery: () => Refusal;
  readonly malformedCredential: (form: SignatureForm, credential: string) => Refusal;
  readonly noDate: (authorization: string) => Refusal;
  readonly malformedDate: (form: SignatureForm, date: string) => Refusal;
  readonly expiresNotANumber: () => Refusal;
  readonly expiresNegative: () => Refusal;
  readonly expiresTooLong: () => Refusal;
  readonly wrongRegion: (form: SignatureForm, region: string, expected: string) => Refusal;
  readonly wrongService: (form: SignatureForm, service: string, expected: string) => Refusal;
  readonly wrongTerminator: (form: SignatureForm, terminator: string) => Refusal;
  readonly wrongScopeDate: (form: SignatureForm, scopeDate: string, timestamp: string) => Refusal;
  readonly tooOld: (signedAtMs: number, nowMs: number, skewSeconds: number) => Refusal;
  readonly tooNew: (signedAtMs: number, nowMs: number, skewSeconds: number) => Refusal;
  readonly presignedExpired: (signedAtMs: number, validitySeconds: number, nowMs: number) => Refusal;
  readonly presignedTooNew: (signedAtMs: number, nowMs: number, skewSeconds: number) => Refusal;
  /** No such key, an inactive one, or one whose user is gone: AWS doesn't tell them apart. */
  readonly unknownKey: (accessKeyId: string) => Refusal;
  /** A token that isn't ours, was altered, or belongs to another key. */
  readonly invalidToken: () => Refusal;
  readonly expiredToken: () => Refusal;
  readonly headersNotSigned: (names: readonly string[]) => Refusal;
  readonly signatureMismatch: (mismatch: Mismatch) => Refusal;
}
