import type { RequestContext } from './context.ts';
import type { PreparedPolicy } from './prepare.ts';
import { isSparedBy, type Naming, namingOf, strongerNaming } from './principal.ts';
import type { Question } from './question.ts';
import type { PreparedStatement } from './statement.ts';

/** Whether any statement of these policies denies. */
export function anyDenies(policies: readonly PreparedPolicy[], question: Question): boolean {
  for (const policy of policies) {
    if (denies(policy, question, question.context)) return true;
  }
  return false;
}

/** Whether any of these policies, all about the principal itself, allows. */
export function anyAllows(policies: readonly PreparedPolicy[], question: Question): boolean {
  for (const policy of policies) {
    if (allows(policy, question)) return true;
  }
  return false;
}

export function allows(policy: PreparedPolicy, question: Question): boolean {
  for (const statement of policy.allows) {
    if (statement.covers(question.actionInLowerCase, question.resource, question.context)) return true;
  }
  return false;
}

export function denies(policy: PreparedPolicy, question: Question, context: RequestContext): boolean {
  for (const statement of policy.denies) {
    if (meansToDeny(statement, question) && statement.covers(question.actionInLowerCase, question.resource, context)) {
      return true;
    }
  }
  return false;
}

/** Whether the one who asks is among those whom a Deny means; without a Principal it means whom it hangs on. */
export function meansToDeny({ principal }: PreparedStatement, question: Question): boolean {
  if (principal === undefined) return true;
  return principal.negated
    ? !isSparedBy(principal, question.principal, question.hasBoundary)
    : namingOf(principal, question.principal) !== undefined;
}

/** How a resource's policy names the principal in what it allows it, most directly; undefined: it doesn't allow. */
export function namingBy(policy: PreparedPolicy, question: Question): Naming | undefined {
  let strongest: Naming | undefined;
  for (const statement of policy.allows) {
    const naming = meansToAllow(statement, question);
    if (naming === undefined || strongerNaming(strongest, naming) === strongest) continue;
    if (statement.covers(question.actionInLowerCase, question.resource, question.resourceContext)) strongest = naming;
    if (strongest === 'itself') break;
  }
  return strongest;
}

/** How an Allow names the one who asks. The parser lets NotPrincipal stand with Deny only: nothing is granted by it. */
export function meansToAllow({ principal }: PreparedStatement, question: Question): Naming | undefined {
  if (principal === undefined) return 'itself';
  return principal.negated ? undefined : namingOf(principal, question.principal);
}
