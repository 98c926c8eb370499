import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { DeleteRoleCommand, DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetFederationTokenCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keys, type TriedSandbox, trySandbox } from '../../../test/support/sandbox-clients.ts';
import { allowing, assume, hire, keysOf, makeRole, policy } from '../../../test/support/sandbox-people.ts';

let tried: TriedSandbox;
let ann: Keys;
let roleArn: string;
beforeAll(async () => {
  tried = await trySandbox();
  ann = await hire(tried, 'ann', [allowing('*')]);
  roleArn = await makeRole(tried, 'deploy', [allowing('*')]);
});
afterAll(async () => {
  await tried.close();
  expect(tried.failures).toEqual([]);
});

function sessionOf({ accessKeyId, secretAccessKey, sessionToken }: Keys): string {
  return JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken });
}

/** By Node's own client: fetch sets Sec-Fetch-Mode itself. */
async function ask(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const url = `${tried.sandbox.endpoint}/federation?${new URLSearchParams(parameters)}`;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).on('error', reject);
  });
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

async function getToken(keys: Keys, more: Record<string, string> = {}) {
  const { status, text } = await ask({ Action: 'getSigninToken', Session: sessionOf(keys), ...more });
  return { status, text, token: status === 200 ? String(JSON.parse(text).SigninToken) : '' };
}

function logIn(SigninToken: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const Destination = 'https://console.aws.amazon.com/';
  return ask({ Action: 'login', Issuer: 'stepup', Destination, SigninToken, ...more }, headers);
}

describe('sign-in', () => {
  it('shows who a role session is, once', async () => {
    const { token } = await getToken(await assume(tried, ann, roleArn));
    const browser = { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
    const page = await logIn(token, {}, browser);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.text).toContain(`arn:aws:sts::${tried.root.accountId}:assumed-role/deploy/tests`);
    const again = await logIn(token);
    expect(again.status).toBe(400);
    expect(again.text).toContain('it works once');
  });

  it('works for a federation session, and by POST', async () => {
    const { Credentials } = await tried
      .sts(ann)
      .send(new GetFederationTokenCommand({ Name: 'guest', Policy: policy(allowing('s3:*')) }));
    const keys = keysOf(Credentials);
    const body = new URLSearchParams({ Action: 'getSigninToken', Session: sessionOf(keys) });
    const response = await fetch(`${tried.sandbox.endpoint}/federation`, { method: 'POST', body });
    const { SigninToken } = (await response.json()) as { SigninToken: string };
    expect((await logIn(SigninToken)).text).toContain('federated-user/guest');
    expect(await getToken(keys, { SessionDuration: '3600' })).toMatchObject({ status: 400 });
  });

  it("refuses GetSessionToken's credentials and long-term keys", async () => {
    const { Credentials } = await tried.sts(ann).send(new GetSessionTokenCommand());
    const refused = await getToken(keysOf(Credentials));
    expect(refused).toMatchObject({
      status: 400,
      text: 'Credentials of GetSessionToken cannot sign in to the console.\n',
    });
    expect(await getToken(ann)).toMatchObject({ status: 400 });
  });

  it('refuses a wrong secret, an altered token, and those of two sessions mixed', async () => {
    const one = await assume(tried, ann, roleArn);
    const two = await assume(tried, ann, roleArn);
    for (const keys of [
      { ...one, secretAccessKey: `${one.secretAccessKey}x` },
      { ...one, secretAccessKey: two.secretAccessKey },
      { ...one, sessionToken: two.sessionToken ?? '' },
      { ...one, sessionToken: `A${one.sessionToken}` },
      { ...one, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' },
      { ...one, accessKeyId: '' },
    ]) {
      expect(await getToken(keys)).toMatchObject({ status: 400, text: 'The session is not valid.\n' });
    }
    for (const Session of ['', 'nonsense', 'null', '{}', '[]', '{"sessionId":1}']) {
      expect(await ask({ Action: 'getSigninToken', Session })).toMatchObject({ status: 400 });
    }
  });

  it('takes SessionDuration within its range, for a role that was not chained', async () => {
    const direct = await assume(tried, ann, roleArn);
    const { token } = await getToken(direct, { SessionDuration: '43200' });
    const until = /<dt>Until<\/dt><dd>(.*?)<\/dd>/.exec((await logIn(token)).text)?.[1] ?? '';
    expect((Date.parse(until) - Date.now()) / 1000).toBeCloseTo(43_200, -2);
    for (const SessionDuration of ['899', '43201', 'long', '', '-900', '1e4']) {
      expect(await getToken(direct, { SessionDuration })).toMatchObject({ status: 400 });
    }
    const { Credentials } = await tried.sts(ann).send(new GetSessionTokenCommand());
    const chained = await assume(tried, keysOf(Credentials), roleArn);
    const onward = await assume(tried, direct, roleArn);
    for (const keys of [chained, onward]) {
      expect(await getToken(keys, { SessionDuration: '900' })).toMatchObject({ status: 400 });
      expect(await getToken(keys)).toMatchObject({ status: 200 });
    }
  });

  it('ends: the token after fifteen minutes, the session when it expires or its role is gone', async () => {
    const keys = await assume(tried, ann, roleArn);
    const { token } = await getToken(keys);
    tried.sandbox.clock.advanceSeconds(15 * 60);
    expect((await logIn(token)).status).toBe(400);
    tried.sandbox.clock.advanceSeconds(46 * 60);
    expect(await getToken(keys)).toMatchObject({ status: 400, text: 'The session has expired.\n' });
    tried.sandbox.clock.reset();
    const short = await assume(tried, ann, await makeRole(tried, 'short', [allowing('*')]));
    await tried.iam().send(new DeleteRolePolicyCommand({ RoleName: 'short', PolicyName: 'own' }));
    await tried.iam().send(new DeleteRoleCommand({ RoleName: 'short' }));
    expect(await getToken(short)).toMatchObject({ status: 400, text: 'The session is not valid.\n' });
  });

  it('escapes what it shows', async () => {
    const { token } = await getToken(await assume(tried, ann, roleArn));
    const page = await logIn(token, { Destination: '"><script>alert(1)</script>', Issuer: '<b>' });
    expect(page.text).not.toMatch(/<script|<b>/);
    expect(page.text).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('is kept from pages: no script of theirs may ask, and no frame may show it', async () => {
    const keys = await assume(tried, ann, roleArn);
    const asked = await ask(
      { Action: 'getSigninToken', Session: sessionOf(keys) },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' },
    );
    expect(asked.status).toBe(403);
    const { token } = await getToken(keys);
    const framed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' };
    expect((await logIn(token, {}, framed)).status).toBe(403);
    expect((await logIn(token, {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await logIn(token)).status).toBe(200);
  });

  it('says what is missing', async () => {
    expect(await ask({})).toMatchObject({ status: 400 });
    expect(await ask({ Action: 'logout' })).toMatchObject({ status: 400, text: 'There is no action "logout".\n' });
    expect(await ask({ Action: 'login', Destination: 'x' })).toMatchObject({ status: 400 });
    expect((await ask({ Action: 'login', SigninToken: 'x' })).text).toContain('Destination is missing.');
  });
});

it('leaves a bucket called federation alone', async () => {
  const s3 = tried.s3();
  await s3.send(new CreateBucketCommand({ Bucket: 'federation' }));
  expect(await s3.send(new ListObjectsV2Command({ Bucket: 'federation' }))).toMatchObject({ KeyCount: 0 });
});
