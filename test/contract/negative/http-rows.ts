/** What the local HTTP contract keeps out, and what is no request of AWS's at all. */
import { randomBytes } from 'node:crypto';
import { type RawAnswer, send, sendBytes } from '../harness/raw-request.ts';
import { type Header, signByHeader, withHeader } from '../harness/sigv4.ts';
import { call, createUser, hostOf, type Parameters, queryDraft, type SignedDraft, signQuery } from './requests.ts';
import type { NegativeRow, Outcome } from './row.ts';
import type { World } from './world.ts';

const kept: Outcome = { code: null, status: 403 };

/** An administrator's CreateUser, rightly signed with these headers; `host` is left to them. */
function fromElsewhere(what: string, headers: (world: World) => readonly Header[], outcome = kept): NegativeRow {
  return {
    what,
    prepare: (world) => () => {
      const given = headers(world);
      const draft = queryDraft(world, 'iam', createUser);
      const names = new Set(given.map(([name]) => name));
      const own = draft.headers.filter(([name]) => !names.has(name));
      return send(world.sandbox.port, signQuery({ ...draft, headers: [...own, ...given] }, 'iam', world.admin.key));
    },
    ...outcome,
  };
}

function bytes(what: string, make: (world: World) => Buffer, outcome: Outcome): NegativeRow {
  return { what, prepare: (world) => () => sendBytes(world.sandbox.port, make(world)), ...outcome };
}

/** A signed request as text, for rows that break the form of HTTP itself. */
function asText({ method, path, headers, body }: SignedDraft, more: readonly Header[] = []): string {
  const lines = [...headers, ...more].map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\nConnection: close\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

function asTextWithLength(signed: SignedDraft, more: Header): Buffer {
  return Buffer.from(asText(signed, [['content-length', String(signed.body.length)], more]));
}

const signedCreateUser = (world: World): SignedDraft =>
  signQuery(queryDraft(world, 'iam', createUser), 'iam', world.admin.key);

const contractRows: readonly NegativeRow[] = [
  fromElsewhere('a Host that is not this machine', () => [['host', 'iam.amazonaws.com']]),
  fromElsewhere('a Host that an attacker rebound', (world) => [['host', `evil.example:${world.sandbox.port}`]]),
  fromElsewhere('a Host with another port', () => [['host', '127.0.0.1:1']]),
  fromElsewhere('an Origin', () => [['origin', 'https://evil.example']]),
  fromElsewhere('an Origin of this machine', (world) => [['origin', `http://127.0.0.1:${world.sandbox.port}`]]),
  fromElsewhere('Sec-Fetch-Site: cross-site', () => [['sec-fetch-site', 'cross-site']]),
  fromElsewhere('Sec-Fetch-Site: none', () => [['sec-fetch-site', 'none']]),
  fromElsewhere('a navigation to a service', () => [
    ['sec-fetch-site', 'none'],
    ['sec-fetch-mode', 'navigate'],
    ['sec-fetch-dest', 'document'],
  ]),
  {
    what: 'a form larger than any call',
    prepare: (world) => () => {
      const draft = queryDraft(world, 'iam', { ...createUser, Path: randomBytes(1_600_000).toString('hex') });
      return send(world.sandbox.port, signQuery(draft, 'iam', world.admin.key));
    },
    code: 'RequestEntityTooLarge',
    status: 413,
  },
  bytes(
    'a body announced to be larger than any object',
    (world) =>
      Buffer.from(`PUT /ledger/big HTTP/1.1\r\n${hostOf(world).join(': ')}\r\nContent-Length: 99999999999\r\n\r\n`),
    { code: 'EntityTooLarge', status: 400 },
  ),
  bytes('no HTTP', () => Buffer.from('\u0016\u0003\u0001 hello\r\n\r\n'), { code: null, status: 400 }),
  bytes(
    'a length and chunks at once',
    (world) =>
      Buffer.from(
        asText(signedCreateUser(world), [
          ['content-length', '3'],
          ['transfer-encoding', 'chunked'],
        ]),
      ),
    { code: null, status: 400 },
  ),
  bytes(
    'two lengths',
    (world) =>
      Buffer.from(
        asText(signedCreateUser(world), [
          ['content-length', '3'],
          ['content-length', '60'],
        ]),
      ),
    { code: null, status: 400 },
  ),
  bytes('two Hosts', (world) => asTextWithLength(signedCreateUser(world), ['host', 'evil.example']), {
    code: 'SignatureDoesNotMatch',
    status: 403,
  }),
];

const unknownAction: Outcome = { code: 'InvalidAction', status: 400 };

function asked(what: string, service: 'iam' | 'sts', parameters: Parameters, outcome: Outcome): NegativeRow {
  return { what, prepare: (world) => () => call(world, service, parameters, world.admin.key), ...outcome };
}

const shapeRows: readonly NegativeRow[] = [
  asked(
    'an action that IAM has and the sandbox does not',
    'iam',
    { Action: 'CreateSAMLProvider' },
    {
      ...unknownAction,
      message: 'CreateSAMLProvider',
    },
  ),
  asked(
    'an action that nobody has',
    'sts',
    { Action: 'AssumeEverything' },
    { ...unknownAction, message: 'AssumeEverything' },
  ),
  asked("an action named as an object's own property", 'iam', { Action: 'constructor' }, unknownAction),
  asked("another version of IAM's interface", 'iam', { ...createUser, Version: '2009-01-01' }, unknownAction),
  asked('no action', 'iam', {}, { code: 'MissingAction', status: 400 }),
  asked('CreateUser without a name', 'iam', { Action: 'CreateUser' }, { code: 'ValidationError', status: 400 }),
  asked(
    'CreateUser with a slash in the name',
    'iam',
    { Action: 'CreateUser', UserName: 'a/b' },
    {
      code: 'ValidationError',
      status: 400,
    },
  ),
  {
    what: "a service that isn't there",
    prepare: (world) => () => {
      const draft = { ...queryDraft(world, 'iam', {}), body: Buffer.from('{}') };
      const headers: Header[] = [hostOf(world), ['x-amz-target', 'TrentService.CreateKey']];
      const signing = { credentials: world.admin.key, service: 'kms', region: 'us-east-1', dateMs: Date.now() };
      return send(world.sandbox.port, signByHeader({ ...draft, headers }, signing));
    },
    ...unknownAction,
    message: 'kms',
  },
];

function clock(
  what: string,
  sign: (world: World) => SignedDraft | Promise<SignedDraft>,
  outcome: Outcome,
): NegativeRow {
  return {
    what: `the clock moved ${what}`,
    async prepare(world) {
      const signed = await sign(world);
      return async () => {
        const before = world.sandbox.clock.now();
        const answer = await send(world.sandbox.port, signed);
        if (Math.abs(world.sandbox.clock.now() - before) > 5_000) throw new Error('the clock moved');
        return jsonRefusal(answer);
      };
    },
    ...outcome,
  };
}

/** The clock answers in JSON: brought into the form of the others. */
function jsonRefusal(answer: RawAnswer): RawAnswer {
  const { code, message } = JSON.parse(answer.body) as { readonly code: string; readonly message: string };
  return { ...answer, body: `<Code>${code}</Code><Message>${message}</Message>` };
}

function clockRequest(world: World, credentials: World['admin']['key'], service = 'stepup'): SignedDraft {
  const headers: Header[] = [hostOf(world), ['content-type', 'application/json']];
  const body = Buffer.from('{"advanceSeconds": 86400}');
  const draft = { method: 'POST', path: '/_stepup/clock', query: '', headers, body };
  return signByHeader(draft, { credentials, service, region: 'us-east-1', dateMs: Date.now() });
}

const denied: Outcome = { code: 'AccessDenied', status: 403 };

const clockRows: readonly NegativeRow[] = [
  clock('by a user who may do everything', (world) => clockRequest(world, world.admin.key), denied),
  clock("by the second account's root", (world) => clockRequest(world, otherRoot(world)), denied),
  clock('by nobody', (world) => withoutAuthorization(clockRequest(world, world.account.root)), {
    code: 'MissingAuthenticationToken',
    status: 403,
  }),
  clock(
    'by a request whose body was exchanged',
    (world) => ({
      ...clockRequest(world, world.account.root),
      body: Buffer.from('{"advanceSeconds": 99999}'),
    }),
    { code: 'SignatureDoesNotMatch', status: 403 },
  ),
  clock('by a request signed for IAM', (world) => clockRequest(world, world.account.root, 'iam'), {
    code: 'SignatureDoesNotMatch',
    status: 403,
  }),
];

function otherRoot(world: World): World['admin']['key'] {
  return world.otherAccount.root;
}

function withoutAuthorization(signed: SignedDraft): SignedDraft {
  return { ...withHeader(signed, 'authorization', () => undefined), signature: signed.signature };
}

export const rows: readonly NegativeRow[] = [...contractRows, ...shapeRows, ...clockRows];
