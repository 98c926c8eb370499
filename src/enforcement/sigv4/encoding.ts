/**
 * Percent-encoding as SigV4's canonical request demands it: every byte but the unreserved ones (RFC 3986) is `%XX` in
 * upper case. It works on what was sent without decoding it to text: two byte strings that differ never become equal.
 */

const UNRESERVED = /^[A-Za-z0-9\-_.~]*$/;
const UNRESERVED_PATH = /^[A-Za-z0-9\-_.~/]*$/;
const UNRESERVED_BYTE = /[A-Za-z0-9\-_.~]/;

/** `raw` with its escapes put into canonical form. A `%` that begins no escape stands for itself. */
export function canonicalEscapes(raw: string): string {
  return UNRESERVED.test(raw) ? raw : raw.replace(/%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-_.~]/g, canonicalByte);
}

/** The same for a path: slashes stay. */
export function canonicalPathEscapes(raw: string): string {
  return UNRESERVED_PATH.test(raw) ? raw : raw.replace(/%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-_.~/]/g, canonicalByte);
}

/** Every byte that isn't unreserved or a slash, a `%` too: the second encoding of all services but S3. */
export function encodePathAgain(path: string): string {
  return UNRESERVED_PATH.test(path) ? path : path.replace(/[^A-Za-z0-9\-_.~/]/g, escapeByte);
}

function canonicalByte(found: string, hex: string | undefined): string {
  if (hex === undefined) return escapeByte(found);
  const byte = String.fromCharCode(Number.parseInt(hex, 16));
  return UNRESERVED_BYTE.test(byte) ? byte : `%${hex.toUpperCase()}`;
}

/** A character of a request target is a byte: Node reads the request line as Latin-1. */
function escapeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
