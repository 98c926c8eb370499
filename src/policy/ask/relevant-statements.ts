/**
 * The statements of a policy set that can bear on a question, whatever the context: those whose action, principal and
 * fixed resource fit. And the same policy set with each of them reduced to one yes or no, so that `decide` itself says
 * what a choice of matching statements comes to.
 */
import type { PolicyType } from '../decision.ts';
import type { Location, PolicyDocument, Statement } from '../document.ts';
import type { PreparedPolicy } from '../prepare.ts';
import { preparePolicy } from '../prepare.ts';
import { namingOf } from '../principal.ts';
import type { AccessRequest, PolicySet, RequestContext } from '../request.ts';
import type { PreparedStatement } from '../statement.ts';
import { parseTemplate, type TemplatePart } from '../variables.ts';
import { keysOf, type RelevantCondition, variableKeys } from './key-candidates.ts';

/** Which statement: the type of its policy, that policy's place in its list of the policy set, and its own. */
export interface StatementPlace {
  readonly policyType: PolicyType;
  readonly policyIndex: number;
  readonly statementIndex: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly location: Location;
}

export interface RelevantStatement {
  readonly place: StatementPlace;
  readonly prepared: PreparedStatement;
  readonly conditions: readonly RelevantCondition[];
  /** Resource patterns that hold a variable. */
  readonly resourceTemplates: readonly (readonly TemplatePart[])[];
  /** Every key that the statement reads, in lower case. */
  readonly keys: readonly string[];
}

export interface ReducedPolicies {
  readonly statements: readonly RelevantStatement[];
  /** The policy set in which statement `n` of `statements` matches if and only if {@link matchKey}(n) is true. */
  readonly policies: PolicySet;
}

/** A key of no service, so it meets no condition that somebody wrote. */
export function matchKey(index: number): string {
  return `stepup:statement/${index}`;
}

type Question = Pick<AccessRequest, 'principal' | 'action' | 'resource'>;

/** Reduces a policy set to what can bear on the question. */
export function reducePolicies(policies: PolicySet, question: Question): ReducedPolicies {
  const statements: RelevantStatement[] = [];
  const reduce = (policyType: PolicyType) => (policy: PreparedPolicy, policyIndex: number) =>
    preparePolicy(reduceDocument(policy, policyType, policyIndex, question, statements));
  const { resource, permissionsBoundary, session, serviceControl, resourceControl } = policies;
  const resourceType = resource?.document.kind === 'trust' ? 'role trust policy' : 'resource-based policy';
  return {
    statements,
    policies: {
      identity: policies.identity.map(reduce('identity-based policy')),
      ...(resource === undefined ? {} : { resource: reduce(resourceType)(resource, 0) }),
      ...(permissionsBoundary === undefined
        ? {}
        : { permissionsBoundary: reduce('permissions boundary')(permissionsBoundary, 0) }),
      ...(session === undefined ? {} : { session: session.map(reduce('session policy')) }),
      ...(serviceControl === undefined
        ? {}
        : { serviceControl: mapLevels(serviceControl, reduce('service control policy')) }),
      ...(resourceControl === undefined
        ? {}
        : { resourceControl: mapLevels(resourceControl, reduce('resource control policy')) }),
    },
  };
}

/** The index counts through all levels. */
function mapLevels(
  levels: readonly (readonly PreparedPolicy[])[],
  reduce: (policy: PreparedPolicy, index: number) => PreparedPolicy,
): readonly (readonly PreparedPolicy[])[] {
  let index = 0;
  return levels.map((level) => level.map((policy) => reduce(policy, index++)));
}

function reduceDocument(
  policy: PreparedPolicy,
  policyType: PolicyType,
  policyIndex: number,
  question: Question,
  relevant: RelevantStatement[],
): PolicyDocument {
  const { document } = policy;
  const kept: Statement[] = [];
  for (const prepared of [...policy.denies, ...policy.allows]) {
    const { source } = prepared;
    const resourceTemplates = templatesOf(source, document);
    if (!canMatch(prepared, question, resourceTemplates.length > 0)) continue;
    const conditions = prepared.conditions.map((condition) => ({
      condition,
      variables: document.version === '2012-10-17',
    }));
    const index = relevant.push({
      place: {
        policyType,
        policyIndex,
        statementIndex: source.index,
        ...(source.sid === undefined ? {} : { sid: source.sid }),
        effect: source.effect,
        location: source.location,
      },
      prepared,
      conditions,
      resourceTemplates,
      keys: [...new Set([...resourceTemplates.flatMap(variableKeys), ...conditions.flatMap(keysOf)])],
    });
    kept.push(reduceStatement(source, matchKey(index - 1)));
  }
  return { ...document, statements: kept };
}

function templatesOf(source: Statement, document: PolicyDocument): readonly (readonly TemplatePart[])[] {
  if (document.version !== '2012-10-17') return [];
  return (source.resource?.values ?? [])
    .map((value) => parseTemplate(value) ?? [])
    .filter((parts) => variableKeys(parts).length > 0);
}

const EMPTY: RequestContext = { get: () => undefined };

function canMatch(prepared: PreparedStatement, question: Question, resourceHangsOnContext: boolean): boolean {
  if (!prepared.coversAction(question.action.toLowerCase())) return false;
  if (!resourceHangsOnContext && !prepared.coversResource(question.resource, EMPTY)) return false;
  const { principal } = prepared.source;
  // Whom a NotPrincipal spares is left to `decide`.
  return principal === undefined || principal.negated || namingOf(principal, question.principal) !== undefined;
}

/** The statement without what was looked at here: it covers every action and resource, where its key is true. */
function reduceStatement(source: Statement, key: string): Statement {
  const anything = (element: { readonly location: Location }) => ({ ...element, negated: false, values: ['*'] });
  return {
    ...source,
    action: anything(source.action),
    ...(source.resource === undefined ? {} : { resource: anything(source.resource) }),
    conditions: [
      { operator: 'Bool', ifExists: false, qualifier: 'none', key, values: ['true'], location: source.location },
    ],
  };
}
