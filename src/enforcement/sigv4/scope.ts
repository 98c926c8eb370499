/** The credential scope of a signature, and where a request carries its claims: header or query. */
import { header, type SignedRequest } from '../signed-request.ts';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
export const TERMINATOR = 'aws4_request';

/** `KEYID/YYYYMMDD/region/service/aws4_request`, in parts. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** What is signed of it: all but the key id. */
  readonly text: string;
}

/** Undefined if it hasn't five parts. */
export function parseCredential(credential: string): CredentialScope | undefined {
  const keyEnd = credential.indexOf('/');
  const dateEnd = credential.indexOf('/', keyEnd + 1);
  const regionEnd = credential.indexOf('/', dateEnd + 1);
  const serviceEnd = credential.indexOf('/', regionEnd + 1);
  // One that isn't there is at -1: before the one before it.
  const isWhole = keyEnd > 0 && keyEnd < dateEnd && dateEnd < regionEnd && regionEnd < serviceEnd;
  if (!isWhole || credential.includes('/', serviceEnd + 1)) return undefined;
  return {
    accessKeyId: credential.slice(0, keyEnd),
    date: credential.slice(keyEnd + 1, dateEnd),
    region: credential.slice(dateEnd + 1, regionEnd),
    service: credential.slice(regionEnd + 1, serviceEnd),
    terminator: credential.slice(serviceEnd + 1),
    text: credential.slice(keyEnd + 1),
  };
}

/** The scope that a request claims, for routing; nothing is verified. Undefined if there is none that can be read. */
export function claimedScope(request: SignedRequest): CredentialScope | undefined {
  const authorization = header(request, 'authorization');
  const credential =
    authorization === undefined
      ? queryParameters(request.rawQuery).get('X-Amz-Credential')?.[0]
      : authorizationParts(authorization).Credential;
  return credential === undefined ? undefined : parseCredential(credential);
}

/** Undefined: not there. Empty: nothing, or said twice, which is said ambiguously. */
export interface AuthorizationParts {
  Credential?: string;
  SignedHeaders?: string;
  Signature?: string;
}

/** The parts of an Authorization header, whatever its algorithm. */
export function authorizationParts(authorization: string): Readonly<AuthorizationParts> {
  const parts: AuthorizationParts = {};
  const blank = authorization.indexOf(' ');
  if (blank === -1) return parts;
  for (let start = blank + 1, end = blank; end !== authorization.length; start = end + 1) {
    const comma = authorization.indexOf(',', start);
    end = comma === -1 ? authorization.length : comma;
    const part = authorization.slice(start, end);
    const equals = part.indexOf('=');
    const value = part.slice(equals + 1).trim();
    switch (part.slice(0, Math.max(equals, 0)).trim()) {
      case 'Credential':
        parts.Credential = parts.Credential === undefined ? value : '';
        break;
      case 'SignedHeaders':
        parts.SignedHeaders = parts.SignedHeaders === undefined ? value : '';
        break;
      case 'Signature':
        parts.Signature = parts.Signature === undefined ? value : '';
        break;
    }
  }
  return parts;
}

const NO_PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map();

/** Query parameters by name, decoded, each with all its values. What can't be decoded stays as it was sent. */
export function queryParameters(rawQuery: string): ReadonlyMap<string, readonly string[]> {
  if (rawQuery === '') return NO_PARAMETERS;
  const parameters = new Map<string, string[]>();
  for (const part of rawQuery.split('&')) {
    const equals = part.indexOf('=');
    const name = decoded(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? '' : decoded(part.slice(equals + 1));
    const values = parameters.get(name);
    if (values === undefined) parameters.set(name, [value]);
    else values.push(value);
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
