import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isStepupError, type StepupError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { resolveEndpoint } from './endpoints.ts';
import { listMfaDevices } from './iam-devices.ts';
import { getCallerIdentity, getSessionToken } from './sts.ts';

const NOW = Date.UTC(2026, 1, 3, 4, 5, 6);
const SERIAL = 'arn:aws:iam::123456789012:mfa/me';
const REQUEST = { serialNumber: SERIAL, code: '123456', durationSeconds: 900 };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Seen {
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** A server that answers each request as told, and the requests that it saw. */
async function serve(answer: (response: ServerResponse) => void): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ form: new URLSearchParams(body), headers: request.headers });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function connection(url: string, more: Partial<Connection> = {}, service: 'sts' | 'iam' = 'sts'): Connection {
  return {
    endpoint: resolveEndpoint(service, { region: 'eu-west-1', custom: { url, origin: 'the test' } }),
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    now: () => NOW,
    ...more,
  };
}

async function failure(promise: Promise<unknown>): Promise<StepupError> {
  try {
    await promise;
  } catch (error) {
    if (isStepupError(error)) return error;
    throw error;
  }
  throw new Error('it was to fail');
}

const refusal =
  (code: string, message: string, date = new Date(NOW).toUTCString()) =>
  (response: ServerResponse) => {
    response.writeHead(403, { date, 'content-type': 'text/xml' });
    response.end(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    );
  };

describe('a call', () => {
  it('posts a signed form and reads the answer', async () => {
    const { url, seen } = await serve((response) =>
      response.end(
        `<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>a/b+c</SecretAccessKey><SessionToken>tok&amp;en==</SessionToken><Expiration>2026-02-03T05:05:06Z</Expiration></Credentials></GetSessionTokenResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetSessionTokenResponse>`,
      ),
    );
    expect(await getSessionToken(REQUEST, connection(url))).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 'a/b+c',
      sessionToken: 'tok&en==',
      expiresAtMs: NOW + 3_600_000,
    });
    expect(seen).toHaveLength(1);
    expect(Object.fromEntries(seen[0]!.form)).toEqual({
      Action: 'GetSessionToken',
      Version: '2011-06-15',
      SerialNumber: SERIAL,
      TokenCode: '123456',
      DurationSeconds: '900',
    });
    expect(seen[0]!.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20260203\/eu-west-1\/sts\//,
    );
  });

  it.each([0, 1, 2])('reads a list of %i devices', async (count) => {
    const members = [SERIAL, 'GAHT12345678']
      .slice(0, count)
      .map(
        (serial) =>
          `<member><UserName>me</UserName><SerialNumber>${serial}</SerialNumber><EnableDate>2026-01-01T00:00:00Z</EnableDate></member>`,
      );
    const { url } = await serve((response) =>
      response.end(
        `<ListMFADevicesResponse><ListMFADevicesResult><IsTruncated>false</IsTruncated><MFADevices>${members.join('')}</MFADevices></ListMFADevicesResult></ListMFADevicesResponse>`,
      ),
    );
    const devices = await listMfaDevices(connection(url, {}, 'iam'));
    expect(devices.map(({ serialNumber }) => serialNumber)).toEqual([SERIAL, 'GAHT12345678'].slice(0, count));
  });
});

describe('a refusal', () => {
  const wrongCode = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';
  const wrongDevice =
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.';
  const badSignature =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
  const hourAhead = new Date(NOW + 3_600_000).toUTCString();
  it.each([
    ['AccessDenied', wrongCode, 'code-refused', { serialNumber: SERIAL, aheadSeconds: 0 }],
    ['AccessDenied', wrongDevice, 'device-refused', { serialNumber: SERIAL }],
    [
      'AccessDenied',
      'Cannot call GetSessionToken with session credentials',
      'aws-refused',
      { operation: 'GetSessionToken', status: 403 },
    ],
    [
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      'key-unknown',
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    ],
    ['ExpiredToken', 'The security token included in the request is expired', 'session-expired', {}],
    ['SignatureDoesNotMatch', badSignature, 'secret-wrong', { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
    [
      'SignatureDoesNotMatch',
      'Signature expired: 20260203T040506Z is now earlier than 20260203T050006Z (20260203T050506Z - 5 min.)',
      'clock-wrong',
      { aheadSeconds: -3600 },
      hourAhead,
    ],
    [
      'SignatureDoesNotMatch',
      "Credential should be scoped to a valid Region, not 'x'. ",
      'aws-refused',
      { awsCode: 'SignatureDoesNotMatch' },
    ],
    ['Throttling', 'Rate exceeded', 'aws-refused', { awsCode: 'Throttling' }],
  ] as const)('%s "%s" is %s', async (awsCode, message, code, fields, date?: string) => {
    const { url, seen } = await serve(refusal(awsCode, message, date));
    const error = await failure(getSessionToken(REQUEST, connection(url)));
    expect(error.code).toBe(code);
    expect(error.fields).toMatchObject(fields);
    expect(seen).toHaveLength(1);
  });

  it('takes the time out of the message where there is no Date', async () => {
    const message =
      'Signature not yet current: 20260203T040506Z is still later than 20260203T031006Z (20260203T030506Z + 5 min.)';
    const { url } = await serve((response) => {
      response.sendDate = false;
      response.writeHead(403);
      response.end(
        `<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    });
    const error = await failure(getCallerIdentity(connection(url)));
    expect(error.code).toBe('clock-wrong');
    expect(error.fields).toMatchObject({ aheadSeconds: 3600 });
  });

  it.each([
    ['<html>Sign in to the network</html>', 200],
    ['', 502],
    ['{"message":"no"}', 403],
    ['<GetCallerIdentityResponse></GetCallerIdentityResponse>', 200],
    ['<!DOCTYPE a [<!ENTITY b "c">]><ErrorResponse><Error><Code>&b;</Code></Error></ErrorResponse>', 403],
    ['<a><b></a>', 200],
    ['x'.repeat(1024 * 1024 + 1), 200],
  ])('that is no answer of AWS (%.40s, %i) says so', async (body, status) => {
    const { url } = await serve((response) => {
      response.writeHead(status);
      response.end(body);
    });
    const error = await failure(getCallerIdentity(connection(url)));
    expect([error.code, error.fields]).toEqual(['answer-not-aws', { host: new URL(url).host, status }]);
  });
});

describe('a network that fails', () => {
  it('refuses: nobody listens', async () => {
    const error = await failure(getCallerIdentity(connection('http://127.0.0.1:1')));
    expect([error.code, error.fields]).toMatchObject([
      'endpoint-unreachable',
      { problem: 'refused', detail: 'ECONNREFUSED', sent: false, customOrigin: 'the test' },
    ]);
  });

  it('has no such name', async () => {
    const error = await failure(getCallerIdentity(connection('https://sts.invalid')));
    expect([error.code, error.fields]).toMatchObject(['endpoint-unreachable', { problem: 'name', sent: false }]);
  });

  it('hangs after the request was sent', async () => {
    const { url, seen } = await serve(() => undefined);
    const error = await failure(getSessionToken(REQUEST, connection(url, { totalTimeoutMs: 200 })));
    expect([error.code, error.fields]).toMatchObject(['endpoint-unreachable', { problem: 'timeout', sent: true }]);
    expect(seen).toHaveLength(1);
  });

  it('hangs before TLS stands', async () => {
    const silent = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closers.push(() => silent.close());
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const error = await failure(getCallerIdentity(connection(url, { connectTimeoutMs: 200 })));
    expect([error.code, error.fields]).toMatchObject(['endpoint-unreachable', { problem: 'timeout', sent: false }]);
  });

  it('speaks no TLS', async () => {
    const { url } = await serve((response) => response.end());
    const error = await failure(getCallerIdentity(connection(url.replace('http:', 'https:'))));
    expect([error.code, error.fields]).toMatchObject(['endpoint-unreachable', { problem: 'tls', sent: false }]);
  });

  it('breaks off in the middle of the answer', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('<Get');
      setTimeout(() => response.destroy(), 20);
    });
    const error = await failure(getCallerIdentity(connection(url)));
    expect([error.code, error.fields]).toMatchObject(['endpoint-unreachable', { problem: 'broken-off', sent: true }]);
  });

  it('is left by Ctrl-C', async () => {
    const { url } = await serve(() => undefined);
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 50);
    const error = await failure(getCallerIdentity(connection(url, { signal: interruption.signal })));
    expect(error.code).toBe('interrupted');
  });
});
