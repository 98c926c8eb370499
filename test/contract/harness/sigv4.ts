/**
 * Signature Version 4, written for tests and on its own: nothing here is shared with `enforcement/`, so that one
 * doesn't repeat the other's mistake, and every part of a request can be broken before or after it is signed.
 */
import { createHash, createHmac } from 'node:crypto';
import type { ClientCredentials } from './aws-client.ts';

export type Header = readonly [name: string, value: string];

export interface Draft {
  readonly method: string;
  /** As it will be sent: percent-encoded once. */
  readonly path: string;
  /** As it will be sent, without the question mark. */
  readonly query: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export interface Signing {
  readonly credentials: ClientCredentials;
  readonly service: string;
  readonly region: string;
  /** What the signature is dated; epoch milliseconds. */
  readonly dateMs: number;
  /** Names in lower case; default: all headers of the draft. */
  readonly signedHeaders?: readonly string[];
  /** What the canonical request ends with; default: the body's hash. */
  readonly payloadHash?: string;
  /** The scope as written, where it shall differ from the true one; the key is derived from it as well. */
  readonly scope?: Partial<Scope>;
  readonly algorithm?: string;
}

export interface Scope {
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

export interface Signature {
  readonly hex: string;
  readonly signingKey: Buffer;
  readonly scope: string;
  readonly dateText: string;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

/** Signs a draft by its Authorization header. `x-amz-date` and the token's header are added, and signed. */
export function signByHeader(draft: Draft, signing: Signing): Draft & { readonly signature: Signature } {
  const { sessionToken, accessKeyId } = signing.credentials;
  const dated: Draft = {
    ...draft,
    headers: [
      ...draft.headers,
      ['x-amz-date', dateTextOf(signing.dateMs)],
      ...(sessionToken === undefined ? [] : [['x-amz-security-token', sessionToken] as const]),
    ],
  };
  const signedHeaders = signedHeadersOf(dated, signing);
  const signature = signatureOf(dated, signing, signedHeaders);
  const authorization = `${signing.algorithm ?? 'AWS4-HMAC-SHA256'} Credential=${accessKeyId}/${signature.scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature.hex}`;
  return { ...dated, headers: [...dated.headers, ['authorization', authorization]], signature };
}

/** Signs a draft by its query. The payload of such a request is `UNSIGNED-PAYLOAD` unless said otherwise. */
export function presign(
  draft: Draft,
  signing: Signing,
  expiresSeconds: number,
): Draft & { readonly signature: Signature } {
  const { sessionToken, accessKeyId } = signing.credentials;
  const signedHeaders = signedHeadersOf(draft, signing);
  const scope = scopeOf(signing);
  const parameters: [string, string][] = [
    ['X-Amz-Algorithm', signing.algorithm ?? 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${accessKeyId}/${scopeText(scope)}`],
    ['X-Amz-Date', dateTextOf(signing.dateMs)],
    ['X-Amz-Expires', String(expiresSeconds)],
    ['X-Amz-SignedHeaders', signedHeaders.join(';')],
  ];
  if (sessionToken !== undefined) parameters.push(['X-Amz-Security-Token', sessionToken]);
  const added = parameters.map(([name, value]) => `${name}=${encode(value)}`).join('&');
  const query = draft.query === '' ? added : `${draft.query}&${added}`;
  const unsigned = { ...draft, query };
  const signature = signatureOf(unsigned, { payloadHash: 'UNSIGNED-PAYLOAD', ...signing }, signedHeaders);
  return { ...unsigned, query: `${query}&X-Amz-Signature=${signature.hex}`, signature };
}

/** The draft with one header's value changed, after it was signed; with undefined it goes. */
export function withHeader(draft: Draft, name: string, change: (value: string) => string | undefined): Draft {
  const headers = draft.headers.flatMap(([candidate, value]): readonly Header[] => {
    if (candidate.toLowerCase() !== name) return [[candidate, value]];
    const changed = change(value);
    return changed === undefined ? [] : [[candidate, changed]];
  });
  return { ...draft, headers };
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

export function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** `20260102T030405Z`. */
function dateTextOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d+/g, '');
}

function signedHeadersOf(draft: Draft, signing: Signing): readonly string[] {
  const names = signing.signedHeaders ?? draft.headers.map(([name]) => name.toLowerCase());
  return [...new Set(names)].sort();
}

function scopeOf(signing: Signing): Scope {
  return {
    day: dateTextOf(signing.dateMs).slice(0, 8),
    region: signing.region,
    service: signing.service,
    terminator: 'aws4_request',
    ...signing.scope,
  };
}

function scopeText(scope: Scope): string {
  return `${scope.day}/${scope.region}/${scope.service}/${scope.terminator}`;
}

function signatureOf(draft: Draft, signing: Signing, signedHeaders: readonly string[]): Signature {
  const scope = scopeOf(signing);
  const canonicalRequest = [
    draft.method,
    signing.service === 's3' ? draft.path : draft.path.split('/').map(encode).join('/'),
    canonicalQuery(draft.query),
    ...signedHeaders.map((name) => `${name}:${canonicalHeader(draft, name)}`),
    '',
    signedHeaders.join(';'),
    signing.payloadHash ?? sha256(draft.body),
  ].join('\n');
  const dateText = dateTextOf(signing.dateMs);
  const stringToSign = ['AWS4-HMAC-SHA256', dateText, scopeText(scope), sha256(canonicalRequest)].join('\n');
  let signingKey = hmac(`AWS4${signing.credentials.secretAccessKey}`, scope.day);
  for (const part of [scope.region, scope.service, scope.terminator]) signingKey = hmac(signingKey, part);
  const hex = hmac(signingKey, stringToSign).toString('hex');
  return { hex, signingKey, scope: scopeText(scope), dateText, canonicalRequest, stringToSign };
}

function canonicalHeader(draft: Draft, name: string): string {
  return draft.headers
    .filter(([candidate]) => candidate.toLowerCase() === name)
    .map(([, value]) => value.trim().replace(/ +/g, ' '))
    .join(',');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value.join('=')))] as const;
  });
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** RFC 3986: all but the unreserved. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
