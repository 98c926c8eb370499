import { invalidArgument } from './refusals.ts';

/** A continuation token is the last name given out, made opaque. */
export function continuationToken(lastName: string): string {
  return Buffer.from(`1 ${lastName}`).toString('base64url');
}

/** The name to go on after. @throws Refusal `InvalidArgument` for a token that isn't ours */
export function positionOf(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const name = text.slice(2);
  if (continuationToken(name) !== token) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  }
  return name;
}
