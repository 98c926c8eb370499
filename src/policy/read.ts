import type { PolicyDocument, PolicyKind } from './document.ts';
import { readDocument } from './document-syntax.ts';
import type { Source } from './source.ts';

const WITHOUT_TEXT: Source = { locate: (path) => ({ path }) };

/**
 * A policy document from an already parsed JSON value. Throws StepupError `malformed-policy` with a JSON path. What
 * only the text shows (keys that stand twice, the size) is `parsePolicy`'s to find.
 */
export function readPolicy(value: unknown, kind: PolicyKind): PolicyDocument {
  return readDocument(value, kind, WITHOUT_TEXT);
}
