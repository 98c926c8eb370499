import type fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EvaluationInput } from '../../src/policy/evaluate.ts';
import { compare } from './compare.ts';

/** One test: on this theme stepup and the judge agree, and the questions reach every verdict. */
export function expectAgreement(theme: string, cases: fc.Arbitrary<EvaluationInput>): void {
  test(`${theme}: stepup and the judge agree, but for what is known`, async () => {
    const { verdicts } = await compare(theme, cases);
    const all = [...verdicts.values()].reduce((sum, number) => sum + number, 0);
    for (const verdict of ['allowed', 'implicitDeny', 'explicitDeny'] as const) {
      expect((verdicts.get(verdict) ?? 0) / all, `share of ${verdict}`).toBeGreaterThan(0.03);
    }
  });
}
