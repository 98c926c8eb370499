import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CallOptions, testBucket, textOf } from '../../../test/support/s3-bucket.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { getObject, headObject } from './get-object.ts';
import { putObject } from './put-object.ts';

function setUp() {
  const bucket = testBucket();
  return {
    ...bucket,
    put: (key: string, body: string, options: CallOptions = {}) =>
      putObject(bucket.objectCall(key, { ...options, body })),
    get: (key: string, options?: CallOptions) => getObject(bucket.objectCall(key, options)),
    head: (key: string, options?: CallOptions) => headObject(bucket.objectCall(key, options)),
  };
}

function refusal(code: string) {
  return expect.objectContaining({ name: 'Refusal', code });
}

const etag = '"5d41402abc4b2a76b9719d911017c592"';

describe('an object', () => {
  it('comes back as it was put, with its headers and metadata', async () => {
    const { put, get, head, clock } = setUp();
    const headers = {
      'content-type': 'text/plain',
      'content-encoding': 'aws-chunked,gzip',
      'cache-control': 'no-cache',
      'x-amz-meta-colour': 'blue',
      'x-amz-server-side-encryption': 'AES256',
    };
    expect(await put('a', 'hello', { headers })).toMatchObject({
      status: 200,
      headers: { ETag: etag, 'x-amz-checksum-type': 'FULL_OBJECT' },
    });
    clock.nowMs += 5_000;
    const got = get('a', { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    expect(await textOf(got)).toBe('hello');
    expect(got).toMatchObject({
      status: 200,
      headers: {
        ETag: etag,
        'Content-Type': 'text/plain',
        'content-encoding': 'gzip',
        'cache-control': 'no-cache',
        'x-amz-meta-colour': 'blue',
        'Last-Modified': 'Fri, 02 Jan 2026 03:04:05 GMT',
        'x-amz-checksum-crc64nvme': expect.any(String),
      },
    });
    expect(get('a').headers).not.toHaveProperty('x-amz-checksum-crc64nvme');
    expect(head('a')).toEqual({ ...get('a'), body: { length: 5 } });
  });

  it('may be empty, and have no type', async () => {
    const { put, get } = setUp();
    await put('a', '');
    expect(get('a')).toMatchObject({ status: 200, body: '', headers: { 'Content-Type': 'binary/octet-stream' } });
  });

  it('is given in parts', async () => {
    const { put, get, head } = setUp();
    await put('a', 'hello');
    const part = get('a', { headers: { range: 'bytes=1-2' } });
    expect(await textOf(part)).toBe('el');
    expect(part).toMatchObject({ status: 206, headers: { 'Content-Range': 'bytes 1-2/5' } });
    expect(head('a', { headers: { range: 'bytes=-1' } })).toMatchObject({ status: 206, body: { length: 1 } });
  });

  it('may be asked for under other headers, which can not break out of them', async () => {
    const { put, get } = setUp();
    await put('a', 'hello');
    const query = { 'response-content-type': 'text/html' };
    expect(get('a', { query }).headers).toMatchObject({ 'Content-Type': 'text/html' });
    expect(() => get('a', { query: { 'response-expires': 'now\r\nSet-Cookie: a=b' } })).toThrow(
      refusal('InvalidArgument'),
    );
  });

  it('is told of as missing only to those who may list', () => {
    const { get, head } = setUp();
    expect(() => get('missing')).toThrow(refusal('NoSuchKey'));
    const asked: string[] = [];
    const authorise = (action: string, resource: string) => {
      asked.push(`${action} ${resource}`);
      throw new Refusal('AccessDenied', 403, 'no');
    };
    expect(() => head('missing', { authorise })).toThrow(refusal('AccessDenied'));
    expect(asked).toEqual(['s3:ListBucket arn:aws:s3:::tests']);
  });

  it.each([
    ['x-amz-tagging', 'a=b', 'NotImplemented'],
    ['x-amz-storage-class', 'GLACIER', 'NotImplemented'],
    ['x-amz-server-side-encryption', 'aws:kms', 'NotImplemented'],
    ['x-amz-object-lock-mode', 'GOVERNANCE', 'NotImplemented'],
    ['x-amz-acl', 'public-read', 'AccessControlListNotSupported'],
    ['x-amz-grant-read', 'id=1', 'AccessControlListNotSupported'],
    ['x-amz-meta-long', 'x'.repeat(2048), 'MetadataTooLarge'],
    ['content-md5', 'AAAAAAAAAAAAAAAAAAAAAA==', 'BadDigest'],
  ])('with %s: %s is refused', async (name, value, code) => {
    const { put, store } = setUp();
    await expect(put('a', 'hello', { headers: { [name]: value } })).rejects.toEqual(refusal(code));
    expect(store.list('objects', '')).toEqual([]);
  });

  it('is replaced with its body', async () => {
    const { put, get, store, bodies } = setUp();
    await put('a', 'hello');
    const [first] = store.list('objects', '');
    const reading = get('a');
    await put('a', 'goodbye');
    expect(await textOf(get('a'))).toBe('goodbye');
    expect(await textOf(reading)).toBe('hello');
    expect(() => bodies.read(first?.bodyId ?? '', { first: 0, last: 1 })).toThrow();
  });

  it('is gone once deleted, and deleting it again is no error', async () => {
    const { put, get, objectCall, store, bodies } = setUp();
    await put('a', 'hello');
    const [object] = store.list('objects', '');
    expect(deleteObject(objectCall('a'))).toEqual({ status: 204 });
    expect(deleteObject(objectCall('a'))).toEqual({ status: 204 });
    expect(() => get('a')).toThrow(refusal('NoSuchKey'));
    expect(() => bodies.read(object?.bodyId ?? '', { first: 0, last: 1 })).toThrow();
  });

  it('does not outlive a commit that fails, nor a bucket that is deleted meanwhile', async () => {
    const { put, store, bodies } = setUp();
    const written: string[] = [];
    const { write } = bodies;
    Object.assign(bodies, {
      async write(body: Buffer) {
        const id = await write(body);
        written.push(id);
        return id;
      },
    });
    const putting = put('a', 'hello');
    store.commit([{ table: 'buckets', key: 'tests', value: null }]);
    await expect(putting).rejects.toEqual(refusal('NoSuchBucket'));
    expect(store.list('objects', '')).toEqual([]);
    expect(written).toHaveLength(1);
    expect(() => bodies.read(written[0] ?? '', { first: 0, last: 1 })).toThrow();
  });
});

describe('conditions', () => {
  const later = 'Sat, 03 Jan 2026 00:00:00 GMT';
  const earlier = 'Thu, 01 Jan 2026 00:00:00 GMT';
  const exactly = 'Fri, 02 Jan 2026 03:04:05 GMT';

  it.each([
    [{ 'if-match': etag }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': `"other", ${etag}` }, 200],
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': earlier }, 200],
    [{ 'if-modified-since': exactly }, 304],
    [{ 'if-modified-since': 'whenever' }, 200],
    [{ 'if-unmodified-since': earlier }, 412],
    [{ 'if-unmodified-since': exactly }, 200],
    [{ 'if-match': etag, 'if-unmodified-since': earlier }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': later }, 200],
  ])('on a read: %j is %d', async (headers, status) => {
    const { put, get, clock } = setUp();
    clock.nowMs += 400;
    await put('a', 'hello');
    if (status === 412) expect(() => get('a', { headers })).toThrow(refusal('PreconditionFailed'));
    else expect(get('a', { headers }).status).toBe(status);
    if (status === 304) expect(get('a', { headers }).body).toBe('');
  });

  it('on a write hold against what is there when it is done', async () => {
    const { put } = setUp();
    const onlyNew = { headers: { 'if-none-match': '*' } };
    const outcomes = await Promise.allSettled([put('a', 'one', onlyNew), put('a', 'two', onlyNew)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(put('a', 'x', { headers: { 'if-match': '"other"' } })).rejects.toEqual(refusal('PreconditionFailed'));
    await expect(put('b', 'x', { headers: { 'if-match': etag } })).rejects.toEqual(refusal('NoSuchKey'));
    await expect(put('b', 'x', { headers: { 'if-none-match': etag } })).rejects.toEqual(refusal('NotImplemented'));
  });
});

describe('DeleteObjects', () => {
  async function withObjects() {
    const bucket = setUp();
    for (const key of ['a', 'b&<c', ' d ']) await bucket.put(key, key);
    return bucket;
  }

  function remove(bucket: ReturnType<typeof setUp>, xml: string, options: CallOptions = {}) {
    const body = Buffer.from(xml);
    const digest = { 'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64') };
    return deleteObjects(bucket.call({ headers: digest, body, ...options }));
  }

  it('deletes each key it is allowed to, and says which', async () => {
    const bucket = await withObjects();
    const authorise = (_action: string, resource: string) => {
      if (resource.endsWith('/a')) throw new Refusal('AccessDenied', 403, 'not a');
    };
    const xml =
      '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a</Key></Object><Object><Key>b&amp;&lt;c</Key></Object><Object><Key> d </Key></Object></Delete>';
    const { body } = remove(bucket, xml, { authorise });
    expect(body).toContain('<Deleted><Key>b&amp;&lt;c</Key></Deleted><Deleted><Key> d </Key></Deleted>');
    expect(body).toContain('<Error><Key>a</Key><Code>AccessDenied</Code><Message>not a</Message></Error>');
    expect(bucket.store.list('objects', '').map(({ key }) => key)).toEqual(['a']);
  });

  it('is quiet when asked', async () => {
    const bucket = await withObjects();
    const { body } = remove(bucket, '<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object></Delete>');
    expect(body).not.toContain('<Deleted>');
    expect(bucket.store.list('objects', '')).toHaveLength(2);
  });

  it.each([
    ['', 'MalformedXML'],
    ['<Delete/>', 'MalformedXML'],
    ['<Delete></Delete>', 'MalformedXML'],
    ['<Other><Object><Key>a</Key></Object></Other>', 'MalformedXML'],
    ['<Delete><Object><Key>a</Object></Delete>', 'MalformedXML'],
    ['<Delete><Object><Key></Key></Object></Delete>', 'MalformedXML'],
    ['<!DOCTYPE d [<!ENTITY e "a">]><Delete><Object><Key>&e;</Key></Object></Delete>', 'MalformedXML'],
    ['<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>', 'NotImplemented'],
    [`<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`, 'MalformedXML'],
  ])('refuses %s', async (xml, code) => {
    const bucket = await withObjects();
    expect(() => remove(bucket, xml)).toThrow(refusal(code));
    expect(bucket.store.list('objects', '')).toHaveLength(3);
  });

  it('demands a checksum, and that it is right', async () => {
    const bucket = await withObjects();
    const xml = '<Delete><Object><Key>a</Key></Object></Delete>';
    expect(() => remove(bucket, xml, { headers: {} })).toThrow(refusal('InvalidRequest'));
    expect(() => remove(bucket, xml, { headers: { 'x-amz-checksum-crc32': 'AAAAAA==' } })).toThrow(
      refusal('BadDigest'),
    );
  });
});
