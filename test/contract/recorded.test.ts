/**
 * What real AWS was recorded to answer, a row each: code, status, message, and the elements that S3 adds so that a
 * person can find the fault in a client.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RawAnswer, send, xmlText } from './harness/raw-request.ts';
import { type Draft, withHeader } from './harness/sigv4.ts';
import {
  call,
  hostOf,
  objectDraft,
  type Parameters,
  presignObject,
  putDraft,
  type SignedDraft,
  signObject,
} from './negative/requests.ts';
import { bucket, buildWorld, makeRole, objectKey, type World } from './negative/world.ts';

interface Recorded {
  readonly request: string;
  readonly answer: (world: World) => Promise<RawAnswer>;
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** Further elements; a string is its text, otherwise its pattern. */
  readonly elements?: Readonly<Record<string, string | RegExp>>;
}

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.close());

const iam =
  (parameters: Parameters) =>
  (w: World): Promise<RawAnswer> =>
    call(w, 'iam', parameters, w.admin.key);

/** AssumeRole of a role that its caller may enter with tags. */
async function assumeTagged(w: World, more: Parameters, by = w.alice.key): Promise<RawAnswer> {
  const RoleName = `tags-${++roleNumber}`;
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: w.account.accountId },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  };
  const RoleArn = await makeRole(w.root, RoleName, [trust], [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }]);
  return call(w, 'sts', { Action: 'AssumeRole', RoleArn, RoleSessionName: 'test', ...more }, by);
}
let roleNumber = 0;

async function chainOverTransitiveTag(w: World): Promise<RawAnswer> {
  const blue = {
    'Tags.member.1.Key': 'project',
    'Tags.member.1.Value': 'blue',
    'TransitiveTagKeys.member.1': 'project',
  };
  const first = await assumeTagged(w, blue, w.admin.key);
  const session = {
    accessKeyId: xmlText(first.body, 'AccessKeyId') ?? '',
    secretAccessKey: xmlText(first.body, 'SecretAccessKey') ?? '',
    sessionToken: xmlText(first.body, 'SessionToken') ?? '',
  };
  return assumeTagged(w, { 'Tags.member.1.Key': 'PROJECT', 'Tags.member.1.Value': 'red' }, session);
}

const object = (draft: (w: World) => Draft) => (w: World) => send(w.sandbox.port, draft(w));

function createBucketIn(w: World, name: string, region: string): Promise<RawAnswer> {
  const body = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  const draft: Draft = { method: 'PUT', path: `/${name}`, query: '', headers: [hostOf(w)], body: Buffer.from(body) };
  return send(w.sandbox.port, signObject(draft, w.admin.key, { region }));
}

function withHeaders(w: World, headers: Draft['headers']): SignedDraft {
  const draft = putDraft(w, '123456789');
  return signObject({ ...draft, headers: [...draft.headers, ...headers] }, w.admin.key);
}

const role = { Action: 'CreateRole', RoleName: 'recorded' };
const invalidArn = { code: 'ValidationError', status: 400, message: 'Invalid ARN:  Could not be parsed!' } as const;
const missingPolicy = 'arn:aws:iam::111122223333:policy/missing';
const notAttachable = {
  code: 'NoSuchEntity',
  status: 404,
  message: `Policy ${missingPolicy} does not exist or is not attachable.`,
} as const;
const wrongSignature = /^[0-9a-f]{64}$/;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const table: readonly Recorded[] = [
  {
    request: 'CreateRole with bad JSON',
    answer: iam({ ...role, AssumeRolePolicyDocument: '{"Version": "2012-10-17"' }),
    code: 'MalformedPolicyDocument',
    status: 400,
    message: 'This policy contains invalid Json',
  },
  {
    request: 'AttachRolePolicy, not an ARN',
    answer: iam({ Action: 'AttachRolePolicy', RoleName: 'deploy', PolicyArn: 'this-is-not-an-arn-of-a-policy' }),
    ...invalidArn,
  },
  {
    request: 'AttachUserPolicy, not an ARN',
    answer: iam({ Action: 'AttachUserPolicy', UserName: 'bob', PolicyArn: 'this-is-not-an-arn-of-a-policy' }),
    ...invalidArn,
  },
  {
    request: "AttachRolePolicy of a policy that isn't there",
    answer: iam({ Action: 'AttachRolePolicy', RoleName: 'deploy', PolicyArn: missingPolicy }),
    ...notAttachable,
  },
  {
    request: "AttachUserPolicy of a policy that isn't there",
    answer: iam({ Action: 'AttachUserPolicy', UserName: 'bob', PolicyArn: missingPolicy }),
    ...notAttachable,
  },
  {
    request: "DeletePolicy that isn't there",
    answer: iam({ Action: 'DeletePolicy', PolicyArn: missingPolicy }),
    code: 'NoSuchEntity',
    status: 404,
    message: `Policy ${missingPolicy} was not found.`,
  },
  {
    request: 'a user of that name missing',
    answer: iam({ Action: 'GetUser', UserName: 'nobody' }),
    code: 'NoSuchEntity',
    status: 404,
    message: 'The user with name nobody cannot be found.',
  },
  {
    request: 'DeleteUser with things attached',
    answer: async (w) => {
      await w.root('CreateUser', { UserName: 'laden' });
      await w.root('AttachUserPolicy', { UserName: 'laden', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' });
      return iam({ Action: 'DeleteUser', UserName: 'laden' })(w);
    },
    code: 'DeleteConflict',
    status: 409,
    message: 'Cannot delete entity, must remove referenced objects first.',
  },
  {
    request: 'a field against its pattern',
    answer: (w) =>
      call(w, 'sts', { Action: 'AssumeRole', RoleArn: w.gatedRole, RoleSessionName: 'not allowed' }, w.alice.key),
    code: 'ValidationError',
    status: 400,
    message:
      "1 validation error detected: Value 'not allowed' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  },
  {
    request: 'a field against its enum',
    answer: (w) =>
      iam({ Action: 'UpdateAccessKey', AccessKeyId: w.bob.key.accessKeyId, UserName: 'bob', Status: 'Gone' })(w),
    code: 'ValidationError',
    status: 400,
    message:
      "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
  },
  {
    request: 'AssumeRole, malformed ARN',
    answer: (w) =>
      call(w, 'sts', { Action: 'AssumeRole', RoleArn: 'not-an-arn-of-any-role', RoleSessionName: 'test' }, w.alice.key),
    code: 'ValidationError',
    status: 400,
    message: 'ARN is invalid',
  },
  {
    request: 'session tags: transitive key not among them',
    answer: (w) =>
      assumeTagged(w, { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '1', 'TransitiveTagKeys.member.1': 'b' }),
    code: 'InvalidParameterValue',
    status: 400,
    message: 'The specified transitive tag key must be included in the requested tags.',
  },
  {
    request: 'session tags: keys equal but for case',
    answer: (w) =>
      assumeTagged(w, {
        'Tags.member.1.Key': 'team',
        'Tags.member.1.Value': '1',
        'Tags.member.2.Key': 'Team',
        'Tags.member.2.Value': '2',
      }),
    code: 'InvalidParameterValue',
    status: 400,
    message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  },
  {
    request: 'a chained session overrides a transitive tag',
    answer: chainOverTransitiveTag,
    code: 'InvalidParameterValue',
    status: 400,
    message:
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  },
  {
    request: 'S3 wrong signature',
    answer: object((w) =>
      withHeader(signObject(putDraft(w), w.admin.key), 'authorization', (value) =>
        value.replace(/[0-9a-f]{64}$/, 'e'.repeat(64)),
      ),
    ),
    code: 'SignatureDoesNotMatch',
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    elements: {
      AWSAccessKeyId: /^AKIA/,
      StringToSign: /^AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/us-east-1\/s3\/aws4_request\n[0-9a-f]{64}$/,
      StringToSignBytes: /^41 57 53 34( [0-9a-f]{2})+$/,
      SignatureProvided: wrongSignature,
      CanonicalRequest: /^PUT\n\/ledger\/accounts\/2026\.csv\n\nhost:127\.0\.0\.1:\d+\n/,
      CanonicalRequestBytes: /^50 55 54 0a( [0-9a-f]{2})+$/,
      HostId: /./,
    },
  },
  {
    request: 'S3 unsigned x-amz header',
    answer: object((w) => {
      const signed = signObject(putDraft(w), w.admin.key);
      return { ...signed, headers: [...signed.headers, ['x-amz-meta-owner', 'me']] };
    }),
    code: 'AccessDenied',
    status: 403,
    message: 'There were headers present in the request which were not signed',
    elements: { HeadersNotSigned: 'x-amz-meta-owner' },
  },
  {
    request: 'S3 presigned, past its time',
    answer: object((w) =>
      presignObject(objectDraft(w, 'GET', objectKey), w.admin.key, 60, { dateMs: Date.now() - 120_000 }),
    ),
    code: 'AccessDenied',
    status: 403,
    message: 'Request has expired',
    elements: { Expires: isoTime, ServerTime: isoTime, 'X-Amz-Expires': '60' },
  },
  {
    request: 'S3 presigned, parameter missing',
    answer: object((w) => {
      const signed = presignObject(objectDraft(w, 'GET', objectKey), w.admin.key);
      return { ...signed, query: signed.query.replace(/X-Amz-Date=[^&]*&/, '') };
    }),
    code: 'AuthorizationQueryParametersError',
    status: 400,
    message:
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
  },
  {
    request: 'S3 wrong region in scope',
    answer: object((w) => signObject(putDraft(w), w.admin.key, { region: 'eu-west-1' })),
    code: 'AuthorizationHeaderMalformed',
    status: 400,
    message: "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
    elements: { Region: 'us-east-1' },
  },
  {
    request: 'S3 own bucket again (not us-east-1)',
    answer: async (w) => {
      const first = await createBucketIn(w, 'works-in-ireland', 'eu-west-1');
      expect(first.status, first.body).toBe(200);
      return createBucketIn(w, 'works-in-ireland', 'eu-west-1');
    },
    code: 'BucketAlreadyOwnedByYou',
    status: 409,
    message: 'Your previous request to create the named bucket succeeded and you already own it.',
  },
  {
    request: 'S3 wrong Content-MD5',
    answer: object((w) => withHeaders(w, [['content-md5', '1B2M2Y8AsgTpgAmY7PhCfg==']])),
    code: 'BadDigest',
    status: 400,
    message: 'The Content-MD5 you specified did not match what we received.',
  },
  {
    request: 'S3 wrong checksum',
    answer: object((w) => withHeaders(w, [['x-amz-checksum-crc32', 'AAAAAA==']])),
    code: 'BadDigest',
    status: 400,
    message: 'The CRC32 you specified did not match the calculated checksum.',
  },
  {
    request: 'S3 signed at another time',
    answer: object((w) => signObject(putDraft(w), w.admin.key, { dateMs: Date.now() - 16 * 60_000 })),
    code: 'RequestTimeTooSkewed',
    status: 403,
    message: 'The difference between the request time and the current time is too large.',
    elements: { RequestTime: /./, ServerTime: isoTime, MaxAllowedSkewMilliseconds: '900000' },
  },
  {
    request: 'S3 no hash header',
    answer: object((w) => withHeader(signObject(putDraft(w), w.admin.key), 'x-amz-content-sha256', () => undefined)),
    code: 'InvalidRequest',
    status: 400,
    message: 'Missing required header for this request: x-amz-content-sha256',
  },
  {
    request: 'S3 wrong hash',
    answer: object((w) => ({ ...signObject(putDraft(w), w.admin.key), body: Buffer.from('other bytes') })),
    code: 'XAmzContentSHA256Mismatch',
    status: 400,
    message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
  },
];

test.each(table)('$request', async ({ answer, code, status, message, elements = {} }) => {
  const { status: foundStatus, body } = await answer(world);
  const found = { code: xmlText(body, 'Code'), status: foundStatus, message: xmlText(body, 'Message') };
  expect(found, body).toEqual({ code, status, message });
  for (const [name, expected] of Object.entries(elements)) {
    const text = xmlText(body, name);
    if (typeof expected === 'string') expect(text, name).toBe(expected);
    else expect(text, name).toMatch(expected);
  }
});

test("in us-east-1 one's own bucket can be made again", async () => {
  const draft = { method: 'PUT', path: `/${bucket}`, query: '', headers: [hostOf(world)], body: Buffer.alloc(0) };
  const answer = await send(world.sandbox.port, signObject(draft, world.account.root));
  expect(answer.status, answer.body).toBe(200);
});

test('an object carries a CRC64NVME by default', async () => {
  const put = await send(world.sandbox.port, withHeaders(world, []));
  expect(put.headers.get('x-amz-checksum-crc64nvme')).toBe('rosUhgp5mIg=');
  expect(put.headers.get('x-amz-checksum-type')).toBe('FULL_OBJECT');
});
