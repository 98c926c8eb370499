import type { SignedRequest } from '../../src/enforcement/signed-request.ts';
import type { Draft } from '../contract/harness/sigv4.ts';

/** A draft as a server gets it: header lines by name in lower case, text as Latin-1. */
export function received(draft: Draft): SignedRequest {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of draft.headers) {
    const line = Buffer.from(value, 'utf8').toString('latin1');
    const lines = headers[name.toLowerCase()];
    if (lines === undefined) headers[name.toLowerCase()] = [line];
    else lines.push(line);
  }
  return { method: draft.method, rawPath: draft.path, rawQuery: draft.query, headers, body: draft.body };
}
