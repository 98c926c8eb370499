import { describe, expect, test } from 'vitest';
import { type Case, USUAL_REQUEST } from './cases/case.ts';
import { conditionCases } from './cases/conditions.ts';
import { limitCases } from './cases/limits.ts';
import { mfaCases } from './cases/mfa.ts';
import { namingCases } from './cases/naming.ts';
import { patternCases } from './cases/patterns.ts';
import { evaluate } from './evaluate.ts';

const tables: Readonly<Record<string, readonly Case[]>> = {
  'MFA and the way into roles': mfaCases,
  'how a resource names who asks': namingCases,
  'boundaries, sessions, organisations': limitCases,
  conditions: conditionCases,
  'patterns and variables': patternCases,
};

describe.each(Object.entries(tables))('%s', (_topic, cases) => {
  test.each(cases)('$name', ({ name, rule, request, answer, by, ...policies }) => {
    const { decision, decidedBy } = evaluate({ ...policies, request: { ...USUAL_REQUEST, ...request } });
    expect({ decision, decidedBy: by === undefined ? undefined : decidedBy }).toEqual({
      decision: answer,
      decidedBy: by,
    });
  });
});

test('no case stands twice', () => {
  const names = Object.values(tables).flatMap((cases) => cases.map(({ name, answer }) => `${name} ${answer}`));
  expect(new Set(names).size).toBe(names.length);
});
