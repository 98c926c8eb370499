/** Who enters a role as it is, decided by the evaluator over what its trust policy and everybody's own policies say. */
import type { Account, Role } from '../../account/account.ts';
import type { AccountPolicies } from '../../account/policies-of.ts';
import { reducePolicies } from '../../policy/ask/relevant-statements.ts';
import type { SetupFile } from '../desired-state/setup-file.ts';
import {
  type AskedRole,
  type Asker,
  decideEntry,
  EXTERNAL_ID,
  type Keys,
  WITHOUT_CODE,
  withCode,
} from '../lock-out/asker.ts';
import { principalsWithoutCodes } from '../lock-out/refusal.ts';
import { readTrust } from '../plan/read-trust.ts';
import type { Reason } from './adopted.ts';

export interface NamedAsker {
  readonly name: string;
  readonly asker: Asker;
}

export type Door =
  | { readonly type: 'left'; readonly because: Reason }
  | {
      readonly type: 'door';
      /** Users who get in with a fresh code; at least one. */
      readonly enter: readonly string[];
      /** Users whom something allows in that the account's data can't decide. */
      readonly perhaps: readonly string[];
      /** Roles whose sessions get in. */
      readonly enteredByRoles: readonly string[];
      readonly gate: Pick<SetupFile['roles'][string], 'max_age' | 'external_id'>;
    };

/** Throws what `policies` throws. */
export function doorOf(
  role: Role,
  { accountId }: Account,
  policies: AccountPolicies,
  users: readonly NamedAsker[],
  sessions: readonly NamedAsker[],
): Door {
  const asked: AskedRole = { arn: role.arn, accountId, trust: policies.trustOf(role) };
  const principals = principalsWithoutCodes(role);
  if (principals.length > 0) return { type: 'left', because: { type: 'no-codes', principals } };
  const trust = readTrust(role.trustPolicy);
  if (trust.type === 'more') return { type: 'left', because: { type: 'says-more', parts: trust.parts } };
  const { maxAgeSeconds, externalId } = trust;
  const brings: Keys = externalId === undefined ? {} : { [EXTERNAL_ID]: externalId };
  const fresh: Keys = { ...brings, ...withCode(0) };
  const entering = users.filter(({ asker }) => decideEntry(asker, asked, fresh) === 'allowed');
  if (entering.length === 0) return { type: 'left', because: { type: 'nobody-enters' } };
  const perhaps = users.filter((one) => !entering.includes(one) && perhapsEnters(one.asker, asked, fresh));
  const passing = sessions.filter(
    ({ asker }) => decideEntry(asker, asked, { ...brings, ...WITHOUT_CODE }) === 'allowed',
  );
  return {
    type: 'door',
    enter: namesOf(entering),
    perhaps: namesOf(perhaps),
    enteredByRoles: namesOf(passing).filter((name) => name !== role.name),
    gate: {
      ...(maxAgeSeconds !== undefined && { max_age: maxAgeSeconds }),
      ...(externalId !== undefined && { external_id: externalId }),
    },
  };
}

function namesOf(askers: readonly NamedAsker[]): readonly string[] {
  return askers.map(({ name }) => name);
}

/** Of one whom a fresh code alone doesn't let in: whether a statement allows it, and none denies it whatever else holds. */
function perhapsEnters(asker: Asker, asked: AskedRole, keys: Keys): boolean {
  const { principal, held } = asker;
  const question = { principal, action: 'sts:AssumeRole', resource: asked.arn };
  const { statements } = reducePolicies({ identity: held.identity }, question);
  if (statements.some(({ place, keys: read }) => place.effect === 'Deny' && read.length === 0)) return false;
  return (
    statements.some(({ place }) => place.effect === 'Allow') ||
    decideEntry({ ...asker, held: { identity: [] } }, asked, keys) === 'allowed'
  );
}
