import { describe, expect, it } from 'vitest';
import { type CallOptions, testBucket } from '../../../test/support/s3-bucket.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets.ts';
import { putObject } from './put-object.ts';

function configuration(region: string): string {
  return `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
}

function setUp() {
  const bucket = testBucket();
  return {
    ...bucket,
    create: (bucketName: string, region = 'us-east-1', options: CallOptions = {}, accountId = '111122223333') =>
      createBucket({ ...bucket.call(options), bucketName, region, accountId }),
  };
}

function refusal(code: string, status = 400) {
  return expect.objectContaining({ code, status });
}

describe('the name of a bucket', () => {
  it.each(['abc', 'a-b', 'a.b.c', '1ab', 'a'.repeat(63), '1.2.3.4a'])('%s is good', (name) => {
    expect(setUp().create(name)).toEqual({ status: 200, headers: { Location: `/${name}` } });
  });

  it.each([
    'ab',
    'a'.repeat(64),
    'Abc',
    'a_b',
    '-ab',
    'ab-',
    'a..b',
    'a.-b',
    '.ab',
    '1.2.3.4',
    'xn--abc',
    'abc-s3alias',
    'abc--ol-s3',
    'a b',
    '_stepup',
  ])('%s is not', (name) => {
    expect(() => setUp().create(name)).toThrow(refusal('InvalidBucketName'));
  });
});

describe('the region of a bucket', () => {
  it.each([
    ['us-east-1', '', 'us-east-1'],
    ['us-east-1', '<CreateBucketConfiguration/>', 'us-east-1'],
    ['us-east-1', configuration('eu-west-1'), 'eu-west-1'],
    ['eu-west-1', configuration('eu-west-1'), 'eu-west-1'],
  ])('signed for %s with %s is %s', (signed, body, region) => {
    const { create, store } = setUp();
    create('made', signed, { body });
    expect(store.get('buckets', 'made')?.region).toBe(region);
  });

  it.each([
    ['eu-west-1', '', 'IllegalLocationConstraintException'],
    ['eu-west-1', configuration('eu-central-1'), 'IllegalLocationConstraintException'],
    ['us-east-1', configuration('us-east-1'), 'InvalidLocationConstraint'],
    ['us-east-1', configuration('Mars'), 'InvalidLocationConstraint'],
    ['us-east-1', '<Wrong/>', 'MalformedXML'],
    ['us-east-1', 'not xml', 'MalformedXML'],
  ])('signed for %s with %s is refused', (signed, body, code) => {
    const { create, store } = setUp();
    expect(() => create('made', signed, { body })).toThrow(refusal(code));
    expect(store.get('buckets', 'made')).toBeUndefined();
  });

  it('is shown, us-east-1 by its absence', () => {
    const { create, call, store } = setUp();
    create('made', 'eu-west-1', { body: configuration('eu-west-1') });
    expect(getBucketLocation(call()).body).toContain('"></LocationConstraint>');
    const made = { ...call(), bucket: store.get('buckets', 'made')! };
    expect(getBucketLocation(made).body).toContain('>eu-west-1</LocationConstraint>');
    expect(headBucket(made).headers).toMatchObject({ 'x-amz-bucket-region': 'eu-west-1' });
  });
});

describe('a bucket that is there already', () => {
  it("is no error for its owner in us-east-1, but one elsewhere, and is nobody else's", () => {
    const { create } = setUp();
    create('mine');
    expect(create('mine').status).toBe(200);
    const body = configuration('eu-west-1');
    create('far', 'eu-west-1', { body });
    expect(() => create('far', 'eu-west-1', { body })).toThrow(refusal('BucketAlreadyOwnedByYou', 409));
    expect(() => create('far')).toThrow(refusal('BucketAlreadyOwnedByYou', 409));
    expect(() => create('mine', 'us-east-1', {}, '444455556666')).toThrow(refusal('BucketAlreadyExists', 409));
  });

  it('can be deleted only when it is empty', async () => {
    const { call, objectCall, store } = setUp();
    await putObject(objectCall('a'));
    expect(() => deleteBucket(call())).toThrow(refusal('BucketNotEmpty', 409));
    store.commit([{ table: 'objects', key: 'tests/a', value: null }]);
    expect(deleteBucket(call())).toEqual({ status: 204 });
    expect(store.get('buckets', 'tests')).toBeUndefined();
  });
});

it('refuses what it would not honour', () => {
  const { create } = setUp();
  const withHeader = (name: string, value: string) => () => create('made', 'us-east-1', { headers: { [name]: value } });
  expect(withHeader('x-amz-acl', 'public-read')).toThrow(refusal('InvalidBucketAclWithObjectOwnership'));
  expect(withHeader('x-amz-grant-read', 'id=1')).toThrow(refusal('InvalidBucketAclWithObjectOwnership'));
  expect(withHeader('x-amz-object-ownership', 'ObjectWriter')).toThrow(refusal('NotImplemented', 501));
  expect(withHeader('x-amz-bucket-object-lock-enabled', 'True')).toThrow(refusal('NotImplemented', 501));
  expect(withHeader('x-amz-acl', 'private')().status).toBe(200);
});

describe("the list of one's buckets", () => {
  it('has pages, and filters', () => {
    const { create, call } = setUp();
    create('alpha');
    create('beta', 'eu-west-1', { body: configuration('eu-west-1') });
    create('gamma', 'us-east-1', {}, '444455556666');
    const names = (query: Record<string, string>) => {
      const body = String(listBuckets(call({ query })).body);
      return [...body.matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name);
    };
    expect(names({})).toEqual(['alpha', 'beta', 'tests']);
    expect(names({ prefix: 'b' })).toEqual(['beta']);
    expect(names({ 'bucket-region': 'eu-west-1' })).toEqual(['beta']);
    const first = String(listBuckets(call({ query: { 'max-buckets': '2' } })).body);
    const token = /<ContinuationToken>(.*)<\/ContinuationToken>/.exec(first)?.[1] ?? '';
    expect(names({ 'max-buckets': '2', 'continuation-token': token })).toEqual(['tests']);
    expect(() => names({ 'max-buckets': '0' })).toThrow(refusal('InvalidArgument'));
  });
});
