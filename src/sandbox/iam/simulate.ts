/**
 * The policy simulator: one result for each action on each resource, evaluated by the same engine that decides real
 * requests. Nothing of the caller or the account reaches the context: it holds what `ContextEntries` says.
 */
import { explain } from '../../policy/explain.ts';
import type { Explanation } from '../../policy/explanation.ts';
import type { AccessRequest, PolicySet, Principal } from '../../policy/request.ts';
import { parseIamArn, roleArn, rootArn, userArn } from '../arns.ts';
import type { Call, XmlValue } from '../operation.ts';
import type { Group, Role, User } from '../tables.ts';
import { contextKeysOf } from './context-keys.ts';
import { pageOfCounted } from './paging.ts';
import type { InputOf, SimulationInput } from './parameters.ts';
import { givenPolicies, givenResourcePolicy, type PolicySource, principalPolicies } from './policy-sources.ts';
import { invalidInput } from './refusals.ts';
import { statementSpan } from './statement-span.ts';

interface Simulation {
  readonly identity: readonly PolicySource[];
  readonly boundaries: readonly PolicySource[];
  readonly resourcePolicy: PolicySource | undefined;
  readonly principal: Principal;
  readonly resourceAccountId: string;
  readonly context: ReadonlyMap<string, readonly string[]>;
  /** Keys that the policies ask for and the request doesn't give. */
  readonly missing: readonly string[];
}

function simulateCustomPolicy(call: Call, input: InputOf<'SimulateCustomPolicy'>) {
  const identity = givenPolicies('PolicyInputList', input.PolicyInputList, 'identity');
  const principal = input.CallerArn === undefined ? nobodyOf(call.accountId) : callerOf(input.CallerArn);
  if (input.ResourcePolicy !== undefined && input.CallerArn === undefined) throw callerNeeded();
  return simulate(call, input, { identity, boundaries: givenBoundaries(input), principal });
}

function simulatePrincipalPolicy(call: Call, input: InputOf<'SimulatePrincipalPolicy'>) {
  const source = principalPolicies(call, input.PolicySourceArn);
  const given = givenPolicies('PolicyInputList', input.PolicyInputList ?? [], 'identity');
  if (input.ResourcePolicy !== undefined && input.CallerArn === undefined && !('userName' in source.entity)) {
    throw callerNeeded();
  }
  const boundaries = givenBoundaries(input);
  return simulate(call, input, {
    identity: [...source.policies, ...given],
    boundaries: boundaries.length > 0 || source.boundary === undefined ? boundaries : [source.boundary],
    principal: input.CallerArn === undefined ? principalOf(source.entity) : callerOf(input.CallerArn),
  });
}

function callerNeeded() {
  return invalidInput('CallerArn is required if a ResourcePolicy is given and the policy source is not an IAM user.');
}

/** The list holds one policy at most (IAM API Reference). */
function givenBoundaries({ PermissionsBoundaryPolicyInputList: given = [] }: SimulationInput): readonly PolicySource[] {
  if (given.length > 1) throw invalidInput('Only one permissions boundary policy can be given.');
  return givenPolicies('PermissionsBoundaryPolicyInputList', given, 'boundary');
}

function simulate(
  call: Call,
  input: SimulationInput,
  parts: Pick<Simulation, 'identity' | 'boundaries' | 'principal'>,
): { readonly [element: string]: XmlValue } {
  const context = contextOf(input);
  const { ResourceArns = [] } = input;
  const resources = ResourceArns.length === 0 ? ['*'] : ResourceArns;
  const actions = input.ActionNames.map(validAction);
  const resourcePart = once((kind: 'resource' | 'trust') => {
    const resourcePolicy =
      input.ResourcePolicy === undefined ? undefined : givenResourcePolicy(input.ResourcePolicy, kind);
    const sources = [...parts.identity, ...parts.boundaries, ...(resourcePolicy === undefined ? [] : [resourcePolicy])];
    const asked = contextKeysOf(sources.map(({ document }) => document));
    return { resourcePolicy, missing: asked.filter((name) => !context.has(name.toLowerCase())) };
  });
  const { items, rest } = pageOfCounted(
    actions.length * resources.length,
    (index) => {
      const action = actions[Math.floor(index / resources.length)] ?? '';
      const resource = resources[index % resources.length] ?? '';
      const resourceAccountId = ownerOf(call, input, resource);
      // The policy of a role is a trust policy.
      const kind = /^sts:assumerole/i.test(action) ? 'trust' : 'resource';
      return printResult(action, resource, { ...parts, ...resourcePart(kind), resourceAccountId, context });
    },
    input,
  );
  return { EvaluationResults: items, ...rest };
}

function once<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

/** Wildcards aren't taken here, as AWS says. */
function validAction(action: string): string {
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(action)) throw invalidInput(`Invalid Entity Action: ${action}`);
  return action;
}

function contextOf({ ContextEntries = [] }: SimulationInput): ReadonlyMap<string, readonly string[]> {
  return new Map(
    ContextEntries.map(({ ContextKeyName, ContextKeyValues }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues ?? [],
    ]),
  );
}

/** `ResourceOwner` is an account, as digits or as its root's ARN; without it the account of the ARN or of the caller. */
function ownerOf(call: Call, { ResourceOwner }: SimulationInput, resource: string): string {
  if (ResourceOwner === undefined) return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? call.accountId;
  const digits = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(ResourceOwner)?.[1];
  if (digits === undefined) throw invalidInput(`Invalid resource owner: ${ResourceOwner}`);
  return digits;
}

function callerOf(arn: string): Principal {
  const parsed = parseIamArn(arn);
  if (parsed?.kind !== 'user') throw invalidInput(`Invalid caller ARN: ${arn}`);
  return { type: 'user', arn, accountId: parsed.accountId };
}

/** A user that no policy can name. */
function nobodyOf(accountId: string): Principal {
  return { type: 'user', arn: rootArn(accountId).replace(/root$/, 'user/'), accountId };
}

function principalOf(entity: User | Group | Role): Principal {
  const { accountId } = entity;
  if ('userName' in entity) return { type: 'user', arn: userArn(entity), accountId, uniqueId: entity.userId };
  if ('groupName' in entity) return nobodyOf(accountId);
  const arn = `arn:aws:sts::${accountId}:assumed-role/${entity.roleName}/simulation`;
  return { type: 'role-session', arn, accountId, roleArn: roleArn(entity), roleUniqueId: entity.roleId };
}

function printResult(action: string, resource: string, simulation: Simulation): XmlValue {
  const { boundaries, missing } = simulation;
  const request: AccessRequest = {
    principal: simulation.principal,
    action,
    resource,
    resourceAccountId: simulation.resourceAccountId,
    context: simulation.context,
  };
  const policies: PolicySet = {
    identity: simulation.identity.map(({ prepared }) => prepared),
    ...(simulation.resourcePolicy !== undefined && { resource: simulation.resourcePolicy.prepared }),
    ...(boundaries[0] !== undefined && { permissionsBoundary: boundaries[0].prepared }),
  };
  const explanation = explain(request, policies);
  const matched = { MatchedStatements: matchedStatements(explanation, simulation) };
  const boundary = boundaries.length > 0 && {
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: isAllowedByBoundary(explanation) },
  };
  const result = {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: explanation.verdict,
    ...matched,
    ...boundary,
  };
  // Missing keys stand with the resource if one is named (IAM API Reference, EvaluationResult).
  if (resource === '*') return { ...result, MissingContextValues: missing };
  const specific = {
    EvalResourceName: resource,
    EvalResourceDecision: explanation.verdict,
    ...matched,
    MissingContextValues: missing,
    ...boundary,
  };
  return { ...result, MissingContextValues: [], ResourceSpecificResults: [specific] };
}

function isAllowedByBoundary({ policies }: Explanation): boolean {
  return policies.some(({ type, says }) => type === 'permissions boundary' && says === 'allow');
}

/** The statements that decide: the denying ones of an explicit deny, else the allowing ones. */
function matchedStatements({ verdict, policies }: Explanation, simulation: Simulation): readonly XmlValue[] {
  const effect = verdict === 'explicitDeny' ? 'Deny' : 'Allow';
  return policies.flatMap(({ type, index, hasSay, statements }) => {
    const source = sourceOf(type, index, simulation);
    if (source === undefined || !hasSay) return [];
    return statements
      .filter((statement) => statement.matched && statement.effect === effect)
      .map(({ location }) => ({
        SourcePolicyId: source.id,
        SourcePolicyType: source.type,
        ...statementSpan(source.text, location),
      }));
  });
}

function sourceOf(
  type: Explanation['policies'][number]['type'],
  index: number,
  { identity, resourcePolicy, boundaries }: Simulation,
): PolicySource | undefined {
  switch (type) {
    case 'identity-based policy':
      return identity[index];
    case 'resource-based policy':
    case 'role trust policy':
      return resourcePolicy;
    case 'permissions boundary':
      return boundaries[index];
    default:
      return undefined;
  }
}

export const simulationHandlers = {
  SimulateCustomPolicy: simulateCustomPolicy,
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};
