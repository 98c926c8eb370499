/**
 * What an operation of S3 is made of: a row that says what must be allowed (Service Authorization Reference, Actions
 * for Amazon S3) and a handler that does it. The endpoint authorises by the row before it calls the handler.
 */
import type { Caller } from '../../enforcement/caller.ts';
import type { ContextEntries } from '../../enforcement/context.ts';
import type { AnswerBody } from '../../loopback/answer.ts';
import type { Randomness } from '../operation.ts';
import type { Store } from '../store.ts';
import type { Bodies } from './bodies.ts';
import type { Bucket } from './entities.ts';

export interface S3Call {
  readonly caller: Caller;
  readonly accountId: string;
  /** The region of the credential scope. */
  readonly region: string;
  readonly query: ReadonlyMap<string, string>;
  /** The first value of a request header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Every request header, by name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Without chunk framing. */
  readonly body: Buffer;
  /** Trailing headers of the body, verified. */
  readonly trailers: ReadonlyMap<string, string>;
  readonly nowMs: number;
  readonly store: Store;
  readonly bodies: Bodies;
  readonly random: Randomness;
  /** Throws Refusal unless the caller may do this to that. For what only the handler knows to ask. */
  readonly authorise: (action: string, resource: string) => void;
}

export interface BucketCall extends S3Call {
  readonly bucket: Bucket;
}

export interface ObjectCall extends BucketCall {
  readonly key: string;
}

/** CreateBucket names a bucket that isn't there yet, or is somebody's. */
export interface NewBucketCall extends S3Call {
  readonly bucketName: string;
}

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** XML if it is a string and no Content-Type says otherwise. */
  readonly body?: AnswerBody;
}

/** The part of an operation that speaks of its own kind of call. */
export interface Row<Call> {
  /** Its IAM action; `null` where the handler asks for each thing it touches. */
  readonly action: string | null;
  readonly context?: (call: Call) => ContextEntries;
  readonly handle: (call: Call) => S3Answer | Promise<S3Answer>;
}

/** `on` says what the resource is: nothing in particular, a bucket (there or about to be), or an object. */
export type S3Operation =
  | ({ readonly on: 'account' } & Row<S3Call>)
  | ({ readonly on: 'new-bucket' } & Row<NewBucketCall>)
  | ({ readonly on: 'bucket' } & Row<BucketCall>)
  | ({ readonly on: 'object' } & Row<ObjectCall>);

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

/** One condition key for each query parameter or header that is there. */
export function contextOf(
  value: (name: string) => string | undefined,
  keys: Readonly<Record<string, string>>,
): ContextEntries {
  return Object.entries(keys).flatMap(([name, key]) => {
    const found = value(name);
    return found === undefined ? [] : [[key, [found]] as const];
  });
}
