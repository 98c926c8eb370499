/** What a signed request claims: whose key, which scope, which headers, when, and the signature itself. */
import { header, headerValues, type SignedRequest } from '../signed-request.ts';
import type { SignedHeaders } from './canonical-request.ts';
import type { Dialect, SignatureForm } from './dialect.ts';
import { ALGORITHM, authorizationParts, type CredentialScope, parseCredential, queryParameters } from './scope.ts';
import { parseTimestamp, readDateHeader } from './timestamp.ts';

const MAX_PRESIGNED_SECONDS = 604_800;

export interface SignatureClaim extends SignedHeaders {
  readonly form: SignatureForm;
  readonly scope: CredentialScope;
  /** As given; nothing is known of its form. */
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`, and the same in epoch milliseconds. */
  readonly timestamp: string;
  readonly signedAtMs: number;
  /** Of the query form; absent if it doesn't say. */
  readonly expiresSeconds?: number | undefined;
  readonly securityToken?: string | undefined;
  /** What the query form says of the body. */
  readonly contentSha256?: string | undefined;
}

/** Reads the claim in whichever form it came. Throws Refusal if there is none, or it can't be read. */
export function readClaim(request: SignedRequest, dialect: Dialect): SignatureClaim {
  const [authorization, another] = headerValues(request, 'authorization');
  const parameters = queryParameters(request.rawQuery);
  const presigned = QUERY_PARTS.some((name) => parameters.has(name));
  if (authorization === undefined) {
    if (!presigned) throw dialect.refuse.noAuthentication();
    return readQueryForm(parameters, dialect);
  }
  if (presigned) throw dialect.refuse.bothForms();
  if (another !== undefined) throw dialect.refuse.otherMechanism(authorization);
  return readHeaderForm(request, authorization, dialect);
}

const HEADER_PARTS = ['Credential', 'Signature', 'SignedHeaders'] as const;
const QUERY_PARTS = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-SignedHeaders', 'X-Amz-Signature'] as const;

function readHeaderForm(request: SignedRequest, authorization: string, dialect: Dialect): SignatureClaim {
  const { refuse } = dialect;
  if (!authorization.startsWith(`${ALGORITHM} `)) throw refuse.otherMechanism(authorization);
  const parts = authorizationParts(authorization);
  const { Credential: credential, Signature: signature, SignedHeaders: signedHeaders } = parts;
  if (!credential || !signature || !signedHeaders) {
    const missing = HEADER_PARTS.filter((name) => !parts[name]);
    throw refuse.incompleteHeader(missing, authorization);
  }
  const scope = parseCredential(credential);
  if (scope === undefined) throw refuse.malformedCredential('header', credential);
  const date = header(request, 'x-amz-date') ?? header(request, 'date');
  if (date === undefined) throw refuse.noDate(authorization);
  const signedAt = readDateHeader(date);
  if (signedAt === undefined) throw refuse.malformedDate('header', date);
  const { timestamp, signedAtMs } = signedAt;
  const securityToken = header(request, 'x-amz-security-token');
  const signedHeaderNames = signedHeaders.split(';');
  return { form: 'header', scope, signedHeaders, signedHeaderNames, signature, timestamp, signedAtMs, securityToken };
}

function readQueryForm(parameters: ReadonlyMap<string, readonly string[]>, dialect: Dialect): SignatureClaim {
  const { refuse } = dialect;
  const only = (name: string): string | undefined => {
    const values = parameters.get(name);
    if (values !== undefined && values.length > 1) throw refuse.incompleteQuery();
    return values?.[0];
  };
  const [algorithm, credential, signedHeaders, signature] = QUERY_PARTS.map(only);
  const timestamp = only('X-Amz-Date');
  const expires = only('X-Amz-Expires');
  if (!credential || !signedHeaders || !signature || !timestamp || algorithm !== ALGORITHM)
    throw refuse.incompleteQuery();
  if (expires === undefined && dialect.presigned.expiresRequired) throw refuse.incompleteQuery();
  const scope = parseCredential(credential);
  if (scope === undefined) throw refuse.malformedCredential('query', credential);
  const signedAtMs = parseTimestamp(timestamp);
  if (signedAtMs === undefined) throw refuse.malformedDate('query', timestamp);

  const expiresSeconds = expires === undefined ? undefined : readExpires(expires, dialect);
  const securityToken = only('X-Amz-Security-Token');
  const contentSha256 = only('X-Amz-Content-Sha256');
  return {
    form: 'query',
    scope,
    signedHeaders,
    signedHeaderNames: signedHeaders.split(';'),
    signature,
    timestamp,
    signedAtMs,
    expiresSeconds,
    securityToken,
    contentSha256,
  };
}

function readExpires(text: string, dialect: Dialect): number {
  const { refuse } = dialect;
  if (!/^-?\d{1,12}$/.test(text)) throw refuse.expiresNotANumber();
  const seconds = Number(text);
  if (seconds < 0) throw refuse.expiresNegative();
  if (seconds > MAX_PRESIGNED_SECONDS) throw refuse.expiresTooLong();
  return seconds;
}
