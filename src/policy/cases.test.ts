import { describe, expect, test } from 'vitest';
import { acrossAccountCases } from './cases/across-accounts.ts';
import { type Case, USUAL_REQUEST } from './cases/case.ts';
import { placeConditionCases } from './cases/conditions-places.ts';
import { presenceConditionCases } from './cases/conditions-presence.ts';
import { valueConditionCases } from './cases/conditions-values.ts';
import { limitCases } from './cases/limits.ts';
import { mfaGateCases } from './cases/mfa-gates.ts';
import { mfaGuardrailCases } from './cases/mfa-guardrails.ts';
import { mfaRoleCases } from './cases/mfa-roles.ts';
import { namingCases } from './cases/naming.ts';
import { notPrincipalCases } from './cases/not-principal.ts';
import { patternCases } from './cases/patterns.ts';
import { resourcePolicyCases } from './cases/resource-policies.ts';
import { sessionAndRootCases } from './cases/sessions-and-root.ts';
import { evaluate } from './evaluate.ts';

const tables: Readonly<Record<string, readonly Case[]>> = {
  'gates on MFA': mfaGateCases,
  'guardrails on MFA and self-service': mfaGuardrailCases,
  'the way into roles': mfaRoleCases,
  'how a resource names who asks': namingCases,
  'sessions and root': sessionAndRootCases,
  'across accounts, services, strangers': acrossAccountCases,
  NotPrincipal: notPrincipalCases,
  'policies of resources': resourcePolicyCases,
  'boundaries, session policies, organisations': limitCases,
  'conditions on text, numbers, dates': valueConditionCases,
  'conditions on addresses and ARNs': placeConditionCases,
  'conditions on what is there': presenceConditionCases,
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
