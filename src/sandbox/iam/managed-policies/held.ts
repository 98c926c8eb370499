/** The policies of AWS's that the sandbox holds, read-only; no other `arn:aws:iam::aws:policy/…` is there. */
import { policyArn } from '../../arns.ts';
import type { ManagedPolicy } from '../../tables.ts';
import { administratorAccess } from './administrator-access.ts';
import { amazonS3FullAccess } from './amazon-s3-full-access.ts';
import { amazonS3ReadOnlyAccess } from './amazon-s3-read-only-access.ts';
import { iamFullAccess } from './iam-full-access.ts';
import { iamReadOnlyAccess } from './iam-read-only-access.ts';
import { powerUserAccess } from './power-user-access.ts';
import { readOnlyAccess } from './read-only-access.ts';
import { securityAudit } from './security-audit.ts';
import { signInLocalDevelopmentAccess } from './sign-in-local-development-access.ts';
import { viewOnlyAccess } from './view-only-access.ts';

/** In the order of names. */
export const awsManagedPolicies: readonly ManagedPolicy[] = [
  administratorAccess,
  amazonS3FullAccess,
  amazonS3ReadOnlyAccess,
  iamFullAccess,
  iamReadOnlyAccess,
  powerUserAccess,
  readOnlyAccess,
  securityAudit,
  signInLocalDevelopmentAccess,
  viewOnlyAccess,
];

const byArn: ReadonlyMap<string, ManagedPolicy> = new Map(
  awsManagedPolicies.map((policy) => [policyArn(policy), policy]),
);

export function awsManagedPolicy(arn: string): ManagedPolicy | undefined {
  return byArn.get(arn);
}
