import type { ManagedPolicy } from '../../tables.ts';

export interface AwsPolicy {
  readonly name: string;
  readonly path?: string;
  readonly id: string;
  readonly description: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The default version, which is the only one held. */
  readonly version: string;
  readonly document: unknown;
}

/** A policy of AWS's as a row of the policies table has it; AWS prints its documents with four spaces. */
export function awsPolicy(policy: AwsPolicy): ManagedPolicy {
  const updatedAtMs = Date.parse(policy.updatedAt);
  return {
    accountId: 'aws',
    policyId: policy.id,
    policyName: policy.name,
    path: policy.path ?? '/',
    description: policy.description,
    createdAtMs: Date.parse(policy.createdAt),
    updatedAtMs,
    defaultVersionId: policy.version,
    nextVersion: Number(policy.version.slice(1)) + 1,
    versions: [
      { versionId: policy.version, document: JSON.stringify(policy.document, null, 4), createdAtMs: updatedAtMs },
    ],
    tags: [],
  };
}
