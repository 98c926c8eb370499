import { continuationToken, positionOf } from './continuation.ts';
import type { Bucket } from './entities.ts';
import type { S3Call } from './operation.ts';
import { invalidArgument } from './refusals.ts';

/** A page of the caller's buckets (S3 API Reference, ListBuckets). */
export function pageOfBuckets({ accountId, store, query }: S3Call): {
  readonly buckets: readonly Bucket[];
  readonly continuationToken: string | undefined;
} {
  const region = query.get('bucket-region');
  const after = positionOf(query.get('continuation-token'));
  const found = store
    .list('buckets', query.get('prefix') ?? '')
    .filter((bucket) => bucket.accountId === accountId)
    .filter((bucket) => region === undefined || bucket.region === region)
    .filter(({ name }) => after === undefined || name > after);
  const buckets = found.slice(0, mostBuckets(query.get('max-buckets')));
  const last = buckets.at(-1);
  const goesOn = buckets.length < found.length && last !== undefined;
  return { buckets, continuationToken: goesOn ? continuationToken(last.name) : undefined };
}

function mostBuckets(text: string | undefined): number {
  if (text === undefined) return 10_000;
  const most = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (most < 1 || most > 10_000) {
    throw invalidArgument('Argument max-buckets must be an integer between 1 and 10000', 'max-buckets', text);
  }
  return most;
}
