/** The pieces of which known-disagreements.ts builds our reading of a rule, written apart from the engine on purpose. */
import type { EvaluationInput } from '../../src/policy/evaluate.ts';
import { type ConditionSite, type Reading, rewriteConditions, valuesOf } from './rewrite.ts';

export const NEGATED = /Not/;

export function reading(read: (site: ConditionSite) => Reading): (input: EvaluationInput) => EvaluationInput {
  return (input) => rewriteConditions(input, read);
}

/** `${key}` and `${key, 'default'}`; the escapes `${*}`, `${?}` and `${$}` are none. */
const VARIABLE = /\$\{([^}*?$,]+)(?:, '([^']*)')?\}/g;

/** A value that holds a variable which the request has no value for. */
export function hasUnresolvedVariable(value: string, site: Pick<ConditionSite, 'request' | 'version'>): boolean {
  if (site.version !== '2012-10-17') return false;
  return [...value.matchAll(VARIABLE)].some(
    ([, key = '', fallback]) => fallback === undefined && valuesOf(site.request, key) === undefined,
  );
}

/** The value with each variable whose key is there but empty filled in with nothing. */
export function fillEmptyVariables(value: string, site: Pick<ConditionSite, 'request' | 'version'>): string {
  if (site.version !== '2012-10-17') return value;
  return value.replace(VARIABLE, (variable, key: string) => (valuesOf(site.request, key)?.[0] === '' ? '' : variable));
}

const IS_OF_TYPE: readonly (readonly [operators: RegExp, test: RegExp])[] = [
  [/^Numeric/, /^-?\d+(\.\d+)?$/],
  [/^Date/, /^\d{4}-|^\d{10}$/],
  [/IpAddress$/, /^\d+\.\d+\.\d+\.\d+$|^[0-9a-f:]+:[0-9a-f:]*$/i],
  [/^Arn/, /^arn:/],
];

/** Whether the request's value can't be what the operator compares: a name under an Arn operator. */
export function isOfWrongType(site: ConditionSite): boolean {
  const test = IS_OF_TYPE.find(([operators]) => operators.test(site.operator))?.[1];
  if (test === undefined || site.requestValues === undefined || asksNullDataSet(site)) return false;
  return site.requestValues.every((value) => !test.test(value));
}

/** A set operator on a key without any value but the empty string: it compares nothing, whatever stands in the policy. */
export function asksNullDataSet({ qualifier, requestValues }: ConditionSite): boolean {
  return qualifier !== '' && requestValues?.every((value) => value === '') === true;
}

export const isIpv6 = (text: string): boolean => text.includes(':');

export function isoOfEpoch(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}

export const SOMEBODY_ELSE = 'arn:aws:iam::333333333333:user/nobody';

export const ALLOW_ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** `arn:aws:sqs:*` with all six segments. */
export function inFullLength(pattern: string): string {
  const missing = 6 - pattern.split(':').length;
  return pattern.endsWith('*') && pattern !== '*' && missing > 0 ? pattern + ':*'.repeat(missing) : pattern;
}

/** No request here has the key. */
export const NEVER = { Null: { 'aws:SourceVpce': 'false' } };

export const ALLOW_NOTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: NEVER }],
};

export function alsoAllowing(document: unknown): unknown {
  const { Statement, ...rest } = document as { readonly Statement: unknown };
  return { ...rest, Statement: [Statement, ALLOW_ALL.Statement].flat() };
}

/** Whom a Deny with this NotPrincipal spares, by the rule of its row below. */
export function isSpared(listed: unknown, { request, permissionsBoundary }: EvaluationInput): boolean {
  const { AWS = [], Service = [] } = listed as Readonly<Record<string, string | readonly string[] | undefined>>;
  const names = new Set([AWS, Service].flat());
  const { principal } = request;
  if (names.has('*')) return permissionsBoundary === undefined;
  if (!principal.startsWith('arn:')) return names.has(principal);
  const account = principal.split(':')[4] ?? '';
  const isAccountListed = names.has(account) || names.has(`arn:aws:iam::${account}:root`);
  if (permissionsBoundary !== undefined || !isAccountListed) return false;
  if (principal.endsWith(':root')) return true;
  const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1];
  const isRoleListed = role === undefined || names.has(`arn:aws:iam::${account}:role/${role}`);
  return isRoleListed && names.has(principal);
}
