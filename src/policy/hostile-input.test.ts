/** Whatever is put in, what comes out is an answer or one of our own errors, and soon. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALICE,
  documentOf,
  grant,
  oneOf,
  operator,
  policyOf,
  trust,
  values,
} from '../../test/support/policy-questions.ts';
import { isStepupError } from '../errors.ts';
import type { PolicyKind } from './document.ts';
import { type EvaluationInput, evaluate } from './evaluate.ts';
import { parsePolicy } from './parse.ts';
import { readPolicy } from './read.ts';

describe('hostile input', () => {
  const documents = fc.oneof(
    policyOf.map((document) => ({ document, kind: 'identity' as PolicyKind })),
    documentOf(grant).map((document) => ({ document, kind: 'resource' as PolicyKind })),
    documentOf(trust).map((document) => ({ document, kind: 'trust' as PolicyKind })),
  );

  test('no text makes the parser throw anything but its own error', () => {
    const scraps = oneOf(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'true',
      '1',
      ' ',
      '"Statement"',
      '"Effect"',
      '"Allow"',
      '"Action"',
      '"*"',
      '"Condition"',
      '\u0000',
      '💥',
      '\\u12',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.json({ maxDepth: 4 }),
      fc.array(scraps, { maxLength: 40 }).map((parts) => parts.join('')),
      fc
        .tuple(documents, fc.nat(), oneOf('', '"', '}', ',', 'x', '\\'))
        .map(([{ document }, at, scrap]) => cut(JSON.stringify(document), at, scrap)),
    );
    const kinds = oneOf<PolicyKind>('identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp');
    fc.assert(
      fc.property(texts, kinds, (text, kind) => {
        expect(ownErrorOrNone(() => parsePolicy(text, kind))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test('no JSON value makes the reader or the evaluator throw anything but their own errors', () => {
    const request = { principal: ALICE, action: 's3:GetObject', resource: '*' };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), (value, text) => {
        expect(ownErrorOrNone(() => readPolicy(value, 'identity'))).toBe(true);
        expect(ownErrorOrNone(() => evaluate(value as unknown as EvaluationInput))).toBe(true);
        expect(ownErrorOrNone(() => evaluate({ request: { ...request, context: value } } as EvaluationInput))).toBe(
          true,
        );
        expect(ownErrorOrNone(() => evaluate({ request: { ...request, principal: text } }))).toBe(true);
        expect(ownErrorOrNone(() => evaluate({ resourcePolicy: value, request }))).toBe(true);
        expect(ownErrorOrNone(() => evaluate({ serviceControlPolicies: value, request } as EvaluationInput))).toBe(
          true,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('any text in a condition, a resource or the context is taken for what it is', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      oneOf(
        ...values,
        '${',
        '${}',
        '${*',
        "${a, '",
        "${a, 'b'",
        '1e9',
        '999999999999999999999',
        '::',
        '::1',
        '1.2.3.4/33',
        '0x1',
        '-',
        '.',
        '+',
      ),
    );
    fc.assert(
      fc.property(operator, texts, texts, texts, (operator, wanted, had, name) => {
        const statement = {
          Effect: 'Allow',
          Action: '*',
          Resource: `arn:aws:s3:::${name}`,
          Condition: { [operator]: { 'a:b': wanted } },
        };
        const request = {
          principal: ALICE,
          action: 's3:GetObject',
          resource: `arn:aws:s3:::${had}`,
          context: { 'a:b': had },
        };
        expect(
          ownErrorOrNone(() =>
            evaluate({ identityPolicies: [{ Version: '2012-10-17', Statement: statement }], request }),
          ),
        ).toBe(true);
      }),
      { numRuns: 4000 },
    );
  });

  test.each([
    ['open brackets', '['.repeat(130_000)],
    ['open braces', '{"a":'.repeat(26_000)],
    ['escapes', `{"Id":"${'\\u0041'.repeat(20_000)}"}`],
    ['many keys', `{${Array.from({ length: 15_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
    ['many lines', `${'\n'.repeat(130_000)}{`],
    ['a long number', `{"Version":${'1'.repeat(130_000)}}`],
    ['a long fraction', `{"Version":1.${'1'.repeat(130_000)}e}`],
  ])('a long text is read or refused at once: %s', (_what, text) => {
    const startedAt = performance.now();
    expect(ownErrorOrNone(() => parsePolicy(text, 'identity'))).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  test.each([
    ['StringLike', '${'.repeat(30_000), 'a'],
    ['StringLike', "${a, '".repeat(10_000), 'a'],
    ['StringLike', "${a, 'b}".repeat(8000), 'a'],
    ['StringLike', '*a'.repeat(1000), `${'a'.repeat(1000)}b`.repeat(5)],
    ['StringLike', '${aws:username}*'.repeat(1000), 'a'.repeat(2000)],
    ['ArnLike', ':'.repeat(60_000), ':'.repeat(60_000)],
    ['NumericEquals', '1'.repeat(60_000), '1'.repeat(60_000)],
    ['NumericEquals', '5', `${'1'.repeat(60_000)}x`],
    ['IpAddress', ':'.repeat(60_000), '1:'.repeat(30_000)],
    ['BinaryEquals', 'A'.repeat(60_000), `${'A'.repeat(60_000)}!`],
    ['DateEquals', '2026', '1'.repeat(60_000)],
  ])('a long value is compared at once: %s %#', (name, wanted, had) => {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: `arn:aws:s3:::${wanted}`,
      Condition: { [name]: { 'a:b': wanted } },
    };
    const context = { 'a:b': had, 'aws:username': 'a' };
    const request = { principal: ALICE, action: 's3:GetObject', resource: `arn:aws:s3:::${had}`, context };
    const startedAt = performance.now();
    evaluate({ identityPolicies: [{ Version: '2012-10-17', Statement: statement }], request });
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

function cut(text: string, at: number, scrap: string): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + scrap + text.slice(place + 1);
}

function ownErrorOrNone(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    return isStepupError(error) && error.code !== 'internal';
  }
}
