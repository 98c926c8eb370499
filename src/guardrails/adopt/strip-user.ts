/** Taking from a user what its role has: once entry is proved, one right after the other, the journal first. */
import type { Account } from '../../account/account.ts';
import type { Patience } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import type { JournalEntry } from '../apply/apply.ts';
import type { IamCall } from '../apply/iam-call.ts';
import { seeThrough } from '../apply/persistence.ts';
import type { RoleBlueprint } from '../blueprint/blueprint.ts';
import type { DesiredAccount } from '../desired-state/desired-state.ts';
import { proveGates } from '../verify/prove-gates.ts';
import { heldRights, lackingRights, takingsOf } from './move-rights.ts';

export interface StripPorts extends Patience {
  readonly send: (account: DesiredAccount, call: IamCall) => Promise<unknown>;
  readonly journal: (entry: JournalEntry) => void;
  readonly onProgress: (call: IamCall) => void;
}

/**
 * Throws StepupError `setup-entry-unproved` unless the role as it was read back is gated, lets this user in with a fresh
 * code and nobody in without, and has all that the user's own policies and groups give.
 */
export function demandProvedEntry(role: RoleBlueprint, userArn: string, account: Account): void {
  const there = account.roles.find(({ arn }) => arn === role.arn);
  const user = account.users.find(({ arn }) => arn === userArn);
  const failures = proveGates([role], [account])
    .flatMap((finding) => finding.failures)
    .map(({ who, because }) => `${who === undefined ? '' : `${who} `}${because}`);
  const lacking = user === undefined || there === undefined ? [] : lackingRights(there, heldRights(user, account));
  const problems = [
    ...(user === undefined ? [`${userArn} is not there`] : []),
    ...(role.gate.entrants.includes(userArn) ? [] : [`${userArn} may not enter`]),
    ...failures,
    ...lacking.map((what) => `it lacks ${what}`),
  ];
  if (problems.length > 0) throw new StepupError('setup-entry-unproved', { arn: role.arn, problems });
}

/** Proves entry over `account`, then takes. Whatever stops it, what went is in the journal, and a second run goes on. */
export async function stripUser(
  setup: string,
  place: DesiredAccount,
  role: RoleBlueprint,
  userArn: string,
  account: Account,
  ports: StripPorts,
): Promise<void> {
  demandProvedEntry(role, userArn, account);
  for (const user of account.users.filter(({ arn }) => arn === userArn)) {
    for (const { call, part, value } of takingsOf(user)) {
      ports.journal({ setup, accountId: place.accountId, arn: userArn, part, value });
      await seeThrough(call.action, () => ports.send(place, call), ports);
      ports.onProgress(call);
    }
  }
}
