/** Why a statement isn't about a request: which of its elements fails, on which value, and what it would take. */

import type { PreparedCondition } from './conditions/condition.ts';
import type { RequestContext } from './context.ts';
import type { ListElement, Location, PrincipalElement } from './document.ts';
import { operatorName } from './document.ts';
import { meansToAllow, meansToDeny } from './policy-answers.ts';
import type { Principal } from './principal.ts';
import type { Question } from './question.ts';
import type { PreparedStatement } from './statement.ts';

export type Mismatch = ElementMismatch | ConditionMismatch;

export interface ElementMismatch {
  readonly element: 'Principal' | 'NotPrincipal' | 'Action' | 'NotAction' | 'Resource' | 'NotResource';
  readonly location: Location;
  /** As the policy writes them; one of them would have to match (for a Not… element, none). */
  readonly wanted: readonly string[];
  readonly had: string;
}

export interface ConditionMismatch {
  readonly element: 'Condition';
  readonly location: Location;
  /** With qualifier and suffix: `ForAllValues:StringEqualsIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
  /** Absent: the key isn't in the request. */
  readonly had?: readonly string[];
}

/** Every element that fails, in the order in which a statement is read; empty: the statement is about the request. */
export function findMismatches(
  statement: PreparedStatement,
  question: Question,
  context: RequestContext,
): readonly Mismatch[] {
  const { principal, action, resource } = statement.source;
  const mismatches: Mismatch[] = [];
  if (principal !== undefined && !isMeant(statement, question)) {
    mismatches.push(principalMismatch(principal, question.principal));
  }
  if (!statement.coversAction(question.actionInLowerCase)) {
    mismatches.push(listMismatch(action, 'Action', question.action));
  }
  if (resource !== undefined && !statement.coversResource(question.resource, context)) {
    mismatches.push(listMismatch(resource, 'Resource', question.resource));
  }
  for (const condition of statement.conditions) {
    if (!condition.holds(context)) mismatches.push(compared(condition, context));
  }
  return mismatches;
}

/** Every condition of a statement beside what the request has for it. */
export function conditionsCompared(
  statement: PreparedStatement,
  context: RequestContext,
): readonly ConditionMismatch[] {
  return statement.conditions.map((condition) => compared(condition, context));
}

function compared({ source, key }: PreparedCondition, context: RequestContext): ConditionMismatch {
  const had = context.get(key);
  const mismatch: ConditionMismatch = {
    element: 'Condition',
    location: source.location,
    operator: operatorName(source),
    key: source.key,
    wanted: source.values,
  };
  return had === undefined ? mismatch : { ...mismatch, had };
}

function isMeant(statement: PreparedStatement, question: Question): boolean {
  return statement.source.effect === 'Deny'
    ? meansToDeny(statement, question)
    : meansToAllow(statement, question) !== undefined;
}

function principalMismatch({ negated, values, location }: PrincipalElement, principal: Principal): ElementMismatch {
  return {
    element: negated ? 'NotPrincipal' : 'Principal',
    location,
    wanted: values.map(({ type, value }) => (type === 'AWS' ? value : `${type}:${value}`)),
    had: nameOf(principal),
  };
}

function nameOf(principal: Principal): string {
  switch (principal.type) {
    case 'service':
      return principal.service;
    case 'web-identity':
      return principal.provider;
    case 'anonymous':
      return '*';
    default:
      return principal.arn;
  }
}

function listMismatch(
  { negated, values, location }: ListElement,
  name: 'Action' | 'Resource',
  had: string,
): ElementMismatch {
  return { element: negated ? `Not${name}` : name, location, wanted: values, had };
}
