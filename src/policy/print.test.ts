import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentOf, grant, policyOf, trust } from '../../test/support/policy-questions.ts';
import type { PolicyDocument, PolicyKind } from './document.ts';
import { parsePolicy } from './parse.ts';
import { printPolicy } from './print.ts';
import { readPolicy } from './read.ts';

const RUNS = { numRuns: 1500 };

describe('documents', () => {
  const documents = fc.oneof(
    policyOf.map((document) => ({ document, kind: 'identity' as PolicyKind })),
    documentOf(grant).map((document) => ({ document, kind: 'resource' as PolicyKind })),
    documentOf(trust).map((document) => ({ document, kind: 'trust' as PolicyKind })),
  );

  test('parse and print are a fixed point', () => {
    fc.assert(
      fc.property(documents, fc.nat(4), ({ document, kind }, indent) => {
        const parsed = parsePolicy(JSON.stringify(document, undefined, indent), kind);
        const printed = printPolicy(parsed, indent);
        const again = parsePolicy(printed, kind);
        expect(withoutPlaces(again)).toEqual(withoutPlaces(parsed));
        expect(printPolicy(again, indent)).toBe(printed);
      }),
      RUNS,
    );
  });

  test('text and object read alike, but for lines and columns', () => {
    fc.assert(
      fc.property(documents, ({ document, kind }) => {
        const read = readPolicy(document, kind);
        const parsed = parsePolicy(JSON.stringify(document), kind);
        const paths = JSON.parse(
          JSON.stringify(parsed, (key, value) => (/^(line|column)$/.test(key) ? undefined : value)),
        );
        expect(paths).toEqual(read);
      }),
      RUNS,
    );
  });
});

function withoutPlaces(document: PolicyDocument): unknown {
  return JSON.parse(JSON.stringify(document, (key, value) => (key === 'location' ? undefined : value)));
}
