/** Where managed policies are in use within an account. */
import type { Call } from '../operation.ts';
import { groupHolder, roleHolder, userHolder } from './holders.ts';

export interface PolicyUse {
  readonly attached: number;
  readonly boundary: number;
}

/** Counts once for the whole account; the answer gives the count of one ARN. */
export function policyUses(call: Call): (arn: string) => PolicyUse {
  const users = userHolder.all(call);
  const roles = roleHolder.all(call);
  const attached = countOf(
    [...users, ...groupHolder.all(call), ...roles].flatMap((holder) => holder.attachedPolicyArns),
  );
  const boundary = countOf([...users, ...roles].flatMap(({ permissionsBoundaryArn }) => permissionsBoundaryArn ?? []));
  return (arn) => ({ attached: attached.get(arn) ?? 0, boundary: boundary.get(arn) ?? 0 });
}

function countOf(arns: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const arn of arns) counts.set(arn, (counts.get(arn) ?? 0) + 1);
  return counts;
}
