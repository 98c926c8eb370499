/** The local HTTP contract, met by a real browser: a person may open the sign-in page, a web page gets nothing. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsClient, credentialsOf, succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';
import { jsClient } from './harness/js-client.ts';
import { hire } from './harness/people.ts';
import { policyText } from './harness/policy-text.ts';
import { temporaryFolder } from './harness/temporary-folder.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';

let sandbox: TestSandbox;
let client: AwsClient;
let signInAddress: () => Promise<string>;

beforeAll(async () => {
  sandbox = await openSandbox();
  client = jsClient(sandbox.endpoint);
  const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const alice = await hire(client, sandbox.accounts[0], 'alice', everything);
  signInAddress = async () => {
    const input = { Name: 'guest', Policy: policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) };
    const { accessKeyId, secretAccessKey, sessionToken } = credentialsOf(
      await succeed(client, 'sts', 'GetFederationToken', input, alice.key),
    );
    const Session = JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken });
    const asked = new URLSearchParams({ Action: 'getSigninToken', Session });
    const answer = await fetch(`${sandbox.endpoint}/federation?${asked}`);
    const { SigninToken } = (await answer.json()) as { readonly SigninToken: string };
    const Destination = 'https://console.aws.amazon.com/';
    return `${sandbox.endpoint}/federation?${new URLSearchParams({ Action: 'login', Destination, SigninToken })}`;
  };
});
afterAll(async () => {
  await client.close();
  await sandbox.close();
});

/** The page as Chromium has it in the end. */
async function browse(address: string): Promise<string> {
  const home = await temporaryFolder();
  const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const args = [
    ...quiet,
    `--user-data-dir=${join(home, 'profile')}`,
    '--virtual-time-budget=5000',
    '--dump-dom',
    address,
  ];
  const { stdout, stderr } = await runChild('chromium', args, { env: cleanEnvironment(home) });
  if (stdout === '') throw new Error(stderr);
  return stdout;
}

/** A site that somebody else runs; `script` is what its page does. */
async function foreignPage(script: string): Promise<{ readonly address: string; readonly server: Server }> {
  const html = `<!doctype html><title>foreign</title><ul></ul><script>
    const note = (text) => { document.querySelector('ul').append(Object.assign(document.createElement('li'), { textContent: text })); };
    ${script}
  </script>`;
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

test('a person opens the sign-in page', async () => {
  const page = await browse(await signInAddress());
  expect(page).toContain('federated-user/guest');
});

test('a web page can neither read, nor post, nor frame', async () => {
  const framed = await signInAddress();
  const { address, server } = await foreignPage(`
    const endpoint = ${JSON.stringify(sandbox.endpoint)};
    const tries = [
      fetch(endpoint + '/').then((r) => note('read ' + r.status), () => note('read blocked')),
      fetch(endpoint + '/', { method: 'POST', body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }) })
        .then((r) => note('post ' + r.status), () => note('post blocked')),
      fetch(endpoint + '/', { mode: 'no-cors' }).then((r) => note('opaque ' + r.type), () => note('opaque blocked')),
    ];
    const frame = document.createElement('iframe');
    frame.src = ${JSON.stringify(framed)};
    document.body.append(frame);
  `);
  const page = await browse(address);
  server.close();
  expect(page).toContain('<li>read blocked</li>');
  expect(page).toContain('<li>post blocked</li>');
  // The frame was refused before it could use the address up: it still works for the person.
  expect(await browse(framed)).toContain('federated-user/guest');
});
