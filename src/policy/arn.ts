import { COLON, compilePattern, matchesCodes, matchesPattern, type Pattern } from './wildcard.ts';

/** `arn:partition:service:region:account:resource`; the resource may hold further colons. */
export type ArnParts = readonly [string, string, string, string, string, string];

/** Undefined where there are fewer than six parts: no ARN, so it matches no ARN. */
export function splitArn(text: string): ArnParts | undefined {
  const ends: number[] = [];
  for (let end = text.indexOf(':'); end >= 0 && ends.length < 5; end = text.indexOf(':', end + 1)) ends.push(end);
  const [a, b, c, d, e] = ends;
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined) return undefined;
  return [
    text.slice(0, a),
    text.slice(a + 1, b),
    text.slice(b + 1, c),
    text.slice(c + 1, d),
    text.slice(d + 1, e),
    text.slice(e + 1),
  ];
}

/** The account of an ARN, if it names one (`aws`, as in the ARN of an AWS-managed policy, is none). */
export function accountOfArn(arn: string): string | undefined {
  let start = 0;
  for (let part = 0; part < 4; part += 1) {
    const colon = arn.indexOf(':', start);
    if (colon < 0) return undefined;
    start = colon + 1;
  }
  const end = arn.indexOf(':', start);
  if (end < 0) return undefined;
  const account = arn.slice(start, end);
  return isAccountId(account) ? account : undefined;
}

export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** The name at the end of `arn:…:role/some/path/NAME`. */
export function nameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/**
 * A pattern of the Arn operators: its six parts, each compared with the same part of the value, so that no wildcard
 * reaches into another part (IAM User Guide, condition operators: ArnLike). Undefined where there aren't six: such a
 * pattern matches nothing.
 */
export function compileArnPattern(text: string): readonly Pattern[] | undefined {
  return splitArn(text)?.map((part) => compilePattern(part, 'text'));
}

export function matchesArnPattern(pattern: readonly Pattern[], value: string): boolean {
  const parts = splitArn(value);
  return parts !== undefined && pattern.every((part, index) => matchesPattern(part, parts[index] ?? ''));
}

/** The same for a pattern that is known as codes only, since variables stood in it. */
export function matchesArnCodes(codes: readonly number[], value: string): boolean {
  const parts = splitArn(value);
  if (parts === undefined) return false;
  let start = 0;
  for (let part = 0; part < 5; part += 1) {
    const colon = codes.indexOf(COLON, start);
    if (colon < 0 || !matchesCodes(codes.slice(start, colon), parts[part] ?? '')) return false;
    start = colon + 1;
  }
  return matchesCodes(codes.slice(start), parts[5]);
}
