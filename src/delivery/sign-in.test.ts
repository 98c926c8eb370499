import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signInUrl } from './sign-in.ts';

const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token', expiresAtMs: 1 };

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-sign-in-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  server?.close();
  rmSync(folder, { recursive: true });
});

async function listen(listening: Server): Promise<number> {
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as AddressInfo).port;
}

const giveToken: RequestListener = (_request, response) => response.end('{"SigninToken":"once"}');

test('changes credentials for an address that holds none of them', async () => {
  const port = await listen(createServer(giveToken));
  const url = await signInUrl({ credentials, endpoint: `http://127.0.0.1:${port}` });
  expect(url.searchParams.get('SigninToken')).toBe('once');
  expect(url.href).not.toContain('secret');
});

test('follows no redirect with the credentials', async () => {
  const asked: string[] = [];
  const port = await listen(
    createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    }),
  );
  await expect(signInUrl({ credentials, endpoint: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
    code: 'console-refused',
  });
  expect(asked).toHaveLength(1);
});

test('ends with its signal', async () => {
  const stop = new AbortController();
  const port = await listen(createServer(() => stop.abort(new Error('Ctrl-C'))));
  const wish = { credentials, endpoint: `http://127.0.0.1:${port}`, signal: stop.signal };
  await expect(signInUrl(wish)).rejects.toThrow('Ctrl-C');
});

test('gives the credentials to no host without a good certificate, whatever the environment says', async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  let asked = 0;
  const port = await listen(
    createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      asked += 1;
      giveToken(request, response);
    }),
  );
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  await expect(signInUrl({ credentials, endpoint: `https://localhost:${port}` })).rejects.toMatchObject({
    code: 'endpoint-unreachable',
    fields: { detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  expect(asked).toBe(0);
});

test.each(['evil.example/', 'a.b', 'x@evil', ''])('takes no region %j that would end the host name', async (region) => {
  await expect(signInUrl({ credentials, region })).rejects.toMatchObject({ code: 'usage' });
});
