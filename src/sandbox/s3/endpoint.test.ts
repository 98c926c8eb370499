import { request as httpRequest } from 'node:http';
import {
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keys, type TriedSandbox, trySandbox } from '../../../test/support/sandbox-clients.ts';
import { allowing, assume, hire, makeRole, policy } from '../../../test/support/sandbox-people.ts';

const bucketArn = 'arn:aws:s3:::ledger';
const ownAccount = '111122223333';
const otherAccount = '444455556666';

let tried: TriedSandbox;
let root: S3Client;
let nobody: Keys;
let stranger: Keys;
beforeAll(async () => {
  tried = await trySandbox({ accounts: [ownAccount, otherAccount] });
  root = tried.s3();
  nobody = await hire(tried, 'nobody', []);
  stranger = await hire(tried, 'stranger', [allowing('s3:*')], tried.sandbox.accounts[1]);
  await root.send(new CreateBucketCommand({ Bucket: 'ledger' }));
  for (const Key of ['a/1', 'a/2', 'b']) await root.send(new PutObjectCommand({ Bucket: 'ledger', Key, Body: Key }));
});
afterAll(async () => {
  await tried.close();
  expect(tried.failures).toEqual([]);
});

const get = (Key: string) => new GetObjectCommand({ Bucket: 'ledger', Key });
const list = (input: object = {}) => new ListObjectsV2Command({ Bucket: 'ledger', ...input });

async function outcome(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    () => 'allowed',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

async function putPolicy(...statements: readonly object[]): Promise<void> {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  await root.send(new PutBucketPolicyCommand({ Bucket: 'ledger', Policy }));
}

describe('within an account', () => {
  it('nobody may do what no policy allows, and is told why', async () => {
    const s3 = tried.s3(nobody);
    const user = `User: arn:aws:iam::${ownAccount}:user/nobody is not authorized to perform:`;
    expect(await outcome(s3.send(new ListBucketsCommand()))).toBe(
      `AccessDenied: ${user} s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
    );
    expect(await outcome(s3.send(get('b')))).toBe(
      `AccessDenied: ${user} s3:GetObject on resource: "${bucketArn}/b" because no identity-based policy allows the s3:GetObject action`,
    );
    for (const command of [
      list(),
      new CreateBucketCommand({ Bucket: 'theirs' }),
      new DeleteBucketCommand({ Bucket: 'ledger' }),
      new GetBucketPolicyCommand({ Bucket: 'ledger' }),
      new PutBucketPolicyCommand({ Bucket: 'ledger', Policy: '{}' }),
      new PutObjectCommand({ Bucket: 'ledger', Key: 'b', Body: 'x' }),
      new DeleteObjectCommand({ Bucket: 'ledger', Key: 'b' }),
    ]) {
      expect(await outcome((s3 as { send(command: object): Promise<unknown> }).send(command))).toMatch(
        /^AccessDenied: User/,
      );
    }
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'ledger' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    const { Errors } = await s3.send(
      new DeleteObjectsCommand({ Bucket: 'ledger', Delete: { Objects: [{ Key: 'b' }, { Key: 'a/1' }] } }),
    );
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([
      ['b', 'AccessDenied'],
      ['a/1', 'AccessDenied'],
    ]);
    expect((await root.send(list())).KeyCount).toBe(3);
  });

  it('a prefix, a delimiter and a page size can be conditions', async () => {
    const condition = { StringLike: { 's3:prefix': ['a/*', ''] }, NumericLessThanEquals: { 's3:max-keys': '10' } };
    const s3 = tried.s3(await hire(tried, 'lister', [allowing('s3:ListBucket', bucketArn, condition)]));
    expect(await outcome(s3.send(list({ Prefix: 'a/', MaxKeys: 10 })))).toBe('allowed');
    expect(await outcome(s3.send(list({ Prefix: '', MaxKeys: 1 })))).toBe('allowed');
    expect(await outcome(s3.send(list({ Prefix: 'b', MaxKeys: 10 })))).toMatch(/^AccessDenied/);
    expect(await outcome(s3.send(list({ Prefix: 'a/', MaxKeys: 11 })))).toMatch(/^AccessDenied/);
    expect(await outcome(s3.send(list({ Prefix: 'a/' })))).toMatch(/^AccessDenied/);
  });

  it('a missing object is shown as missing only to those who may list', async () => {
    const reader = tried.s3(await hire(tried, 'reader', [allowing('s3:GetObject')]));
    expect(await outcome(reader.send(get('missing')))).toMatch(
      /^AccessDenied: .* s3:ListBucket on resource: "arn:aws:s3:::ledger"/,
    );
    const both = tried.s3(await hire(tried, 'finder', [allowing(['s3:GetObject', 's3:ListBucket'])]));
    expect(await outcome(both.send(get('missing')))).toMatch(/^NoSuchKey/);
  });
});

describe('a bucket policy', () => {
  it('lets in whom it names, of its own account without any other policy', async () => {
    const arn = `arn:aws:iam::${ownAccount}:user/nobody`;
    await putPolicy({ Effect: 'Allow', Principal: { AWS: arn }, Action: 's3:GetObject', Resource: `${bucketArn}/a/*` });
    expect(await outcome(tried.s3(nobody).send(get('a/1')))).toBe('allowed');
    expect(await outcome(tried.s3(nobody).send(get('b')))).toMatch(/^AccessDenied/);
  });

  it('of another account lets in together with a policy over there, and says nothing of reasons', async () => {
    const Principal = { AWS: otherAccount };
    await putPolicy({ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `${bucketArn}/*` });
    const powerless = await hire(tried, 'powerless', [], tried.sandbox.accounts[1]);
    expect(await outcome(tried.s3(stranger).send(get('b')))).toBe('allowed');
    expect(await outcome(tried.s3(powerless).send(get('b')))).toBe('AccessDenied: Access Denied');
    expect(await outcome(tried.s3(stranger).send(list()))).toBe('AccessDenied: Access Denied');
  });

  it('can deny everybody, and root can still mend it', async () => {
    await putPolicy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucketArn, `${bucketArn}/*`] });
    expect(await outcome(root.send(get('b')))).toBe(
      `AccessDenied: User: arn:aws:iam::${ownAccount}:root is not authorized to perform: s3:GetObject on resource: "${bucketArn}/b" with an explicit deny in a resource-based policy`,
    );
    const { Policy } = await root.send(new GetBucketPolicyCommand({ Bucket: 'ledger' }));
    expect(JSON.parse(Policy ?? '').Statement[0].Effect).toBe('Deny');
    await putPolicy({ Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: bucketArn });
    expect(await outcome(tried.s3(nobody).send(list()))).toBe('allowed');
  });

  it('does not trust a user who was deleted and made again', async () => {
    const keys = await hire(tried, 'temp', []);
    const Principal = { AWS: `arn:aws:iam::${ownAccount}:user/temp` };
    await putPolicy({ Effect: 'Allow', Principal, Action: 's3:ListBucket', Resource: bucketArn });
    expect(await outcome(tried.s3(keys).send(list()))).toBe('allowed');
    const iam = tried.iam();
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'temp', AccessKeyId: keys.accessKeyId }));
    await iam.send(new DeleteUserCommand({ UserName: 'temp' }));
    const again = await hire(tried, 'temp', []);
    expect(await outcome(tried.s3(again).send(list()))).toMatch(/^AccessDenied/);
    const { Policy } = await root.send(new GetBucketPolicyCommand({ Bucket: 'ledger' }));
    expect(JSON.parse(Policy ?? '').Statement[0].Principal.AWS).toMatch(/^AIDA/);
  });

  it.each([
    ['not JSON', /^MalformedPolicy/],
    [policy({ Effect: 'Allow', Action: 's3:*', Resource: bucketArn }), /^MalformedPolicy/],
    [
      policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::other' }),
      /^MalformedPolicy: Policy has invalid resource/,
    ],
    [
      policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }),
      /^MalformedPolicy: Policy has invalid resource/,
    ],
    [
      policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ownAccount}:user/missing` },
        Action: 's3:*',
        Resource: bucketArn,
      }),
      /^MalformedPolicy: Invalid principal in policy/,
    ],
    [
      policy({ Effect: 'Allow', Principal: '*', Action: ['s3:*', 'iam:GetUser'], Resource: bucketArn }),
      /^MalformedPolicy: Policy has invalid action/,
    ],
    [
      policy({
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: `${bucketArn}/*`,
      }),
      /^MalformedPolicy: Action does not apply to any resource\(s\) in statement/,
    ],
    [
      policy({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: bucketArn }),
      /^MalformedPolicy: Action does not apply to any resource\(s\) in statement/,
    ],
    [
      policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: bucketArn, Sid: 'x'.repeat(21_000) }),
      /^MalformedPolicy: Policies must not exceed/,
    ],
  ])('is refused: %s', async (Policy, reason) => {
    const before = await root.send(new GetBucketPolicyCommand({ Bucket: 'ledger' }));
    expect(await outcome(root.send(new PutBucketPolicyCommand({ Bucket: 'ledger', Policy })))).toMatch(reason);
    expect((await root.send(new GetBucketPolicyCommand({ Bucket: 'ledger' }))).Policy).toBe(before.Policy);
  });

  it('grants to a role, within what its session may', async () => {
    const roleArn = await makeRole(tried, 'auditor', []);
    const ann = await hire(tried, 'ann', [allowing('sts:AssumeRole')]);
    await putPolicy({ Effect: 'Allow', Principal: { AWS: roleArn }, Action: 's3:ListBucket', Resource: bucketArn });
    expect(await outcome(tried.s3(await assume(tried, ann, roleArn)).send(list()))).toBe('allowed');
    expect(await outcome(tried.s3(ann).send(list()))).toMatch(/^AccessDenied/);
  });
});

describe('a request of S3', () => {
  it("must be for its bucket's region", async () => {
    const Bucket = 'far-away';
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await tried.s3(tried.root, 'eu-west-1').send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    expect(await outcome(root.send(new ListObjectsV2Command({ Bucket })))).toMatch(
      /^AuthorizationHeaderMalformed: .* the region 'us-east-1' is wrong; expecting 'eu-west-1'/,
    );
  });

  it("can insist on the bucket's owner", async () => {
    expect(await outcome(root.send(list({ ExpectedBucketOwner: ownAccount })))).toBe('allowed');
    expect(await outcome(root.send(list({ ExpectedBucketOwner: otherAccount })))).toBe('AccessDenied: Access Denied');
  });

  it('is refused unsigned, whatever the bucket policy says', async () => {
    await putPolicy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${bucketArn}/*` });
    const response = await fetch(`${tried.sandbox.endpoint}/ledger/b`);
    expect(response.status).toBe(403);
    const xml = await response.text();
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code><Message>Access Denied<\/Message><Resource>\/ledger\/b<\/Resource><RequestId>[0-9A-F]{16}<\/RequestId><HostId>[^<]+<\/HostId><\/Error>$/,
    );
    expect(response.headers.get('x-amz-request-id')).toMatch(/^[0-9A-F]{16}$/);
    expect(response.headers.get('content-type')).toBe('application/xml');
  });

  it("of no bucket that is there says so, and of another's says who has it", async () => {
    expect(await outcome(root.send(new ListObjectsV2Command({ Bucket: 'missing' })))).toMatch(/^NoSuchBucket/);
    expect(await outcome(tried.s3(stranger).send(new CreateBucketCommand({ Bucket: 'ledger' })))).toMatch(
      /^BucketAlreadyExists/,
    );
    expect(await outcome(root.send(new DeleteBucketCommand({ Bucket: 'ledger' })))).toMatch(/^BucketNotEmpty/);
  });

  it('may not be larger than the sandbox takes', async () => {
    const { port } = new URL(tried.sandbox.endpoint);
    const declared = await new Promise<string>((resolve) => {
      const headers = { host: `127.0.0.1:${port}`, 'content-length': String(80 * 1024 * 1024) };
      const sent = httpRequest({ port, host: '127.0.0.1', method: 'PUT', path: '/ledger/big', headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
      });
      sent.on('error', () => undefined);
      sent.flushHeaders();
    });
    expect(declared).toMatch(/^400 .*<Code>EntityTooLarge<\/Code>/s);
  });
});

it('shows a late entity late to S3 as well', async () => {
  const late = await trySandbox({ visibleAfterMs: 60_000 });
  const keys = await hire(late, 'new', [allowing('s3:*')]).catch((error: Error) => error.name);
  // The user itself isn't found yet when its policy is put.
  expect(keys).toBe('NoSuchEntityException');
  await late.iam().send(new CreateUserCommand({ UserName: 'other' }));
  await expect(
    late.iam().send(new DeleteUserPolicyCommand({ UserName: 'other', PolicyName: 'x' })),
  ).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  late.sandbox.clock.advanceSeconds(60);
  await expect(late.iam().send(new DeleteUserCommand({ UserName: 'other' }))).resolves.toBeDefined();
  await late.close();
});
