import { Refusal } from '../../enforcement/refusal.ts';
import type { Parameters } from '../operation.ts';

/** What a request asks of S3, by method, path and query alone. */
export interface S3Route {
  /** By the name of its API: `PutObject`. */
  readonly operation: string;
  readonly bucketName?: string;
  readonly key?: string;
}

type Level = 'service' | 'bucket' | 'object';
type ByMethod = Readonly<Record<string, string>>;

/** Without a subresource in the query. */
const plain: Readonly<Record<Level, ByMethod>> = {
  service: { GET: 'ListBuckets' },
  bucket: {
    GET: 'ListObjects',
    HEAD: 'HeadBucket',
    PUT: 'CreateBucket',
    DELETE: 'DeleteBucket',
    POST: 'PostObject',
  },
  object: {
    GET: 'GetObject',
    HEAD: 'HeadObject',
    PUT: 'PutObject',
    DELETE: 'DeleteObject',
    POST: 'PostObject',
    OPTIONS: 'a CORS preflight',
  },
};

const readWrite = (noun: string): ByMethod => ({ GET: `Get${noun}`, PUT: `Put${noun}`, DELETE: `Delete${noun}` });
const configurations = (noun: string): ByMethod => readWrite(`Bucket${noun}Configuration`);

/** Parameters that turn a request into another operation; the first of these that is there decides. */
const subresources: Readonly<Record<string, Readonly<Partial<Record<Level, ByMethod>>>>> = {
  uploadId: {
    object: { GET: 'ListParts', PUT: 'UploadPart', POST: 'CompleteMultipartUpload', DELETE: 'AbortMultipartUpload' },
  },
  uploads: { bucket: { GET: 'ListMultipartUploads' }, object: { POST: 'CreateMultipartUpload' } },
  'list-type': { bucket: { GET: 'ListObjectsV2' } },
  location: { bucket: { GET: 'GetBucketLocation' } },
  policy: { bucket: readWrite('BucketPolicy') },
  delete: { bucket: { POST: 'DeleteObjects' } },
  acl: { bucket: readWrite('BucketAcl'), object: readWrite('ObjectAcl') },
  tagging: { bucket: readWrite('BucketTagging'), object: readWrite('ObjectTagging') },
  versioning: { bucket: readWrite('BucketVersioning') },
  versions: { bucket: { GET: 'ListObjectVersions' } },
  policyStatus: { bucket: { GET: 'GetBucketPolicyStatus' } },
  publicAccessBlock: { bucket: readWrite('PublicAccessBlock') },
  ownershipControls: { bucket: readWrite('BucketOwnershipControls') },
  encryption: { bucket: readWrite('BucketEncryption') },
  lifecycle: { bucket: readWrite('BucketLifecycleConfiguration') },
  cors: { bucket: readWrite('BucketCors') },
  website: { bucket: readWrite('BucketWebsite') },
  logging: { bucket: readWrite('BucketLogging') },
  notification: { bucket: readWrite('BucketNotificationConfiguration') },
  replication: { bucket: readWrite('BucketReplication') },
  requestPayment: { bucket: readWrite('BucketRequestPayment') },
  accelerate: { bucket: readWrite('BucketAccelerateConfiguration') },
  analytics: { bucket: configurations('Analytics') },
  inventory: { bucket: configurations('Inventory') },
  metrics: { bucket: configurations('Metrics') },
  'intelligent-tiering': { bucket: configurations('IntelligentTiering') },
  metadataTable: { bucket: configurations('MetadataTable') },
  metadataConfiguration: { bucket: configurations('Metadata') },
  'object-lock': { bucket: readWrite('ObjectLockConfiguration') },
  session: { bucket: { GET: 'CreateSession' } },
  attributes: { object: { GET: 'GetObjectAttributes' } },
  'legal-hold': { object: readWrite('ObjectLegalHold') },
  retention: { object: readWrite('ObjectRetention') },
  restore: { object: { POST: 'RestoreObject' } },
  select: { object: { POST: 'SelectObjectContent' } },
  torrent: { object: { GET: 'GetObjectTorrent' } },
  renameObject: { object: { PUT: 'RenameObject' } },
  partNumber: { object: { GET: 'GetObject of one part', HEAD: 'HeadObject of one part' } },
  versionId: {
    object: { GET: 'GetObject of a version', HEAD: 'HeadObject of a version', DELETE: 'DeleteObject of a version' },
  },
};

/**
 * Path-style addresses only: `/BUCKET/KEY`.
 *
 * @throws Refusal `InvalidURI`, `InvalidBucketName`, `KeyTooLongError`, `MethodNotAllowed`
 */
export function routeOf(
  method: string,
  rawPath: string,
  query: Parameters,
  hasHeader: (name: string) => boolean,
): S3Route {
  const slash = rawPath.indexOf('/', 1);
  const bucketName = decodePath(slash === -1 ? rawPath.slice(1) : rawPath.slice(1, slash));
  const key = slash === -1 ? '' : decodePath(rawPath.slice(slash + 1));
  if (Buffer.byteLength(key) > 1024) {
    throw new Refusal('KeyTooLongError', 400, 'Your key is too long', { MaxSizeAllowed: '1024' });
  }
  if (bucketName === '' && rawPath !== '/') {
    throw new Refusal('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: bucketName });
  }
  const level = bucketName === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const operation = operationOf(level, method, query, hasHeader);
  if (operation === undefined) {
    const message = 'The specified method is not allowed against this resource.';
    throw new Refusal('MethodNotAllowed', 405, message, { Method: method, ResourceType: level.toUpperCase() });
  }
  return { operation, ...(level === 'service' ? {} : { bucketName }), ...(level === 'object' ? { key } : {}) };
}

function operationOf(
  level: Level,
  method: string,
  query: Parameters,
  hasHeader: (name: string) => boolean,
): string | undefined {
  const subresource = Object.entries(subresources).find(([name]) => query.has(name));
  if (subresource !== undefined) return ownValue(subresource[1][level], method);
  const operation = ownValue(plain[level], method);
  if (operation === 'PutObject' && hasHeader('x-amz-copy-source')) return 'CopyObject';
  return operation;
}

function ownValue(byMethod: ByMethod | undefined, method: string): string | undefined {
  return byMethod !== undefined && Object.hasOwn(byMethod, method) ? byMethod[method] : undefined;
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal('InvalidURI', 400, "Couldn't parse the specified URI.", { URI: text });
  }
}
