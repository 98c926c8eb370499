import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { signForm } from './sign.ts';

/** The SDK's signer as the oracle, with Node's own hash in the shape that it wants. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as string);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('the signer hashes once');
  }
}

const NOW = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

describe('signForm', () => {
  it.each([
    ['https://sts.eu-west-1.amazonaws.com/', CREDENTIALS],
    ['http://127.0.0.1:4566/', CREDENTIALS],
    ['http://127.0.0.1:4566/a%20b/c', CREDENTIALS],
    ['https://sts.amazonaws.com/', { ...CREDENTIALS, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE+/=' }],
  ])("signs a form to %s as the SDK's signer does", async (href, credentials) => {
    const url = new URL(href);
    const body = 'Action=GetCallerIdentity&Version=2011-06-15&Odd=%C3%A4%20%2B';
    const signer = new SignatureV4({ credentials, region: 'eu-west-1', service: 'sts', sha256: Sha256 });
    const ours = signForm({ url, service: 'sts', region: 'eu-west-1', body, credentials, nowMs: NOW });
    const { authorization, ...headers } = ours;
    const oracle = await signer.sign(
      {
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: {},
        headers: { ...headers },
        body,
      },
      { signingDate: new Date(NOW), unsignableHeaders: new Set(['x-amz-content-sha256']) },
    );
    expect(authorization).toBe(oracle.headers['authorization']);
  });
});
