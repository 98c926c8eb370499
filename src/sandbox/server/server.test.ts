import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { CreateUserCommand, GetUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TriedSandbox, trySandbox } from '../../../test/support/sandbox-clients.ts';

let tried: TriedSandbox;
beforeEach(async () => {
  tried = await trySandbox();
});
afterEach(async () => {
  await tried.close();
  expect(tried.failures).toEqual([]);
});

const identity = 'Action=GetCallerIdentity&Version=2011-06-15';

describe('a Query-protocol call', () => {
  it('is answered, as each of those that came in one piece', async () => {
    const { host, port } = new URL(tried.sandbox.endpoint);
    const ask = (n: number, more = '') => `GET /?Action=Nobody${n}&Version=1 HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
    const client = connect(Number(port), '127.0.0.1');
    client.write(ask(1) + ask(2) + ask(3, 'Connection: close\r\n'));
    const answers = await text(client);
    expect(answers.match(/HTTP\/1\.1 403/g)).toHaveLength(3);
  });

  it('is answered while a test fakes the timers', async () => {
    vi.useFakeTimers();
    try {
      expect((await tried.post('sts', identity)).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is answered in XML, with a request id and a date', async () => {
    const response = await tried.post('sts', identity);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/xml');
    expect(Date.parse(response.headers.get('date') ?? '')).toBeGreaterThan(Date.now() - 5_000);
    const id = response.headers.get('x-amzn-requestid');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const { accountId } = tried.root;
    expect(await response.text()).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        `<Arn>arn:aws:iam::${accountId}:root</Arn><UserId>${accountId}</UserId><Account>${accountId}</Account>` +
        `</GetCallerIdentityResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
  });

  it.each([
    ['sts', 'Action=GetWebIdentityToken&Version=2011-06-15', 'GetWebIdentityToken for version 2011-06-15'],
    ['iam', 'Action=CreateSAMLProvider&Version=2010-05-08', 'CreateSAMLProvider for version 2010-05-08'],
    ['sts', 'Action=GetCallerIdentity&Version=2000-01-01', 'GetCallerIdentity for version 2000-01-01'],
    ['iam', 'Action=GetUser', 'GetUser for version NO_VERSION_SPECIFIED'],
    ['sts', 'Action=constructor&Version=2011-06-15', 'constructor for version 2011-06-15'],
    ['sts', 'Action=__proto__&Version=2011-06-15', '__proto__ for version 2011-06-15'],
  ])('of %s with %s is no operation', async (service, body, message) => {
    const response = await tried.post(service, body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(
      `<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation ${message}</Message></Error>`,
    );
  });

  it('says in which service a request is missing that it knows', async () => {
    const response = await tried.post('ec2', 'Action=DescribeInstances&Version=2016-11-15');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('The service ec2 is not part of the sandbox, which has sts, iam, s3.');
    const json = await tried.post('dynamodb', '{}', { path: '/', headers: { 'x-amz-target': 'DynamoDB.ListTables' } });
    expect(await json.text()).toContain('<Code>InvalidAction</Code>');
  });

  it('goes by its version, and its scope must fit', async () => {
    const response = await tried.post('iam', identity);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(
      "<Code>SignatureDoesNotMatch</Code><Message>Credential should be scoped to correct service: 'sts'</Message>",
    );
  });

  it('must be signed', async () => {
    for (const init of [{}, { method: 'POST', body: identity }]) {
      const response = await fetch(tried.sandbox.endpoint, init);
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    }
    const byGet = await fetch(`${tried.sandbox.endpoint}/?${identity}`);
    expect(await byGet.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  it('is malformed with a parameter given twice, before anything else is looked at', async () => {
    const response = await tried.post('sts', `${identity}&Action=GetSessionToken`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<Code>MalformedQueryString</Code>');
  });

  it('may be long, but not endless', async () => {
    const long = await tried.post('sts', `${identity}&Unused=${'x'.repeat(1_000_000)}`);
    expect(long.status).toBe(200);
    const endless = await tried.post('sts', `${identity}&Unused=${'x'.repeat(3_000_000)}`).catch(() => undefined);
    // The connection may break while the client still sends.
    if (endless !== undefined) expect(endless.status).toBe(413);
  });
});

describe('the local contract', () => {
  it.each([
    ['Origin', 'https://evil.example'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-origin'],
  ])('refuses what a page sends: %s: %s', async (name, value) => {
    const response = await tried.post('sts', identity, { headers: { [name]: value } });
    expect(response.status).toBe(403);
    expect(await response.text()).toBe('requests made by web pages are refused here\n');
  });
});

describe('faults', () => {
  it('strike the calls they are for, as often as they are told', async () => {
    tried.sandbox.addFault({ action: 'sts:GetCallerIdentity', answer: 'throttle', times: 2 });
    const ask = () => tried.sts().send(new GetCallerIdentityCommand());
    await tried.iam().send(new ListUsersCommand());
    await expect(ask()).rejects.toMatchObject({ name: 'Throttling', $metadata: { httpStatusCode: 400 } });
    await expect(ask()).rejects.toMatchObject({ name: 'Throttling' });
    await expect(ask()).resolves.toMatchObject({ Account: tried.root.accountId });
  });

  it('before the deed leave nothing done, after it everything', async () => {
    const create = (UserName: string) => tried.iam().send(new CreateUserCommand({ UserName }));
    const isThere = (UserName: string) =>
      tried
        .iam()
        .send(new GetUserCommand({ UserName }))
        .then(
          () => true,
          () => false,
        );
    tried.sandbox.addFault({ action: 'CreateUser', answer: 'fail' });
    await expect(create('before')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    tried.sandbox.addFault({ action: 'iam:*', when: 'after', answer: { code: 'Odd', status: 418, message: 'tea' } });
    await expect(create('after')).rejects.toMatchObject({ name: 'Odd', message: 'tea' });
    expect([await isThere('before'), await isThere('after')]).toEqual([false, true]);
  });

  it('can cut the connection or leave it hanging', async () => {
    tried.sandbox.addFault({ action: '*', answer: 'cut' });
    await expect(tried.post('sts', identity)).rejects.toThrow('fetch failed');
    tried.sandbox.addFault({ action: 's3:ListBuckets', answer: 'hang' });
    const outcome = tried
      .s3()
      .send(new ListBucketsCommand(), { abortSignal: AbortSignal.timeout(300) })
      .catch((error: Error) => error.name);
    expect(await outcome).toBe('AbortError');
    await tried.s3().send(new CreateBucketCommand({ Bucket: 'after-all' }));
  });

  it('speak as S3 does', async () => {
    tried.sandbox.addFault({ action: 's3:*', answer: 'throttle' });
    await expect(tried.s3().send(new ListBucketsCommand())).rejects.toMatchObject({
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
    });
  });
});

describe("the clock's endpoint", () => {
  const path = '/_stepup/clock';
  const move = async (body: object, service = 'stepup'): Promise<Record<string, unknown>> => {
    const response = await tried.post(service, JSON.stringify(body), { path });
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  };

  it("moves the authority's clock, and not the machine's", async () => {
    expect(await move({})).toMatchObject({ status: 200, aheadSeconds: 0 });
    expect(await move({ advanceSeconds: 3600.5 })).toMatchObject({ status: 200, aheadSeconds: 3600.5 });
    expect(tried.sandbox.clock.now().getTime() - Date.now()).toBeGreaterThan(3_590_000);
    // Signatures still go by the machine's clock, so this one is good.
    const moved = await move({ set: '2030-01-02T03:04:05Z' });
    expect(moved.authority).toMatch(/^2030-01-02T03:04:05\./);
    expect(Math.abs(Date.parse(String(moved.machine)) - Date.now())).toBeLessThan(5_000);
    const user = await tried.iam().send(new CreateUserCommand({ UserName: 'later' }));
    expect(user.User?.CreateDate?.getUTCFullYear()).toBe(2030);
    expect(await move({ reset: true })).toMatchObject({ aheadSeconds: 0 });
  });

  it.each([
    { advanceSeconds: '5' },
    { set: 'tomorrow' },
    { set: 5 },
    { reset: false },
    { advanceSeconds: 1, reset: true },
    { forward: 1 },
    { advanceSeconds: 1e15 },
    [],
  ])('refuses %j', async (body) => {
    expect(await move(body)).toMatchObject({ status: 400, code: 'ValidationError' });
    expect(Math.abs(tried.sandbox.clock.now().getTime() - Date.now())).toBeLessThan(5_000);
  });

  it('is for root of the first account alone', async () => {
    const unsigned = await fetch(`${tried.sandbox.endpoint}${path}`, { method: 'POST', body: '{}' });
    expect([unsigned.status, await unsigned.json()]).toMatchObject([403, { code: 'MissingAuthenticationToken' }]);
    expect(await move({}, 'sts')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    const two = await trySandbox({ accounts: ['111122223333', '444455556666'] });
    const keys = two.sandbox.accounts[1]!;
    const second = await two.post('stepup', '{"advanceSeconds":5}', { path, keys });
    expect([second.status, await second.json()]).toMatchObject([403, { code: 'AccessDenied' }]);
    await two.close();
    expect((await fetch(`${tried.sandbox.endpoint}${path}`)).status).toBe(405);
  });
});

it('answers a failure whose hearer fails too, and goes on', async () => {
  let isBroken = true;
  const clock = () => {
    if (isBroken) throw new Error('no clock');
    return Date.now();
  };
  isBroken = false;
  const failing = await trySandbox({
    clock,
    onFailure: () => {
      throw new Error('nobody listens');
    },
  });
  try {
    isBroken = true;
    const session = 'Action=GetSessionToken&Version=2011-06-15';
    expect((await failing.post('sts', session)).status).toBe(500);
    isBroken = false;
    expect((await failing.post('sts', identity)).status).toBe(200);
  } finally {
    await failing.close();
  }
});
