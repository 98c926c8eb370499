/** The sides that have a say in a request: which policies stand on each, and how a side denies or allows. */
import type { PolicyType } from './decision.ts';
import { allows, anyAllows, anyDenies, denies } from './policy-answers.ts';
import type { Naming } from './principal.ts';
import type { Question } from './question.ts';
import type { PolicySet } from './request.ts';
import { entersRole, isServiceLinkedRole, mendsOwnBucketPolicy, retiresGrant } from './special-rules.ts';

export type Side = keyof PolicySet;

/** In the order of the evaluation. */
export const SIDES: readonly Side[] = [
  'resourceControl',
  'serviceControl',
  'resource',
  'identity',
  'permissionsBoundary',
  'session',
];

const TYPES: Readonly<Record<Exclude<Side, 'resource'>, PolicyType>> = {
  resourceControl: 'resource control policy',
  serviceControl: 'service control policy',
  identity: 'identity-based policy',
  permissionsBoundary: 'permissions boundary',
  session: 'session policy',
};

/** The side in the words of AWS's denial messages. */
export function typeOfSide(side: Side, question: Question, { resource }: PolicySet): PolicyType {
  if (side !== 'resource') return TYPES[side];
  const isTrust = resource === undefined ? entersRole(question) : resource.document.kind === 'trust';
  return isTrust ? 'role trust policy' : 'resource-based policy';
}

/** A side without a say can't deny, and nothing needs its allowance. */
export function hasSay(side: Side, question: Question): boolean {
  switch (side) {
    case 'resource':
      return !mendsOwnBucketPolicy(question);
    case 'resourceControl':
      return !isServiceLinkedRole(question) && !retiresGrant(question);
    case 'serviceControl':
      // SCPs bind the principals of an account, its root included; services and strangers have none.
      return question.accountId !== undefined && !isServiceLinkedRole(question);
    default:
      // Root isn't limited by identity policies and can have no boundary; services and strangers have neither.
      return question.accountId !== undefined && question.principal.type !== 'root';
  }
}

/** Whether a statement of this side denies in so many words. */
export function sideDenies(side: Side, question: Question, policies: PolicySet): boolean {
  switch (side) {
    case 'resource':
      return policies.resource !== undefined && denies(policies.resource, question, question.resourceContext);
    case 'resourceControl':
    case 'serviceControl':
      return policies[side]?.some((level) => anyDenies(level, question)) === true;
    case 'identity':
      return anyDenies(policies.identity, question);
    case 'permissionsBoundary':
      return (
        policies.permissionsBoundary !== undefined && denies(policies.permissionsBoundary, question, question.context)
      );
    case 'session':
      return policies.session !== undefined && anyDenies(policies.session, question);
  }
}

/** Whether this side lets the request pass; one that isn't there does, where AWS demands none. */
export function sideAllows(side: Side, question: Question, policies: PolicySet, naming: Naming | undefined): boolean {
  switch (side) {
    case 'resource':
      return naming !== undefined;
    case 'resourceControl':
      // RCPFullAWSAccess stands beside each of them (AWS Organizations User Guide, RCPs).
      return true;
    case 'serviceControl':
      return policies.serviceControl?.every((level) => anyAllows(level, question)) ?? true;
    case 'identity':
      return anyAllows(policies.identity, question);
    case 'permissionsBoundary':
      return policies.permissionsBoundary === undefined || allows(policies.permissionsBoundary, question);
    case 'session': {
      // GetFederationToken's session has no permissions without a session policy; others are only limited by one.
      const { session = [] } = policies;
      return session.length === 0 ? question.principal.type !== 'federated-user' : anyAllows(session, question);
    }
  }
}
