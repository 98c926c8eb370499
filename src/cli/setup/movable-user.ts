/** What must hold before a user's rights move into a role: else the user, or whoever runs it, would be locked out. */
import type { Account, User } from '../../account/account.ts';
import { listMfaDevices } from '../../aws/iam-devices.ts';
import { getCallerIdentity } from '../../aws/sts.ts';
import { StepupError } from '../../errors.ts';
import type { AccountConnections } from '../../guardrails/account-access.ts';
import { lostInRole } from '../../guardrails/adopt/lost-in-role.ts';
import type { Taking } from '../../guardrails/adopt/move-rights.ts';
import { lostWaysIn } from '../../guardrails/lock-out/last-way-in.ts';
import { makesCodes } from '../../guardrails/reset-device.ts';

/** A role that is there may be others' way in, whom the new gate wouldn't name. */
export function demandFree({ roles }: Account, into: string): void {
  if (!roles.some(({ name }) => name.toLowerCase() === into.toLowerCase())) return;
  throw new StepupError('usage', {
    problem: `role ${into} is there already, and not in the file`,
    hint: 'Name a new one, or put that role into the file with those who enter it.',
  });
}

/** Who could bring no code, or takes its own rights, would be locked out. */
export async function demandAble({ iam, sts }: AccountConnections, { arn, name }: User): Promise<void> {
  const { arn: operator } = await getCallerIdentity(sts);
  if (operator === arn) throw new StepupError('setup-refused', { refusals: [{ type: 'own-user', arn, operator }] });
  if ((await listMfaDevices(iam, name)).some(({ serialNumber }) => makesCodes(serialNumber))) return;
  throw new StepupError('usage', {
    problem: `${name} has no MFA device that makes codes, and could enter no gated role`,
    hint: 'Enrol one first: stepup mfa enrol.',
  });
}

/** IAM's quota of managed policies of a role, unless AWS raised it (IAM User Guide, quotas). */
export function demandTen(managedArns: readonly string[]): void {
  if (managedArns.length <= 10) return;
  throw new StepupError('usage', {
    problem: `the user has ${managedArns.length} managed policies, its groups' included, and a role takes 10`,
    hint: 'Detach what is not needed, or merge some into one managed policy, and run it again.',
  });
}

/** A denial to whoever brings no code would deny a role's sessions all that the user's own policies give. */
export function demandLivePolicies(user: User, account: Account): void {
  const denying = lostInRole(user, account).filter(({ because }) => because === 'denies');
  if (denying.length === 0) return;
  throw new StepupError('usage', {
    problem: `${denying.map(({ policy }) => policy).join(', ')} denies where no code was brought, and a role's sessions bring none: it would be denied in the role too`,
    hint: 'Let the denial hold for users only: add "StringEquals": { "aws:PrincipalType": "User" } to its Condition. It holds for the user as before.',
  });
}

/** What the policies that move give otherwise in a role, in words. */
export function deadInRole(user: User, account: Account): readonly string[] {
  return lostInRole(user, account).map(({ policy, because }) =>
    because === 'user-name'
      ? `${policy} speaks of aws:username, which a role's session has not`
      : `${policy} asks for a code in its conditions, and a role's session brings none`,
  );
}

/** What the user loses may have been the operator's way in. Throws `setup-refused`. */
export async function demandWayBack(
  { sts }: AccountConnections,
  account: Account,
  { arn: target }: User,
  takings: readonly Taking[],
): Promise<void> {
  const operator = await getCallerIdentity(sts);
  const calls = takings.map(({ call }) => ({ target, call, account }));
  const [lost] = lostWaysIn([{ account, operator }], () => calls);
  if (lost !== undefined) throw new StepupError('setup-refused', { refusals: [{ type: 'last-way-in', ...lost }] });
}
