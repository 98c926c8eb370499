/** Versions of managed policies: at most five, one of them the default. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import type { Call, XmlValue } from '../operation.ts';
import { type ManagedPolicy, type PolicyVersion, policyKey } from '../tables.ts';
import { demandManagedPolicyDocument } from './documents.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { demandOwnPolicy, demandPolicy } from './policy-arns.ts';
import { quotas } from './quotas.ts';
import { deleteConflict, limitExceeded, noSuchEntity } from './refusals.ts';
import { encodedDocument } from './wire.ts';

function createPolicyVersion(call: Call, input: InputOf<'CreatePolicyVersion'>) {
  const policy = demandOwnPolicy(call, input.PolicyArn);
  demandManagedPolicyDocument(input.PolicyDocument);
  if (policy.versions.length >= quotas.versionsPerPolicy) {
    throw limitExceeded(
      `A managed policy can have up to ${quotas.versionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  const versionId = `v${policy.nextVersion}`;
  const version: PolicyVersion = { versionId, document: input.PolicyDocument, createdAtMs: call.nowMs };
  const value: ManagedPolicy = {
    ...policy,
    versions: [...policy.versions, version],
    nextVersion: policy.nextVersion + 1,
    ...(input.SetAsDefault === true && { defaultVersionId: versionId }),
    updatedAtMs: call.nowMs,
  };
  commitPolicy(call, value);
  return { PolicyVersion: printVersion(value, version) };
}

function getPolicyVersion(call: Call, input: InputOf<'GetPolicyVersion'>) {
  const policy = demandPolicy(call, input.PolicyArn, missingVersion(input));
  const version = demandVersion(policy, input);
  return { PolicyVersion: printVersionInFull(policy, version) };
}

function listPolicyVersions(call: Call, input: InputOf<'ListPolicyVersions'>) {
  const policy = demandPolicy(call, input.PolicyArn);
  const { items, rest } = pageOf(newestFirst(policy), ageKey, input);
  return { Versions: items.map((version) => printVersion(policy, version)), ...rest };
}

function setDefaultPolicyVersion(call: Call, input: InputOf<'SetDefaultPolicyVersion'>) {
  const policy = demandOwnPolicy(call, input.PolicyArn, missingVersion(input));
  const { versionId } = demandVersion(policy, input);
  if (versionId !== policy.defaultVersionId) {
    commitPolicy(call, { ...policy, defaultVersionId: versionId, updatedAtMs: call.nowMs });
  }
  return undefined;
}

function deletePolicyVersion(call: Call, input: InputOf<'DeletePolicyVersion'>) {
  const policy = demandOwnPolicy(call, input.PolicyArn, missingVersion(input));
  const { versionId } = demandVersion(policy, input);
  if (versionId === policy.defaultVersionId) throw deleteConflict('Cannot delete the default version of a policy.');
  commitPolicy(call, {
    ...policy,
    versions: policy.versions.filter((version) => version.versionId !== versionId),
    updatedAtMs: call.nowMs,
  });
  return undefined;
}

function commitPolicy(call: Call, policy: ManagedPolicy): void {
  call.store.commit([{ table: 'policies', key: policyKey(policy.accountId, policy.policyName), value: policy }]);
}

interface VersionInput {
  readonly PolicyArn: string;
  readonly VersionId: string;
}

function demandVersion(policy: ManagedPolicy, input: VersionInput): PolicyVersion {
  const version = policy.versions.find(({ versionId }) => versionId === input.VersionId);
  if (version === undefined) throw noSuchEntity(missingVersion(input));
  return version;
}

function missingVersion({ PolicyArn, VersionId }: VersionInput): string {
  return `Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`;
}

export function newestFirst(policy: ManagedPolicy): readonly PolicyVersion[] {
  return policy.versions.toReversed();
}

/** Sorts as `newestFirst` does: the number of a version counted down. */
function ageKey({ versionId }: PolicyVersion): string {
  return String(10 ** 9 - Number(versionId.slice(1)));
}

/** As in lists, which leave the document out. */
function printVersion(policy: ManagedPolicy, version: PolicyVersion) {
  return {
    VersionId: version.versionId,
    IsDefaultVersion: version.versionId === policy.defaultVersionId,
    CreateDate: isoSeconds(version.createdAtMs),
  };
}

export function printVersionInFull(
  policy: ManagedPolicy,
  version: PolicyVersion,
): { readonly [element: string]: XmlValue } {
  return { Document: encodedDocument(version.document), ...printVersion(policy, version) };
}

export const policyVersionHandlers = {
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
};
