/** Requests of the negative table as they would be right; the rows break them. */
import type { ClientCredentials } from '../harness/aws-client.ts';
import { type RawAnswer, send } from '../harness/raw-request.ts';
import { type Draft, encode, type Header, presign, type Signing, sha256, signByHeader } from '../harness/sigv4.ts';
import { bucket, objectKey, type World } from './world.ts';

export type SignedDraft = ReturnType<typeof signByHeader>;
export type Parameters = Readonly<Record<string, string>>;

const versions = { iam: '2010-05-08', sts: '2011-06-15' } as const;

export function formOf(parameters: Parameters): Buffer {
  const pairs = Object.entries(parameters).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return Buffer.from(pairs.join('&'));
}

/** An unsigned POST of the Query protocol. */
export function queryDraft(
  world: World,
  service: 'iam' | 'sts',
  parameters: Parameters,
  headers: readonly Header[] = [],
): Draft {
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: [hostOf(world), ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'], ...headers],
    body: formOf({ Version: versions[service], ...parameters }),
  };
}

/** An unsigned request about an object, its payload hash not yet among the headers. */
export function objectDraft(world: World, method: string, key: string, body = '', query = ''): Draft {
  return { method, path: `/${bucket}/${key}`, query, headers: [hostOf(world)], body: Buffer.from(body) };
}

export function hostOf(world: World): Header {
  return ['host', `127.0.0.1:${world.sandbox.port}`];
}

export function signQuery(
  draft: Draft,
  service: 'iam' | 'sts',
  credentials: ClientCredentials,
  more: Partial<Signing> = {},
): SignedDraft {
  return signByHeader(draft, { credentials, service, region: 'us-east-1', dateMs: Date.now(), ...more });
}

/** Signs for S3; `x-amz-content-sha256` is the body's hash unless `payloadHash` says otherwise. */
export function signObject(draft: Draft, credentials: ClientCredentials, more: Partial<Signing> = {}): SignedDraft {
  const payloadHash = more.payloadHash ?? sha256(draft.body);
  const declared: Draft = { ...draft, headers: [...draft.headers, ['x-amz-content-sha256', payloadHash]] };
  const signing = { credentials, service: 's3', region: 'us-east-1', dateMs: Date.now(), ...more, payloadHash };
  return signByHeader(declared, signing);
}

export function presignObject(
  draft: Draft,
  credentials: ClientCredentials,
  expiresSeconds = 300,
  more: Partial<Signing> = {},
): SignedDraft {
  const signing = { credentials, service: 's3', region: 'us-east-1', dateMs: Date.now(), ...more };
  return presign(draft, signing, expiresSeconds);
}

/** A call of the Query protocol, well signed. */
export function call(
  world: World,
  service: 'iam' | 'sts',
  parameters: Parameters,
  credentials: ClientCredentials,
): Promise<RawAnswer> {
  return send(world.sandbox.port, signQuery(queryDraft(world, service, parameters), service, credentials));
}

/** The request that the rows about signatures break: an administrator makes a user. */
export const createUser: Parameters = { Action: 'CreateUser', UserName: 'intruder' };

/** What the rows about S3's signatures break: an administrator overwrites an object. */
export function putDraft(world: World, body = 'overwritten'): Draft {
  return objectDraft(world, 'PUT', objectKey, body);
}
