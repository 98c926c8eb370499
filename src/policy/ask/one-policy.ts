/** The question without MFA about a single policy: everything else that would have a say is taken to allow. */
import type { PolicyDocument, Statement } from '../document.ts';
import { type PreparedPolicy, preparePolicy } from '../prepare.ts';
import type { PolicySet, Principal } from '../request.ts';
import { allowsWithoutMfa, type MfaAnswer, type MfaQuestion } from './without-mfa.ts';

export interface PolicyQuestion extends Omit<MfaQuestion, 'policies'> {
  /** Ask about this statement alone, by its index in the document. */
  readonly statementIndex?: number;
}

/**
 * Whether this policy lets the request through for credentials without MFA: a trust policy or another resource policy
 * with identity policies that allow everything; an identity policy with a resource that leaves it to them; a boundary,
 * session policy or control policy with all else open. Never throws.
 */
export function policyAllowsWithoutMfa(policy: PreparedPolicy, question: PolicyQuestion): MfaAnswer {
  const { statementIndex, ...rest } = question;
  const asked = statementIndex === undefined ? policy : onlyStatement(policy, statementIndex);
  return allowsWithoutMfa({ ...rest, policies: amongOpenOnes(asked, question.principal) });
}

function onlyStatement({ document }: PreparedPolicy, statementIndex: number): PreparedPolicy {
  return preparePolicy({
    ...document,
    statements: document.statements.filter(({ index }) => index === statementIndex),
  });
}

function amongOpenOnes(policy: PreparedPolicy, principal: Principal): PolicySet {
  const identity = [openPolicy('identity', undefined)];
  switch (policy.document.kind) {
    case 'identity':
      return { identity: [policy], resource: delegatingPolicy(principal) };
    case 'resource':
    case 'trust':
      return { identity, resource: policy };
    case 'boundary':
      return { identity, permissionsBoundary: policy, resource: delegatingPolicy(principal) };
    case 'session':
      return { identity, session: [policy], resource: delegatingPolicy(principal) };
    case 'scp':
      return { identity, serviceControl: [[policy]], resource: delegatingPolicy(principal) };
    case 'rcp':
      return { identity, resourceControl: [[policy]], resource: delegatingPolicy(principal) };
  }
}

/** A resource's policy that names the account of the principal: it allows as far as the principal's own policies do. */
function delegatingPolicy(principal: Principal): PreparedPolicy {
  const value = 'accountId' in principal ? principal.accountId : '*';
  return openPolicy('resource', {
    negated: false,
    everyone: value === '*',
    values: [{ type: 'AWS', value }],
    location: NOWHERE,
  });
}

const NOWHERE = { path: '$' };
const ANYTHING = { negated: false, values: ['*'], location: NOWHERE };

function openPolicy(kind: PolicyDocument['kind'], principal: Statement['principal']): PreparedPolicy {
  const statement: Statement = {
    index: 0,
    effect: 'Allow',
    ...(principal === undefined ? {} : { principal }),
    action: ANYTHING,
    resource: ANYTHING,
    conditions: [],
    location: NOWHERE,
  };
  return preparePolicy({ kind, version: '2012-10-17', statements: [statement] });
}
