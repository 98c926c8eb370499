/** Broken signatures of the Query protocol: the request would be an administrator's CreateUser, were it not for its fault. */
import { send } from '../harness/raw-request.ts';
import { type Draft, presign, type Signing, sha256, withHeader } from '../harness/sigv4.ts';
import { createUser, formOf, hostOf, queryDraft, type SignedDraft, signQuery } from './requests.ts';
import type { NegativeRow, Outcome } from './row.ts';
import { anotherKey, type World } from './world.ts';

const minute = 60_000;

const mismatch = { code: 'SignatureDoesNotMatch', status: 403 } as const;
const incomplete = { code: 'IncompleteSignature', status: 400 } as const;
const unknownToken = { code: 'InvalidClientTokenId', status: 403 } as const;

/** Signed well, then changed. */
function tampered(
  what: string,
  change: (signed: SignedDraft, world: World) => Draft,
  outcome: Outcome = mismatch,
): NegativeRow {
  return {
    what,
    prepare: (world) => () => {
      const draft = queryDraft(world, 'iam', createUser, [['x-team', 'ops']]);
      return send(world.sandbox.port, change(signQuery(draft, 'iam', world.admin.key), world));
    },
    ...outcome,
  };
}

/** Signed the wrong way. */
function signedWith(what: string, more: (world: World) => Partial<Signing>, outcome: Outcome): NegativeRow {
  return {
    what,
    prepare: (world) => () => {
      const draft = queryDraft(world, 'iam', createUser);
      return send(world.sandbox.port, signQuery(draft, 'iam', world.admin.key, more(world)));
    },
    ...outcome,
  };
}

function authorization(change: (value: string) => string | undefined): (signed: SignedDraft) => Draft {
  return (signed) => withHeader(signed, 'authorization', change);
}

const signatureRows: readonly NegativeRow[] = [
  tampered(
    'the last digit of the signature changed',
    authorization((value) => value.slice(0, -1) + (value.endsWith('0') ? '1' : '0')),
  ),
  tampered(
    'a signature of zeros',
    authorization((value) => value.replace(/[0-9a-f]{64}$/, '0'.repeat(64))),
  ),
  tampered(
    'a signature cut short',
    authorization((value) => value.slice(0, -2)),
  ),
  tampered('a parameter of the body changed', (signed) => ({
    ...signed,
    body: Buffer.from(signed.body.toString().replace('intruder', 'impostor')),
  })),
  tampered('a parameter added to the body', (signed) => ({
    ...signed,
    body: Buffer.concat([signed.body, Buffer.from('&Path=%2Fadmins%2F')]),
  })),
  tampered('a signed header changed', (signed) => withHeader(signed, 'x-team', () => 'attackers')),
  tampered('a signed header taken away', (signed) => withHeader(signed, 'x-team', () => undefined)),
  tampered('a signed header sent twice', (signed) => ({ ...signed, headers: [...signed.headers, ['x-team', 'more']] })),
  tampered('Host changed to another name of this machine', (signed, world) =>
    withHeader(signed, 'host', () => `localhost:${world.sandbox.port}`),
  ),
  tampered('a query added', (signed) => ({ ...signed, query: 'Path=%2Fadmins%2F' })),
  tampered('the path changed', (signed) => ({ ...signed, path: '/x' }), {
    code: 'AuthorizationHeaderMalformed',
    status: 400,
    message: 'incorrect service "iam"',
  }),
  tampered('the method changed', (signed) => ({ ...signed, method: 'PUT' })),
  tampered('the date moved by a second', (signed) =>
    withHeader(signed, 'x-amz-date', (value) => value.replace(/\d\dZ$/, value.endsWith('30Z') ? '31Z' : '30Z')),
  ),
  tampered("another user's key id put in", (signed, world) =>
    withHeader(signed, 'authorization', (value) =>
      value.replace(world.admin.key.accessKeyId, world.bob.key.accessKeyId),
    ),
  ),
  tampered(
    'no Signature in the header',
    authorization((value) => value.replace(/, Signature=.*/, '')),
    incomplete,
  ),
  tampered(
    'no SignedHeaders',
    authorization((value) => value.replace(/ SignedHeaders=[^,]*,/, '')),
    incomplete,
  ),
  tampered(
    'no Credential',
    authorization((value) => value.replace(/ Credential=[^,]*,/, '')),
    incomplete,
  ),
  tampered(
    'a scope of four parts',
    authorization((value) => value.replace('/aws4_request', '')),
    incomplete,
  ),
  tampered('no date', (signed) => withHeader(signed, 'x-amz-date', () => undefined), incomplete),
  tampered('a date that is none', (signed) => withHeader(signed, 'x-amz-date', () => 'yesterday'), incomplete),
  tampered(
    'the Authorization header taken away',
    authorization(() => undefined),
    {
      code: 'MissingAuthenticationToken',
      status: 403,
    },
  ),
  tampered(
    'a password in place of a signature',
    authorization(() => 'Basic YWRtaW46YWRtaW4='),
    incomplete,
  ),

  signedWith('Host not signed', () => ({ signedHeaders: ['x-amz-date'] }), { ...mismatch, message: "'Host'" }),
  signedWith(
    "another user's secret",
    (world) => ({ credentials: { ...world.admin.key, secretAccessKey: world.bob.key.secretAccessKey } }),
    mismatch,
  ),
  signedWith('another algorithm', () => ({ algorithm: 'AWS4-HMAC-SHA1' }), incomplete),
  signedWith('a date of six minutes ago', () => ({ dateMs: Date.now() - 6 * minute }), {
    ...mismatch,
    message: /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
  }),
  signedWith('a date six minutes ahead', () => ({ dateMs: Date.now() + 6 * minute }), {
    ...mismatch,
    message: /^Signature not yet current: /,
  }),
  signedWith('the scope of another day', () => ({ scope: { day: '20200101' } }), {
    ...mismatch,
    message: 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
  }),
  signedWith('a region of no partition', () => ({ region: 'mars-north-1' }), {
    ...mismatch,
    message: 'Credential should be scoped to a valid Region, not mars-north-1',
  }),
  signedWith('another terminator', () => ({ scope: { terminator: 'aws4_demand' } }), {
    ...mismatch,
    message: "Credential should be scoped with a valid terminator: 'aws4_request'",
  }),
  signedWith('the scope of another service', () => ({ service: 'sts' }), {
    ...mismatch,
    message: "Credential should be scoped to correct service: 'iam'",
  }),
  signedWith(
    "a key that doesn't exist",
    () => ({ credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) } }),
    unknownToken,
  ),
];

const keyRows: readonly NegativeRow[] = [
  {
    what: 'an inactive key',
    async prepare(world) {
      const key = await anotherKey(world, 'admin');
      const AccessKeyId = key.accessKeyId;
      await world.root('UpdateAccessKey', { UserName: 'admin', AccessKeyId, Status: 'Inactive' });
      const draft = queryDraft(world, 'iam', createUser);
      return () => send(world.sandbox.port, signQuery(draft, 'iam', key));
    },
    ...unknownToken,
  },
  {
    what: 'a deleted key',
    async prepare(world) {
      const { AccessKeyMetadata } = await world.root('ListAccessKeys', { UserName: 'admin' });
      for (const { AccessKeyId } of AccessKeyMetadata) {
        if (AccessKeyId !== world.admin.key.accessKeyId)
          await world.root('DeleteAccessKey', { UserName: 'admin', AccessKeyId });
      }
      const key = await anotherKey(world, 'admin');
      await world.root('DeleteAccessKey', { UserName: 'admin', AccessKeyId: key.accessKeyId });
      return () => send(world.sandbox.port, signQuery(queryDraft(world, 'iam', createUser), 'iam', key));
    },
    ...unknownToken,
  },
];

const presignedRows: readonly NegativeRow[] = [
  presigned('a presigned request of an hour ago', { dateMs: Date.now() - 60 * minute }, (signed) => signed, {
    ...mismatch,
    message: /^Signature expired: /,
  }),
  presigned(
    'a presigned request with another parameter',
    {},
    (signed) => ({ ...signed, query: signed.query.replace('intruder', 'impostor') }),
    mismatch,
  ),
  presigned(
    'a presigned request without its signature',
    {},
    (signed) => ({ ...signed, query: signed.query.replace(/&X-Amz-Signature=.*/, '') }),
    incomplete,
  ),
  presigned(
    'signed in the header and in the query',
    {},
    (signed, world) => {
      const { headers } = signQuery({ ...signed, headers: [hostOf(world)] }, 'iam', world.admin.key);
      return { ...signed, headers };
    },
    incomplete,
  ),
];

function presigned(
  what: string,
  more: Partial<Signing>,
  change: (signed: SignedDraft, world: World) => Draft,
  outcome: Outcome,
): NegativeRow {
  return {
    what,
    prepare: (world) => () => {
      const query = formOf({ ...createUser, Version: '2010-05-08' }).toString();
      const draft: Draft = { method: 'GET', path: '/', query, headers: [hostOf(world)], body: Buffer.alloc(0) };
      const signing = {
        credentials: world.admin.key,
        service: 'iam',
        region: 'us-east-1',
        dateMs: Date.now(),
        ...more,
      };
      return send(world.sandbox.port, change(presign(draft, { payloadHash: sha256(''), ...signing }, 300), world));
    },
    ...outcome,
  };
}

export const rows: readonly NegativeRow[] = [...signatureRows, ...keyRows, ...presignedRows];
