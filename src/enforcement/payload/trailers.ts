/** Headers that follow an `aws-chunked` body: announced in `x-amz-trailer`, signed or not, checksums mostly. */
import { checksum, checksumAlgorithm } from '../checksum/algorithms.ts';
import { Refusal } from '../refusal.ts';
import { trimBlanks } from '../sigv4/blanks.ts';

const SIGNATURE = 'x-amz-trailer-signature';
/** The empty line after the last trailer, or after the last chunk where there are none. */
const END = '\r\n';

export interface Trailers {
  /** By name in lower case. */
  readonly values: ReadonlyMap<string, string>;
  readonly signature: string | undefined;
  /** What the trailer signature covers: `name:value\n` for each. */
  readonly canonical: string;
}

/**
 * Reads what follows the last chunk. `announced`: the names in `x-amz-trailer`; each must come, and none else. Throws
 * Refusal `MalformedTrailerError`.
 */
export function readTrailers(rest: Buffer, announced: readonly string[]): Trailers {
  const values = new Map<string, string>();
  let canonical = '';
  const text = rest.toString('latin1');
  if (!text.endsWith(END)) throw malformedTrailer();
  // AWS's own example puts a line feed before the \r\n that ends a trailer; most clients don't.
  for (const line of text
    .slice(0, -END.length)
    .split(/\n?\r\n/)
    .slice(0, -1)) {
    const colon = line.indexOf(':');
    const name = trimBlanks(line.slice(0, Math.max(colon, 0))).toLowerCase();
    if (name === '' || values.has(name) || line.includes('\n')) throw malformedTrailer();
    const value = trimBlanks(line.slice(colon + 1));
    values.set(name, value);
    if (name !== SIGNATURE) canonical += `${name}:${value}\n`;
  }
  const signature = values.get(SIGNATURE);
  values.delete(SIGNATURE);
  if (values.size !== announced.length || announced.some((name) => !values.has(name))) throw malformedTrailer();
  return { values, signature, canonical };
}

/** Every checksum among the trailers must be the body's. Throws Refusal `InvalidRequest` or `BadDigest`. */
export function checkTrailingChecksums(trailers: ReadonlyMap<string, string>, body: Buffer): void {
  for (const [name, value] of trailers) {
    const algorithm = checksumAlgorithm(name);
    if (algorithm === undefined) continue;
    const computed = checksum(algorithm, body);
    if (value === computed) continue;
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length !== computed.length) {
      throw new Refusal('InvalidRequest', 400, `Value for ${name} trailing header is invalid.`);
    }
    throw new Refusal('BadDigest', 400, `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}

function malformedTrailer(): Refusal {
  return new Refusal(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}
