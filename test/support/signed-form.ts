import { signByHeader } from '../contract/harness/sigv4.ts';

export interface FormKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The headers of a form posted to a sandbox, signed now by the tests' own signer; `host` is left to fetch. */
export function signedFormHeaders(
  url: URL,
  service: string,
  body: string,
  credentials: FormKeys,
): Record<string, string> {
  const draft = {
    method: 'POST',
    path: url.pathname,
    query: '',
    headers: [
      ['host', url.host],
      ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'],
    ] as const,
    body: Buffer.from(body),
  };
  const signed = signByHeader(draft, { credentials, service, region: 'us-east-1', dateMs: Date.now() });
  return Object.fromEntries(signed.headers.filter(([name]) => name !== 'host'));
}
