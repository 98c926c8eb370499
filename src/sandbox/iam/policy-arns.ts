/** Managed policies by their ARN: the account's own and AWS's. */
import { parseIamArn } from '../arns.ts';
import { findPolicyByArn } from '../find.ts';
import type { Call } from '../operation.ts';
import type { Store } from '../store.ts';
import type { ManagedPolicy } from '../tables.ts';
import { awsManagedPolicy } from './managed-policies/held.ts';
import { accessDenied, invalidInput, noSuchEntity, validationError } from './refusals.ts';

/** The policy of this ARN that the account may use: its own or one of AWS's that the sandbox holds. */
export function findManagedPolicy(store: Store, accountId: string, arn: string): ManagedPolicy | undefined {
  const aws = awsManagedPolicy(arn);
  if (aws !== undefined) return aws;
  const own = findPolicyByArn(store, arn);
  return own?.accountId === accountId ? own : undefined;
}

/** Throws `NoSuchEntity`, by default in the words of GetPolicy and its siblings. */
export function demandPolicy(call: Call, arn: string, missing = `Policy ${arn} was not found.`): ManagedPolicy {
  demandPolicyArn(arn);
  const policy = findManagedPolicy(call.store, call.accountId, arn);
  if (policy === undefined) throw noSuchEntity(missing);
  return policy;
}

/** The same for a change: AWS's policies and those of other accounts can't be changed. */
export function demandOwnPolicy(call: Call, arn: string, missing?: string): ManagedPolicy {
  demandPolicyArn(arn);
  if (parseIamArn(arn)?.accountId !== call.accountId) throw accessDenied('Policy is outside your own account.');
  return demandPolicy(call, arn, missing);
}

/** Throws what AWS answers to an ARN that isn't a managed policy's. */
export function demandPolicyArn(arn: string): void {
  if (!/^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(arn)) throw validationError('Invalid ARN:  Could not be parsed!');
  if (parseIamArn(arn)?.kind !== 'policy') throw invalidInput(`ARN ${arn} is not valid.`);
}
