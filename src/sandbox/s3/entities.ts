import type { ChecksumAlgorithm } from '../../enforcement/checksum/algorithms.ts';

/** Rows of the tables that S3 keeps (see `tables.ts`); times are epoch milliseconds on the authority's clock. */
export interface Bucket {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly createdAtMs: number;
  /** The bucket policy as `principals.ts` keeps it: the ARNs of users and roles are their unique ids. */
  readonly policy?: string;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** Names the body: a file of the data folder, or a buffer in memory. */
  readonly bodyId: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** The body's MD5 in hex, which is S3's ETag for a single PUT. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly base64: string };
  readonly contentType: string;
  /** Further headers given back as they came: `cache-control`, `content-encoding` and their siblings. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-amz-meta-NAME` by NAME. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Key of the table `objects`. A bucket's name holds no slash, so keys of one bucket stand together. */
export function objectKey(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
