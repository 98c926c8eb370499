/** The independent judge: `@cloud-copilot/iam-simulate`, as a black box (it is AGPL: a test oracle, never a source). */
import { anonymousPrincipal, runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Verdict } from '../../src/policy/decision.ts';
import type { EvaluationInput } from '../../src/policy/evaluate.ts';

const VERDICTS = { Allowed: 'allowed', ExplicitlyDenied: 'explicitDeny', ImplicitlyDenied: 'implicitDeny' } as const;

/** What the judge says; `unusable`: its own validation refuses the case, so there is nothing to compare. */
export type Judgement = { readonly verdict: Verdict } | { readonly unusable: string };

export async function judge(input: EvaluationInput): Promise<Judgement> {
  const answer = await runSimulation(simulationOf(input), {});
  if (answer.resultType === 'error') return { unusable: JSON.stringify(answer.errors) };
  if (answer.resultType !== 'single') return { unusable: answer.resultType };
  return { verdict: VERDICTS[answer.overallResult] };
}

function simulationOf(input: EvaluationInput): Simulation {
  const { request } = input;
  const named = (policies: readonly unknown[]) =>
    policies.map((policy, index) => ({ name: `policy ${index}`, policy }));
  const levels = (lists: readonly (readonly unknown[])[] = []) =>
    lists.map((policies, index) => ({ orgIdentifier: `level ${index}`, policies: named(policies) }));
  return {
    request: {
      principal: request.principal === '*' ? anonymousPrincipal : request.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: request.resourceAccount ?? '' },
      contextVariables: Object.fromEntries(
        Object.entries(request.context ?? {}).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : [...value],
        ]),
      ),
    },
    identityPolicies: named(input.identityPolicies ?? []),
    serviceControlPolicies: levels(input.serviceControlPolicies),
    resourceControlPolicies: levels(input.resourceControlPolicies),
    ...(input.resourcePolicy === undefined ? {} : { resourcePolicy: input.resourcePolicy }),
    ...(input.sessionPolicies?.[0] === undefined ? {} : { sessionPolicy: input.sessionPolicies[0] }),
    ...(input.permissionsBoundary === undefined
      ? {}
      : { permissionBoundaryPolicies: named([input.permissionsBoundary]) }),
  };
}
