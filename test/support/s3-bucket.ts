/** A bucket in memory for tests of S3's handlers: no HTTP, no signature, and everything allowed unless a test says no. */
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { rootArn } from '../../src/sandbox/arns.ts';
import { memoryBodies } from '../../src/sandbox/s3/bodies.ts';
import type { Bucket } from '../../src/sandbox/s3/entities.ts';
import type { BucketCall, ObjectCall, S3Answer } from '../../src/sandbox/s3/operation.ts';
import { createState } from '../../src/sandbox/state.ts';

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly trailers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly authorise?: ObjectCall['authorise'];
}

const ACCOUNT = '111122223333';

export function testBucket(name = 'tests') {
  const clock = { nowMs: Date.UTC(2026, 0, 2, 3, 4, 5) };
  const random = { bytes: randomBytes };
  const store = createState({ visibleAfterMs: 0, now: () => clock.nowMs });
  const bodies = memoryBodies(random);
  const created: Bucket = { name, accountId: ACCOUNT, region: 'us-east-1', createdAtMs: clock.nowMs };
  store.commit([{ table: 'buckets', key: name, value: created }]);

  function call({ query = {}, headers = {}, trailers = {}, body = '', authorise }: CallOptions = {}): BucketCall {
    const owner = { type: 'root', accountId: ACCOUNT, arn: rootArn(ACCOUNT), userId: ACCOUNT } as const;
    return {
      caller: { type: 'long-term', accessKeyId: 'AKIAROOTROOTROOTROOT', owner },
      accountId: ACCOUNT,
      region: 'us-east-1',
      query: new Map(Object.entries(query)),
      header: (header) => headers[header],
      headers: new Map(Object.entries(headers)),
      trailers: new Map(Object.entries(trailers)),
      body: Buffer.from(body),
      nowMs: clock.nowMs,
      store,
      bodies,
      random,
      authorise: authorise ?? (() => undefined),
      bucket: store.get('buckets', name) ?? created,
    };
  }

  return {
    clock,
    store,
    bodies,
    call,
    objectCall: (key: string, options?: CallOptions) => ({ ...call(options), key }),
  };
}

export async function textOf(answer: S3Answer): Promise<string> {
  const { body = '' } = answer;
  if (typeof body === 'string') return body;
  return body.stream === undefined ? '' : text(body.stream);
}
