import type { SignedRequest } from '../../src/enforcement/signed-request.ts';
import type { Draft } from '../contract/harness/sigv4.ts';

/** A draft as a server gets it: text as Latin-1. */
export function received(draft: Draft): SignedRequest {
  const headers = draft.headers.flatMap(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')]);
  return { method: draft.method, rawPath: draft.path, rawQuery: draft.query, headers, body: draft.body };
}

/** Header lines in the form of a request's, from all values of each name. */
export function headerLines(headers: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value]));
}
