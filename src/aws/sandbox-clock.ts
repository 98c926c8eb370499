/** The clock of a stepup sandbox, which its first root key may move: no part of AWS's API. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Connection, notAws } from './connection.ts';
import { post } from './send.ts';

/** Moves it ahead. Throws as `post`, and `answer-not-aws` where no sandbox answers, or not to this key. */
export async function advanceSandboxClock(seconds: number, connection: Connection): Promise<void> {
  const url = new URL('/_stepup/clock', connection.endpoint.url);
  const body = JSON.stringify({ advanceSeconds: seconds });
  const signer = new SignatureV4({
    credentials: connection.credentials,
    region: connection.endpoint.signingRegion,
    service: 'stepup',
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    headers: { host: url.host, 'content-type': 'application/json' },
    body,
  });
  const { host: _, ...signed } = headers;
  const { status } = await post({ ...connection.endpoint, url }, signed, body, connection);
  if (status !== 200) throw notAws(connection, status);
}

/** SHA-256, keyed or not, as the signer wants it. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
