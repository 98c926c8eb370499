import type { ContextEntries } from '../../enforcement/context.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './bucket-policy.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
  locationConstraint,
} from './buckets.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { type BucketCall, contextOf, type NewBucketCall, type ObjectCall, type S3Operation } from './operation.ts';
import { putObject } from './put-object.ts';

/**
 * Every operation that the sandbox has, by its API's name. Actions, resources and condition keys after the Service
 * Authorization Reference, Actions, resources, and condition keys for Amazon S3.
 */
export const operations: Readonly<Record<string, S3Operation>> = {
  ListBuckets: { on: 'account', action: 's3:ListAllMyBuckets', handle: listBuckets },
  CreateBucket: { on: 'new-bucket', action: 's3:CreateBucket', context: creationContext, handle: createBucket },
  HeadBucket: { on: 'bucket', action: 's3:ListBucket', handle: headBucket },
  DeleteBucket: { on: 'bucket', action: 's3:DeleteBucket', handle: deleteBucket },
  GetBucketLocation: { on: 'bucket', action: 's3:GetBucketLocation', handle: getBucketLocation },
  GetBucketPolicy: { on: 'bucket', action: 's3:GetBucketPolicy', handle: getBucketPolicy },
  PutBucketPolicy: { on: 'bucket', action: 's3:PutBucketPolicy', handle: putBucketPolicy },
  DeleteBucketPolicy: { on: 'bucket', action: 's3:DeleteBucketPolicy', handle: deleteBucketPolicy },
  ListObjects: { on: 'bucket', action: 's3:ListBucket', context: listContext, handle: listObjects },
  ListObjectsV2: { on: 'bucket', action: 's3:ListBucket', context: listContext, handle: listObjectsV2 },
  DeleteObjects: { on: 'bucket', action: null, handle: deleteObjects },
  GetObject: { on: 'object', action: 's3:GetObject', handle: getObject },
  HeadObject: { on: 'object', action: 's3:GetObject', handle: headObject },
  PutObject: { on: 'object', action: 's3:PutObject', context: writeContext, handle: putObject },
  DeleteObject: { on: 'object', action: 's3:DeleteObject', context: writeContext, handle: deleteObject },
};

function listContext({ query }: BucketCall): ContextEntries {
  return contextOf((name) => query.get(name), {
    prefix: 's3:prefix',
    delimiter: 's3:delimiter',
    'max-keys': 's3:max-keys',
  });
}

function creationContext({ body, header }: NewBucketCall): ContextEntries {
  const constraint = locationConstraint(body);
  return [
    ...(constraint === undefined ? [] : [['s3:locationconstraint', [constraint]] as const]),
    ...contextOf(header, { 'x-amz-acl': 's3:x-amz-acl', 'x-amz-object-ownership': 's3:x-amz-object-ownership' }),
  ];
}

function writeContext({ header }: ObjectCall): ContextEntries {
  return contextOf(header, {
    'x-amz-acl': 's3:x-amz-acl',
    'x-amz-server-side-encryption': 's3:x-amz-server-side-encryption',
    'x-amz-storage-class': 's3:x-amz-storage-class',
    'if-match': 's3:if-match',
    'if-none-match': 's3:if-none-match',
  });
}
