/** Console sign-in: credentials of a role or a federation token become a page; a user's session does not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsClient, type ClientCredentials, credentialsOf, succeed } from './harness/aws-client.ts';
import { jsClient } from './harness/js-client.ts';
import { assume, giveItAPhone, hire, logIn, type PersonWithPhone } from './harness/people.ts';
import { policyText, trustText } from './harness/policy-text.ts';
import { openSandbox, type TestAccount, type TestSandbox } from './harness/test-sandbox.ts';

let sandbox: TestSandbox;
let client: AwsClient;
let account: TestAccount;
let alice: PersonWithPhone;
let roleArn: string;

beforeAll(async () => {
  sandbox = await openSandbox({ accounts: ['111122223333'] });
  client = jsClient(sandbox.endpoint);
  [account] = sandbox.accounts;
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  alice = await giveItAPhone(client, account, await hire(client, account, 'alice', [everything]), sandbox.clock);
  const role = { RoleName: 'work', AssumeRolePolicyDocument: trustText(alice.arn), MaxSessionDuration: 43_200 };
  roleArn = (await succeed(client, 'iam', 'CreateRole', role, account.root))['Role'].Arn;
});
afterAll(async () => {
  await client.close();
  await sandbox.close();
});

function federation(parameters: Readonly<Record<string, string>>) {
  return fetch(`${sandbox.endpoint}/federation?${new URLSearchParams(parameters)}`);
}

function sessionJson({ accessKeyId, secretAccessKey, sessionToken = '' }: ClientCredentials): string {
  return JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken });
}

function getToken(credentials: ClientCredentials, more: Readonly<Record<string, string>> = {}) {
  return federation({ Action: 'getSigninToken', Session: sessionJson(credentials), ...more });
}

async function signIn(token: string): Promise<Response> {
  const Destination = 'https://console.aws.amazon.com/s3/';
  return federation({ Action: 'login', Issuer: 'https://example.com', Destination, SigninToken: token });
}

async function tokenOf(response: Response): Promise<string> {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return (JSON.parse(text) as { readonly SigninToken: string }).SigninToken;
}

test('a role session signs in, once', async () => {
  const session = await assume(client, roleArn, alice.key);
  const token = await tokenOf(await getToken(session));
  const page = await signIn(token);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  expect(html).toContain('arn:aws:sts::111122223333:assumed-role/work/test');
  expect(html).toContain('https://console.aws.amazon.com/s3/');
  expect((await signIn(token)).status).toBe(400);
});

test('a federation token signs in', async () => {
  const input = { Name: 'guest', Policy: policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) };
  const session = credentialsOf(await succeed(client, 'sts', 'GetFederationToken', input, alice.key));
  const page = await signIn(await tokenOf(await getToken(session)));
  expect(await page.text()).toContain('federated-user/guest');
});

test.each<[string, () => Promise<ClientCredentials> | ClientCredentials]>([
  ["GetSessionToken's credentials", () => logIn(client, alice)],
  ['a long-term key', () => alice.key],
  [
    "a role session with another's key",
    async () => ({ ...(await assume(client, roleArn, alice.key)), secretAccessKey: alice.key.secretAccessKey }),
  ],
  [
    'a role session with an altered token',
    async () => {
      const session = await assume(client, roleArn, alice.key);
      return { ...session, sessionToken: `${session.sessionToken?.slice(0, -6)}AAAAAA` };
    },
  ],
])('%s can’t sign in', async (_what, credentials) => {
  const refused = await getToken(await credentials());
  expect(refused.status).toBe(400);
  expect(await refused.text()).not.toContain('SigninToken":');
});

test('an expired session can’t sign in, nor a token that lay for longer than fifteen minutes', async () => {
  const session = await assume(client, roleArn, alice.key, { DurationSeconds: 3600 });
  const token = await tokenOf(await getToken(session));
  sandbox.clock.advance(901_000);
  expect((await signIn(token)).status).toBe(400);
  sandbox.clock.advance(3_600_000);
  expect((await getToken(session)).status).toBe(400);
});

test('SessionDuration is for a role that was entered by a key', async () => {
  const direct = await assume(client, roleArn, alice.key);
  expect((await getToken(direct, { SessionDuration: '43200' })).status).toBe(200);
  expect((await getToken(direct, { SessionDuration: '43201' })).status).toBe(400);
  expect((await getToken(direct, { SessionDuration: '60' })).status).toBe(400);
  const chained = await assume(client, roleArn, await logIn(client, alice));
  expect((await getToken(chained)).status).toBe(200);
  expect((await getToken(chained, { SessionDuration: '7200' })).status).toBe(400);
  const input = { Name: 'guest', Policy: policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) };
  const federated = credentialsOf(await succeed(client, 'sts', 'GetFederationToken', input, alice.key));
  expect((await getToken(federated, { SessionDuration: '3600' })).status).toBe(400);
});

test('what others wrote is text in the page', async () => {
  const session = await assume(client, roleArn, alice.key);
  const SigninToken = await tokenOf(await getToken(session));
  const page = await federation({
    Action: 'login',
    Issuer: '<script>alert(1)</script>',
    Destination: 'javascript:alert("1")',
    SigninToken,
  });
  const html = await page.text();
  expect(html).not.toMatch(/<script|href=/i);
  expect(html).toContain('&lt;script&gt;');
});
