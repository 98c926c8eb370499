import type { RequestContext } from './context.ts';
import type { PreparedPolicy, PreparedStatement } from './prepare.ts';
import { isSparedBy, type Naming, namingOf, strongerNaming } from './principal.ts';
import type { Question } from './question.ts';

/** Whether any of these policies, all about the principal itself, denies. */
export function deniesIn(policies: readonly PreparedPolicy[], question: Question): boolean {
  for (const policy of policies) {
    if (anyCovers(policy.denies, question)) return true;
  }
  return false;
}

/** Whether any of them allows. */
export function allowsIn(policies: readonly PreparedPolicy[], question: Question): boolean {
  for (const policy of policies) {
    if (anyCovers(policy.allows, question)) return true;
  }
  return false;
}

function anyCovers(statements: readonly PreparedStatement[], question: Question): boolean {
  for (const statement of statements) {
    if (statement.covers(question.actionInLowerCase, question.resource, question.context)) return true;
  }
  return false;
}

/** Whether a policy with principals (a resource's, a role's, an RCP) denies to the one who asks. */
export function resourcePolicyDenies(policy: PreparedPolicy, question: Question, context: RequestContext): boolean {
  for (const statement of policy.denies) {
    if (deniesTo(statement, question) && statement.covers(question.actionInLowerCase, question.resource, context)) {
      return true;
    }
  }
  return false;
}

/** Whether the principal is among those whom a Deny statement means. */
export function deniesTo({ source: { principal } }: PreparedStatement, question: Question): boolean {
  if (principal === undefined) return false;
  return principal.negated
    ? !isSparedBy(principal, question.principal, question.hasBoundary)
    : namingOf(principal, question.principal) !== undefined;
}

/** How the resource's policy names the principal in what it allows it, most directly; undefined: it doesn't allow. */
export function resourcePolicyNaming(policy: PreparedPolicy, question: Question): Naming | undefined {
  let strongest: Naming | undefined;
  for (const statement of policy.allows) {
    const naming = allowsTo(statement, question);
    if (naming === undefined || strongerNaming(strongest, naming) === strongest) continue;
    if (statement.covers(question.actionInLowerCase, question.resource, question.resourceContext)) strongest = naming;
    if (strongest === 'itself') break;
  }
  return strongest;
}

/** How an Allow statement names the principal. */
export function allowsTo({ source: { principal } }: PreparedStatement, question: Question): Naming | undefined {
  // NotPrincipal stands with Deny only: the parser takes it with nothing else, and nothing is granted by it.
  return principal === undefined || principal.negated ? undefined : namingOf(principal, question.principal);
}
