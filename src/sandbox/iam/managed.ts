/** Managed policies of the account: create, read, list, delete. Their versions are in `policy-versions.ts`. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { policyArn } from '../arns.ts';
import { newEntityId } from '../identifiers.ts';
import type { Call, XmlValue } from '../operation.ts';
import { type ManagedPolicy, policyKey } from '../tables.ts';
import { demandManagedPolicyDocument } from './documents.ts';
import { awsManagedPolicies } from './managed-policies/held.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { demandOwnPolicy, demandPolicy } from './policy-arns.ts';
import { type PolicyUse, policyUses } from './policy-uses.ts';
import { quotas } from './quotas.ts';
import { alreadyExists, deleteConflict, quotaExceeded } from './refusals.ts';
import { newTags, printTags } from './tags.ts';

function createPolicy(call: Call, input: InputOf<'CreatePolicy'>) {
  const { accountId, nowMs, store } = call;
  const key = policyKey(accountId, input.PolicyName);
  if (store.get('policies', key) !== undefined) {
    throw alreadyExists(`A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`);
  }
  demandManagedPolicyDocument(input.PolicyDocument);
  if (ownPolicies(call).length >= quotas.policies) throw quotaExceeded('PoliciesPerAccount', quotas.policies);
  const policy: ManagedPolicy = {
    accountId,
    policyId: newEntityId('ANPA', call.random),
    policyName: input.PolicyName,
    path: input.Path ?? '/',
    ...(input.Description !== undefined && { description: input.Description }),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    defaultVersionId: 'v1',
    nextVersion: 2,
    versions: [{ versionId: 'v1', document: input.PolicyDocument, createdAtMs: nowMs }],
    tags: newTags(input.Tags, 'case-sensitive'),
  };
  store.commit([{ table: 'policies', key, value: policy }]);
  const tags = policy.tags.length > 0 ? { Tags: printTags(policy.tags) } : {};
  return { Policy: { ...printPolicy(policy, policyUses(call)), ...tags } };
}

function getPolicy(call: Call, input: InputOf<'GetPolicy'>) {
  const policy = demandPolicy(call, input.PolicyArn);
  return {
    Policy: {
      ...printPolicy(policy, policyUses(call)),
      Description: policy.description,
      Tags: printTags(policy.tags),
    },
  };
}

function listPolicies(call: Call, input: InputOf<'ListPolicies'>) {
  const uses = policyUses(call);
  const scope = input.Scope ?? 'All';
  const policies = [...(scope === 'Local' ? [] : awsManagedPolicies), ...(scope === 'AWS' ? [] : ownPolicies(call))]
    .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
    .filter((policy) => wanted(uses(policyArn(policy)), input))
    .toSorted((a, b) => (listKey(a) < listKey(b) ? -1 : 1));
  const { items, rest } = pageOf(policies, listKey, input);
  return { Policies: items.map((policy) => printPolicy(policy, uses)), ...rest };
}

/** `PolicyUsageFilter` looks at one use only, as does `OnlyAttached` with it. */
function wanted(use: PolicyUse, { OnlyAttached, PolicyUsageFilter }: InputOf<'ListPolicies'>): boolean {
  if (PolicyUsageFilter === 'PermissionsPolicy') return use.attached > 0;
  if (PolicyUsageFilter === 'PermissionsBoundary') return use.boundary > 0;
  return OnlyAttached !== true || use.attached > 0;
}

function deletePolicy(call: Call, input: InputOf<'DeletePolicy'>) {
  const policy = demandOwnPolicy(call, input.PolicyArn);
  const use = policyUses(call)(input.PolicyArn);
  if (use.attached > 0 || use.boundary > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  call.store.commit([{ table: 'policies', key: policyKey(policy.accountId, policy.policyName), value: null }]);
  return undefined;
}

/** The account's own, in the order of names. */
export function ownPolicies({ store, accountId }: Call): readonly ManagedPolicy[] {
  return store.list('policies', policyKey(accountId, ''));
}

/** As in lists, which leave description and tags out. */
export function printPolicy(
  policy: ManagedPolicy,
  uses: (arn: string) => PolicyUse,
): { readonly [element: string]: XmlValue } {
  const arn = policyArn(policy);
  const { attached, boundary } = uses(arn);
  return {
    PolicyName: policy.policyName,
    PolicyId: policy.policyId,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: boundary,
    IsAttachable: true,
    CreateDate: isoSeconds(policy.createdAtMs),
    UpdateDate: isoSeconds(policy.updatedAtMs),
  };
}

/** AWS's own come last: digits sort before letters, as in `policyArn`'s account. */
function listKey(policy: ManagedPolicy): string {
  return policyKey(policy.accountId, policy.policyName);
}

export const managedPolicyHandlers = {
  CreatePolicy: createPolicy,
  GetPolicy: getPolicy,
  ListPolicies: listPolicies,
  DeletePolicy: deletePolicy,
};
