import { describe, expect, it } from 'vitest';
import { parseForm } from '../server/form.ts';
import { operations } from './operations.ts';
import { routeOf } from './routes.ts';

function route(method: string, target: string, headers: readonly string[] = []) {
  const [path = '', query = ''] = target.split('?');
  return routeOf(method, path, parseForm(query), (name) => headers.includes(name));
}

describe('a route of S3', () => {
  it.each([
    ['GET', '/', 'ListBuckets'],
    ['PUT', '/b', 'CreateBucket'],
    ['PUT', '/b/', 'CreateBucket'],
    ['HEAD', '/b', 'HeadBucket'],
    ['DELETE', '/b', 'DeleteBucket'],
    ['GET', '/b?location', 'GetBucketLocation'],
    ['GET', '/b?policy', 'GetBucketPolicy'],
    ['PUT', '/b?policy=', 'PutBucketPolicy'],
    ['DELETE', '/b?policy', 'DeleteBucketPolicy'],
    ['GET', '/b?prefix=a', 'ListObjects'],
    ['GET', '/b?list-type=2&prefix=policy', 'ListObjectsV2'],
    ['POST', '/b?delete', 'DeleteObjects'],
    ['GET', '/b/k?x-id=GetObject', 'GetObject'],
    ['HEAD', '/b/k', 'HeadObject'],
    ['PUT', '/b/k', 'PutObject'],
    ['DELETE', '/b/k', 'DeleteObject'],
  ])('%s %s is %s, which there is', (method, target, operation) => {
    expect(route(method, target).operation).toBe(operation);
    expect(operations).toHaveProperty(operation);
  });

  it.each(['//', '//k', '///'])('has no bucket without a name: %s', (target) => {
    expect(() => route('GET', target)).toThrow(expect.objectContaining({ code: 'InvalidBucketName', status: 400 }));
  });

  it.each([
    ['POST', '/b/k?uploads', 'CreateMultipartUpload'],
    ['PUT', '/b/k?partNumber=1&uploadId=x', 'UploadPart'],
    ['GET', '/b?versioning', 'GetBucketVersioning'],
    ['PUT', '/b/k?tagging', 'PutObjectTagging'],
    ['GET', '/b/k?versionId=1', 'GetObject of a version'],
    ['GET', '/b?acl', 'GetBucketAcl'],
  ])('%s %s is %s, which there is not', (method, target, operation) => {
    expect(route(method, target).operation).toBe(operation);
    expect(operations).not.toHaveProperty(operation);
  });

  it('tells a copy by its header', () => {
    expect(route('PUT', '/b/k', ['x-amz-copy-source']).operation).toBe('CopyObject');
  });

  it('decodes bucket and key, and takes no key for a path', () => {
    expect(route('GET', '/b/a%2Fb/../c%20d%C3%BC')).toEqual({
      operation: 'GetObject',
      bucketName: 'b',
      key: 'a/b/../c dü',
    });
    expect(route('GET', '/b//k')).toMatchObject({ bucketName: 'b', key: '/k' });
    expect(() => route('GET', '/b/%ff')).toThrow(expect.objectContaining({ code: 'InvalidURI' }));
    expect(() => route('GET', `/b/${'é'.repeat(513)}`)).toThrow(expect.objectContaining({ code: 'KeyTooLongError' }));
    expect(route('GET', `/b/${'k'.repeat(1024)}`).key).toHaveLength(1024);
  });

  it.each([
    ['PATCH', '/b'],
    ['DELETE', '/'],
    ['POST', '/b?policy'],
    ['GET', '/b/k?policy'],
    ['constructor', '/b'],
  ])('%s %s is no method for it', (method, target) => {
    expect(() => route(method, target)).toThrow(expect.objectContaining({ code: 'MethodNotAllowed', status: 405 }));
  });
});
