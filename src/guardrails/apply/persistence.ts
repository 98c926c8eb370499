/** One call of a plan, seen through: what passes by itself is waited out, what is done already counts as done. */
import { isBusy, type Patience, patiently } from '../../aws/patience.ts';
import { isStepupError } from '../../errors.ts';
import type { IamAction } from './iam-call.ts';

/** Throttling of a busy account, and IAM's eventual consistency, are over within this, or something else is wrong. */
export const BOUND_MS = 120_000;

export type CallOutcome = 'done' | 'already-done' | 'already-there';

/**
 * Sends until it is done. Every call of a plan may be sent twice, so also what broke off on the way is sent again.
 * `already-there` is for the caller to look at: what was created may be another's. Throws what isn't passing.
 */
export async function seeThrough(
  action: IamAction,
  send: () => Promise<unknown>,
  patience: Patience,
): Promise<CallOutcome> {
  const attempt = async (): Promise<CallOutcome> => {
    try {
      await send();
      return 'done';
    } catch (error) {
      if (awsCode(error) === 'EntityAlreadyExists') return 'already-there';
      if (TAKES_AWAY.test(action) && awsCode(error) === 'NoSuchEntity') return 'already-done';
      throw error;
    }
  };
  return patiently(attempt, isPassing, BOUND_MS, patience);
}

const TAKES_AWAY = /^(Delete|Deactivate|Detach|Remove|Untag)/;

/** Errors after which the same question may well be answered. */
export function isReadAgain(error: unknown): boolean {
  if (isBusy(error)) return true;
  if (isStepupError(error, 'endpoint-unreachable'))
    return error.fields.problem === 'broken-off' || error.fields.problem === 'timeout';
  if (isStepupError(error, 'answer-not-aws')) return error.fields.status >= 500;
  return isStepupError(error, 'aws-refused') && error.fields.status >= 500;
}

/** Errors after which the same call may well succeed. */
export function isPassing(error: unknown): boolean {
  if (isReadAgain(error)) return true;
  if (!isStepupError(error, 'aws-refused')) return false;
  const { awsCode: code, message } = error.fields;
  // Users and roles are known to all of IAM only after a while (IAM User Guide, Troubleshooting: changes that I make
  // are not always immediately visible): as a principal, and as what a call is about. Policies aren't of our making.
  const notYetKnown = code === 'NoSuchEntity' && !/^(Policy|Scope) /.test(message);
  const notYetTrusted = code === 'MalformedPolicyDocument' && /invalid principal/i.test(message);
  return notYetKnown || notYetTrusted || /^(ConcurrentModification|EntityTemporarilyUnmodifiable)$/.test(code);
}

function awsCode(error: unknown): string | undefined {
  return isStepupError(error, 'aws-refused') ? error.fields.awsCode : undefined;
}
