import { Refusal } from '../../enforcement/refusal.ts';
import { pageOfBuckets } from './bucket-page.ts';
import type { Bucket } from './entities.ts';
import { objectKey } from './entities.ts';
import type { BucketCall, NewBucketCall, S3Answer, S3Call } from './operation.ts';
import { ownerOf } from './owner.ts';
import { malformedXml, notImplemented } from './refusals.ts';
import { wireTime } from './wire.ts';
import { parseS3Document, printS3Document } from './xml.ts';

const nameForm = /^(?=.{3,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const addressForm = /^\d+\.\d+\.\d+\.\d+$/;
/** S3 User Guide, General purpose bucket naming rules. */
const reservedName = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
const regionForm = /^[a-z]{2,3}(?:-[a-z]+)+-\d$/;
const firstRegion = 'us-east-1';

export function listBuckets(call: S3Call): S3Answer {
  const page = pageOfBuckets(call);
  const body = printS3Document('ListAllMyBucketsResult', {
    Owner: ownerOf(call.accountId),
    Buckets: {
      Bucket: page.buckets.map(({ name, createdAtMs, region }) => ({
        Name: name,
        CreationDate: wireTime(createdAtMs),
        BucketRegion: region,
      })),
    },
    ContinuationToken: page.continuationToken,
    Prefix: call.query.get('prefix'),
  });
  return { status: 200, body };
}

/**
 * S3 API Reference, CreateBucket: a request signed for us-east-1 may make a bucket anywhere; one signed for another
 * region only there, and must say so. A bucket of one's own that is there already is no error in us-east-1.
 */
export function createBucket(call: NewBucketCall): S3Answer {
  const { bucketName: name, accountId, region: signedRegion, store, nowMs } = call;
  if (!nameForm.test(name) || addressForm.test(name) || reservedName.test(name)) {
    throw new Refusal('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name });
  }
  refuseUnsupported(call);
  const region = regionOf(call.body, signedRegion);
  const existing = store.get('buckets', name);
  if (existing !== undefined) {
    const isNoError = existing.accountId === accountId && existing.region === firstRegion && region === firstRegion;
    if (!isNoError) throw existsAlready(existing, accountId);
  } else {
    store.commit([{ table: 'buckets', key: name, value: { name, accountId, region, createdAtMs: nowMs } }]);
  }
  return { status: 200, headers: { Location: `/${name}` } };
}

export function headBucket({ bucket }: BucketCall): S3Answer {
  return {
    status: 200,
    headers: {
      'x-amz-bucket-region': bucket.region,
      'x-amz-access-point-alias': 'false',
      'Content-Type': 'application/xml',
    },
  };
}

export function deleteBucket({ bucket, store }: BucketCall): S3Answer {
  if (store.list('objects', objectKey(bucket.name, '')).length > 0) {
    const message = 'The bucket you tried to delete is not empty';
    throw new Refusal('BucketNotEmpty', 409, message, { BucketName: bucket.name });
  }
  store.commit([{ table: 'buckets', key: bucket.name, value: null }]);
  return { status: 204 };
}

/** us-east-1 is the region that has no name here. */
export function getBucketLocation({ bucket }: BucketCall): S3Answer {
  const location = bucket.region === firstRegion ? '' : bucket.region;
  return { status: 200, body: printS3Document('LocationConstraint', location) };
}

/** The LocationConstraint that a CreateBucket asks for, if any: also a condition key. */
export function locationConstraint(body: Buffer): string | undefined {
  if (body.length === 0) return undefined;
  const configuration = parseS3Document(body, 'CreateBucketConfiguration');
  if (configuration === '') return undefined;
  if (typeof configuration !== 'object' || configuration === null) throw malformedXml();
  for (const [element, value] of Object.entries(configuration)) {
    if (element === '#text' && typeof value === 'string' && value.trim() === '') continue;
    if (element !== 'LocationConstraint') throw notImplemented(`CreateBucketConfiguration with ${element}`);
    if (typeof value !== 'string') throw malformedXml();
  }
  const constraint = (configuration as { readonly LocationConstraint?: string }).LocationConstraint;
  return constraint === '' ? undefined : constraint;
}

function regionOf(body: Buffer, signedRegion: string): string {
  const asked = locationConstraint(body);
  if (asked === undefined && signedRegion === firstRegion) return firstRegion;
  if (asked !== undefined && (asked === firstRegion || !regionForm.test(asked))) {
    const message = 'The specified location-constraint is not valid';
    throw new Refusal('InvalidLocationConstraint', 400, message, { LocationConstraint: asked });
  }
  if (asked === undefined || (signedRegion !== firstRegion && asked !== signedRegion)) {
    const message = `The ${asked ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`;
    throw new Refusal('IllegalLocationConstraintException', 400, message);
  }
  return asked;
}

/** ACLs have been off for new buckets since April 2023. */
function refuseUnsupported({ headers, header }: S3Call): void {
  const acl = header('x-amz-acl');
  const hasGrant = [...headers.keys()].some((name) => name.startsWith('x-amz-grant-'));
  if (hasGrant || (acl !== undefined && acl !== 'private')) {
    const message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
    throw new Refusal('InvalidBucketAclWithObjectOwnership', 400, message);
  }
  if (header('x-amz-object-ownership') !== undefined && header('x-amz-object-ownership') !== 'BucketOwnerEnforced') {
    throw notImplemented(`x-amz-object-ownership: ${header('x-amz-object-ownership')}`);
  }
  if (header('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true') throw notImplemented('Object Lock');
}

function existsAlready(existing: Bucket, accountId: string): Refusal {
  const details = { BucketName: existing.name };
  if (existing.accountId === accountId) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    return new Refusal('BucketAlreadyOwnedByYou', 409, message, details);
  }
  const message =
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.';
  return new Refusal('BucketAlreadyExists', 409, message, details);
}
