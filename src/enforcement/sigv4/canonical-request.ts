/**
 * SigV4's canonical request (IAM User Guide, "Create a signed AWS API request", step 1). The text is Latin-1: one
 * character a byte, as Node gives headers and request lines.
 */
import { headerValues, type SignedRequest } from '../signed-request.ts';
import { trimBlanks } from './blanks.ts';
import { canonicalEscapes, canonicalPathEscapes, encodePathAgain } from './encoding.ts';

export type PathEncoding = 'once' | 'normalised-twice';

/** Which headers a claim says are signed: as it lists them, and one by one. */
export interface SignedHeaders {
  /** Names in lower case, sorted, `;` between. Anything else fails the signature. */
  readonly signedHeaders: string;
  readonly signedHeaderNames: readonly string[];
}

/** Undefined if a header that is said to be signed isn't in the request, or the list isn't in order. */
export function canonicalRequest(
  request: SignedRequest,
  { signedHeaders, signedHeaderNames }: SignedHeaders,
  payloadHash: string,
  pathEncoding: PathEncoding,
): string | undefined {
  const headers = canonicalHeaders(request, signedHeaderNames);
  if (headers === undefined) return undefined;
  const path = canonicalPath(request.rawPath, pathEncoding);
  const query = canonicalQuery(request.rawQuery);
  return `${request.method}\n${path}\n${query}\n${headers}\n${signedHeaders}\n${payloadHash}`;
}

export function canonicalPath(rawPath: string, encoding: PathEncoding): string {
  if (rawPath === '/' || rawPath === '') return '/';
  return encoding === 'once' ? canonicalPathEscapes(rawPath) : encodePathAgain(normalisePath(rawPath));
}

/** Empty segments and `.` go, `..` takes its parent with it (RFC 3986, 5.2.4); a slash at the end stays. */
function normalisePath(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const last = segments.at(-1);
  const trailing = kept.length > 0 && (last === '' || last === '.' || last === '..') ? '/' : '';
  return `/${kept.join('/')}${trailing}`;
}

/** Sorted by name, then value; the signature of the query form isn't part of what it signs. */
export function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return '';
  const pairs: (readonly [name: string, value: string])[] = [];
  for (const part of rawQuery.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = canonicalParameter(equals === -1 ? part : part.slice(0, equals));
    if (name !== 'X-Amz-Signature') pairs.push([name, equals === -1 ? '' : canonicalParameter(part.slice(equals + 1))]);
  }
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** In a query a `+` is a space, and is read as one by the services behind. */
function canonicalParameter(raw: string): string {
  return canonicalEscapes(raw.includes('+') ? raw.replaceAll('+', '%20') : raw);
}

function canonicalHeaders(request: SignedRequest, names: readonly string[]): string | undefined {
  let text = '';
  let before = '';
  for (const name of names) {
    // In their order, each once: what is listed otherwise is a form that no client signs.
    if (name <= before) return undefined;
    before = name;
    const values = headerValues(request, name);
    if (values.length === 0) return undefined;
    text += `${name}:${values.length === 1 ? trimmed(values[0] ?? '') : values.map(trimmed).join(',')}\n`;
  }
  return text;
}

/** Without blanks at the ends, and with one space for each run within. */
function trimmed(value: string): string {
  const inner = trimBlanks(value);
  return /[ \t]{2}|\t/.test(inner) ? inner.replace(/[ \t]+/g, ' ') : inner;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
