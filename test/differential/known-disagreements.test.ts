import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.ts';
import { conditionCases, limitCases, oneConditionCases, resourceCases } from './arbitrary-case.ts';
import { explains, isIn, verdictOfJudge } from './compare.ts';
import { KNOWN_DISAGREEMENTS } from './known-disagreements.ts';

describe('known disagreements', () => {
  test.each(KNOWN_DISAGREEMENTS.map((row) => [row.name, row] as const))(
    '%s: it occurs, and only it',
    async (_, row) => {
      // Through JSON, so that members given as undefined are gone.
      const example: typeof row.example = JSON.parse(JSON.stringify(row.example));
      const ours = evaluate(example).decision;
      expect({ stepup: ours, judge: await verdictOfJudge(example) }).toEqual(row.verdicts);
      expect(await explains([row], example, row.verdicts)).toBe(true);
      // Spelling our reading out changes nothing for us.
      expect(evaluate(row.rewrite(example)).decision).toBe(ours);
      for (const other of KNOWN_DISAGREEMENTS) {
        if (other === row || !isIn(other, example)) continue;
        expect(await explains([other], example, row.verdicts), `also explained by "${other.name}"`).toBe(false);
      }
    },
  );

  test.each([
    ['one condition', oneConditionCases, 10_000],
    ['conditions', conditionCases, 2000],
    ['limits', limitCases, 2000],
    ['resource policies', resourceCases, 2000],
  ] as const)('none of them reads a rule otherwise than the engine: %s', (_, cases, numRuns) => {
    fc.assert(
      fc.property(cases, (input) => {
        const ours = evaluate(input).decision;
        for (const row of KNOWN_DISAGREEMENTS) {
          // A row for certain verdicts only rewrites what those verdicts imply.
          if (row.onlyTheseVerdicts || !isIn(row, input)) continue;
          expect(evaluate(row.rewrite(input)).decision, row.name).toBe(ours);
        }
      }),
      // The same in each run of CI, so that a red run means a change of ours.
      { numRuns, ...(process.env['CI'] ? { seed: 1 } : {}) },
    );
  });

  test('docs/policy.md has a row for each, and no other', () => {
    const docs = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
    const [, table = ''] = docs.split('## Where stepup and iam-simulate disagree');
    const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| (.+?) \| .+ \| (stepup|undocumented) \|$/gm)];
    expect(rows.map(([, name, right]) => ({ name, right }))).toEqual(
      KNOWN_DISAGREEMENTS.map(({ name, right }) => ({ name, right })),
    );
  });
});
