/** Entry into a role tried by the very user who is to rely on it: with the key alone, and with one code. */
import { type Patience, patiently } from '../../aws/patience.ts';
import { assumeRole } from '../../aws/sts.ts';
import { isStepupError, StepupError } from '../../errors.ts';
import type { RoleBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { entryRequest } from '../../guardrails/verify/try-own-user.ts';
import { connectTo, iamUserOf, keyedProfile } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { longTermKey } from '../long-term-key.ts';
import { SHORT_SECONDS, sessionOfOwnUser } from './own-user-session.ts';

export interface EntryTry {
  /** The profile with the user's own key. */
  readonly as: string;
  readonly code: string | undefined;
  readonly command: readonly string[];
}

/** AWS may not know everywhere yet of a role that it just made. */
const CONSISTENCY_MS = 30_000;

/**
 * Throws `usage` where the key isn't this user's, `setup-entry-unproved` where the key alone gets in or a code doesn't,
 * and what asking for a code and calling AWS throw.
 */
export async function tryEntry(
  io: Io,
  role: RoleBlueprint,
  userArn: string,
  { as, code, command }: EntryTry,
  patience: Patience,
): Promise<void> {
  const base = keyedProfile(io, as);
  const key = await longTermKey(io, base);
  const { arn } = await iamUserOf(io, base, key);
  if (arn !== userArn) {
    throw new StepupError('usage', {
      problem: `the key of profile ${base.name} is ${arn}’s, not ${userArn}’s`,
      hint: '--as takes the profile with the key of the user whose rights move.',
    });
  }
  const enter = (credentials: typeof key) =>
    assumeRole(entryRequest(role), connectTo(io, base.name, 'sts', credentials));
  const isDenied = (error: unknown): boolean =>
    isStepupError(error, 'aws-refused') && error.fields.awsCode === 'AccessDenied';
  const unproved = (problem: string): StepupError =>
    new StepupError('setup-entry-unproved', { arn: role.arn, problems: [problem] });
  const session = await sessionOfOwnUser(io, base.name, { code, durationSeconds: SHORT_SECONDS, command });
  try {
    await patiently(() => enter(session), isDenied, CONSISTENCY_MS, patience);
  } catch (error) {
    throw isDenied(error) ? unproved(`tried with a fresh code, and AWS denied it to ${userArn}`) : error;
  }
  // Only now does a denial speak of the gate: before, AWS may not have known of the role, or of the right to enter it.
  try {
    await enter(key);
  } catch (error) {
    if (isDenied(error)) return;
    throw error;
  }
  throw unproved(`tried with the key alone, and AWS let ${userArn} in`);
}
