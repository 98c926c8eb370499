import { expect } from 'vitest';
import { hire } from '../harness/people.ts';
import { policyText } from '../harness/policy-text.ts';
import type { Step } from './stage.ts';

const Bucket = 'works-ledger';
const awkward = 'a b/ü+&%2F?#.txt';

export const objects: readonly Step[] = [
  {
    does: 'makes and finds buckets',
    async run({ s3, refused, otherAccount }) {
      await s3('CreateBucket', { Bucket });
      await s3('HeadBucket', { Bucket });
      const { Buckets } = await s3('ListBuckets');
      expect(Buckets).toMatchObject([{ Name: Bucket }]);
      expect((await s3('GetBucketLocation', { Bucket }))['LocationConstraint'] ?? null).toBeNull();
      const theirs = await refused('s3', 'CreateBucket', { Bucket }, otherAccount.root);
      expect(theirs.code).toBe('BucketAlreadyExists');
      expect((await refused('s3', 'CreateBucket', { Bucket: 'Not_A_Bucket' })).code).toBe('InvalidBucketName');
    },
  },
  {
    does: 'keeps objects, whatever they hold and are called',
    async run({ s3 }) {
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
      const put = await s3('PutObject', { Bucket, Key: awkward, Body: bytes, ContentType: 'application/x-test' });
      expect(put['ETag']).toMatch(/^"[0-9a-f]{32}"$/);
      const head = await s3('HeadObject', { Bucket, Key: awkward });
      expect(head).toMatchObject({ ContentLength: 70_000, ContentType: 'application/x-test', ETag: put['ETag'] });
      const got = await s3('GetObject', { Bucket, Key: awkward });
      expect(got['Body'].equals(bytes)).toBe(true);
      await s3('PutObject', { Bucket, Key: 'empty', Body: Buffer.alloc(0) });
      expect((await s3('GetObject', { Bucket, Key: 'empty' }))['Body']).toHaveLength(0);
    },
  },
  {
    does: 'lists by prefix and delimiter',
    async run({ s3 }) {
      for (const Key of ['logs/1', 'logs/2', 'logs/old/3'])
        await s3('PutObject', { Bucket, Key, Body: Buffer.from(Key) });
      const listed = await s3('ListObjectsV2', { Bucket, Prefix: 'logs/', Delimiter: '/' });
      expect(listed['Contents'].map((object: { Key: string }) => object.Key)).toEqual(['logs/1', 'logs/2']);
      expect(listed['CommonPrefixes']).toEqual([{ Prefix: 'logs/old/' }]);
      const older = await s3('ListObjects', { Bucket, Prefix: 'logs/' });
      expect(older['Contents']).toHaveLength(3);
      const all = await s3('ListObjectsV2', { Bucket });
      expect(all['Contents'].map((object: { Key: string }) => object.Key)).toContain(awkward);
    },
  },
  {
    does: 'lets others in by a bucket policy, and keeps them out by one',
    async run({ s3, refused, setUp, otherAccount }) {
      const guest = await hire(setUp, otherAccount, 'guest', [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]);
      const read = { Bucket, Key: 'logs/1' };
      expect((await refused('s3', 'GetObject', read, guest.key)).code).toBe('AccessDenied');
      const Resource = `arn:aws:s3:::${Bucket}/logs/*`;
      const allow = { Effect: 'Allow', Principal: { AWS: guest.arn }, Action: 's3:GetObject', Resource };
      await s3('PutBucketPolicy', { Bucket, Policy: policyText(allow) });
      expect(JSON.parse((await s3('GetBucketPolicy', { Bucket }))['Policy'])).toEqual(JSON.parse(policyText(allow)));
      expect((await s3('GetObject', read, guest.key))['Body'].toString()).toBe('logs/1');
      const deny = { ...allow, Effect: 'Deny', Principal: '*' };
      await s3('PutBucketPolicy', { Bucket, Policy: policyText(allow, deny) });
      expect((await refused('s3', 'GetObject', read, guest.key)).code).toBe('AccessDenied');
      await s3('DeleteBucketPolicy', { Bucket });
      expect((await refused('s3', 'GetBucketPolicy', { Bucket })).code).toBe('NoSuchBucketPolicy');
    },
  },
  {
    does: 'deletes objects, one and many, and then the bucket',
    async run({ s3, refused }) {
      expect((await refused('s3', 'DeleteBucket', { Bucket })).code).toBe('BucketNotEmpty');
      await s3('DeleteObject', { Bucket, Key: awkward });
      expect((await refused('s3', 'GetObject', { Bucket, Key: awkward })).code).toBe('NoSuchKey');
      const Objects = ['empty', 'logs/1', 'logs/2', 'logs/old/3'].map((Key) => ({ Key }));
      const deleted = await s3('DeleteObjects', { Bucket, Delete: { Objects } });
      expect(deleted['Deleted']).toHaveLength(4);
      await s3('DeleteBucket', { Bucket });
      expect((await s3('ListBuckets'))['Buckets'] ?? []).toEqual([]);
    },
  },
];
