/** The policies of a simulation, each with what AWS calls it in the answer. */

import type { PolicyDocument, PolicyKind } from '../../policy/document.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../../policy/prepare.ts';
import { groupArn, parseIamArn } from '../arns.ts';
import { findGroup, findRoleByArn, findUserByArn } from '../find.ts';
import type { Call } from '../operation.ts';
import type { Group, Role, User } from '../tables.ts';
import { awsWordsFor } from './documents.ts';
import { findManagedPolicy } from './policy-arns.ts';
import { invalidInput, noSuchEntity } from './refusals.ts';

export interface PolicySource {
  /** `SourcePolicyId`. */
  readonly id: string;
  /** `SourcePolicyType`. */
  readonly type: 'IAM Policy' | 'Resource Policy';
  readonly text: string;
  readonly document: PolicyDocument;
  readonly prepared: PreparedPolicy;
}

/** Documents of the request: `PolicyInputList.1` and so on. Throws the Refusal `InvalidInput` for a malformed one. */
export function givenPolicies(list: string, documents: readonly string[], kind: PolicyKind): readonly PolicySource[] {
  return documents.map((text, index) => source(`${list}.${index + 1}`, text, kind));
}

export function givenResourcePolicy(text: string, kind: 'resource' | 'trust'): PolicySource {
  return { ...source('ResourcePolicy', text, kind), type: 'Resource Policy' };
}

export interface PrincipalSource {
  readonly entity: User | Group | Role;
  readonly policies: readonly PolicySource[];
  readonly boundary: PolicySource | undefined;
}

/** Everything that is in force for a user (with its groups), a group or a role. Throws `NoSuchEntity`. */
export function principalPolicies(call: Call, arn: string): PrincipalSource {
  const entity = principalOf(call, arn);
  const groups = 'groupIds' in entity ? entity.groupIds.flatMap((id) => call.store.get('groups', id) ?? []) : [];
  const boundaryArn = 'permissionsBoundaryArn' in entity ? entity.permissionsBoundaryArn : undefined;
  return {
    entity,
    policies: [entity, ...groups].flatMap((holder) => policiesOf(call, holder)),
    boundary: boundaryArn === undefined ? undefined : managedSource(call, boundaryArn)[0],
  };
}

function principalOf(call: Call, arn: string): User | Group | Role {
  const parsed = parseIamArn(arn);
  const entity = parsed?.accountId !== call.accountId ? undefined : entityOf(call, arn, parsed.kind, parsed.name);
  if (entity === undefined) throw noSuchEntity(`The Policy Source ARN ${arn} cannot be found.`);
  return entity;
}

function entityOf(call: Call, arn: string, kind: string, name: string): User | Group | Role | undefined {
  switch (kind) {
    case 'user':
      return findUserByArn(call.store, arn);
    case 'role':
      return findRoleByArn(call.store, arn);
    case 'group': {
      const group = findGroup(call.store, call.accountId, name);
      return group !== undefined && groupArn(group) === arn ? group : undefined;
    }
    default:
      return undefined;
  }
}

function policiesOf(call: Call, holder: User | Group | Role): readonly PolicySource[] {
  const inline = holder.inlinePolicies.map(({ name, document }) =>
    source(`${wordOf(holder)}_${name}`, document, 'identity'),
  );
  return [...inline, ...holder.attachedPolicyArns.flatMap((arn) => managedSource(call, arn))];
}

function wordOf(holder: User | Group | Role): string {
  if ('userName' in holder) return `user_${holder.userName}`;
  return 'groupName' in holder ? `group_${holder.groupName}` : `role_${holder.roleName}`;
}

function managedSource(call: Call, arn: string): readonly PolicySource[] {
  const policy = findManagedPolicy(call.store, call.accountId, arn);
  const version = policy?.versions.find(({ versionId }) => versionId === policy.defaultVersionId);
  return policy === undefined || version === undefined ? [] : [source(policy.policyName, version.document, 'identity')];
}

function source(id: string, text: string, kind: PolicyKind): PolicySource {
  try {
    const document = parsePolicy(text, kind);
    return { id, type: 'IAM Policy', text, document, prepared: preparePolicy(document) };
  } catch (error) {
    const words = awsWordsFor(error);
    throw words === undefined ? error : invalidInput(words);
  }
}
