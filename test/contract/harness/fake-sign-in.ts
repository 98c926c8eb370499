/**
 * What can't run here: the portal of Identity Center (GetRoleCredentials) and the token endpoint behind `aws login`
 * (CreateOAuth2Token), one loopback server for both. It gives whatever credentials it was told to, to who shows the
 * right token, and verifies the DPoP proof (RFC 9449) as the real one must.
 */
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ClientCredentials } from './aws-client.ts';

export interface FakeSignIn {
  readonly endpoint: string;
  /** What a sign-in gives from now on; undefined: it has ended. */
  gives: ClientCredentials | undefined;
  /** The requests that were answered with credentials. */
  count: number;
  /** Writes what `aws login` leaves for this identity; its credentials have run out, so that they must be refreshed. */
  writeLoginToken(home: string, identity: string): Promise<void>;
  /** Writes what `aws sso login` leaves for this session. */
  writeSsoToken(home: string, session: string): Promise<void>;
  close(): Promise<void>;
}

const bearer = 'portal-token';
const refreshToken = 'refresh-token';
const lifetimeMs = 900_000;

export async function openFakeSignIn(): Promise<FakeSignIn> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    readAll(request).then((body) => {
      const given = self.gives;
      if (given === undefined) return answer(403, { __type: 'AccessDeniedException', error: 'TOKEN_EXPIRED' });
      const path = (request.url ?? '').split('?')[0];
      if (path === '/federation/credentials') {
        if (request.headers['x-amz-sso_bearer_token'] !== bearer) return answer(401, { message: 'no' });
        self.count += 1;
        return answer(200, { roleCredentials: { ...given, expiration: Date.now() + lifetimeMs } });
      }
      if (path === '/v1/token') {
        if (!body.includes(refreshToken) || !provesKey(request)) return answer(400, { message: 'no' });
        self.count += 1;
        return answer(200, { accessToken: given, tokenType: 'aws_sigv4', expiresIn: 900, refreshToken });
      }
      return answer(404, {});
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const self: FakeSignIn = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    gives: undefined,
    count: 0,
    writeLoginToken: (home, identity) =>
      writeToken(join(home, '.aws/login/cache'), 'sha256', identity, {
        accessToken: { ...ended, accountId: '123456789012', expiresAt: new Date(0).toISOString() },
        tokenType: 'aws_sigv4',
        clientId: 'arn:aws:signin:::devtools/same-device',
        refreshToken,
        idToken: '',
        dpopKey: privateKey.export({ type: 'sec1', format: 'pem' }),
      }),
    writeSsoToken: (home, session) =>
      writeToken(join(home, '.aws/sso/cache'), 'sha1', session, {
        accessToken: bearer,
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}

const ended = { accessKeyId: 'ASIAENDED', secretAccessKey: 'x', sessionToken: 'x' };

async function writeToken(folder: string, hash: string, name: string, token: object): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${createHash(hash).update(name).digest('hex')}.json`);
  await writeFile(file, JSON.stringify(token), { mode: 0o600 });
}

/** A JWT for this method and path, signed with the key that it holds. */
function provesKey({ headers, method, url }: IncomingMessage): boolean {
  const [head = '', payload = '', signature = ''] = String(headers['dpop']).split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const key = createPublicKey({ key: read(head).jwk, format: 'jwk' });
  const claims = read(payload);
  const signed = Buffer.from(`${head}.${payload}`);
  const isSigned = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  return isSigned && claims.htm === method && new URL(claims.htu).pathname === url;
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
