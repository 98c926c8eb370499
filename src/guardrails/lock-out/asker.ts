/** Somebody of an account who asks a role to be let in, as the evaluator wants them. */
import type { Account, Role, User } from '../../account/account.ts';
import { contextOfRoleSession, contextOfUser, type PrincipalContext } from '../../account/context-of.ts';
import type { AccountPolicies, HeldPolicies } from '../../account/policies-of.ts';
import { decide } from '../../policy/decide.ts';
import type { Verdict } from '../../policy/decision.ts';
import { type PreparedPolicy, preparePolicy } from '../../policy/prepare.ts';
import type { PolicySet, Principal } from '../../policy/request.ts';

export interface Asker {
  readonly arn: string;
  readonly principal: Principal;
  readonly held: Pick<PolicySet, 'identity' | 'permissionsBoundary' | 'session'>;
  readonly brings: PrincipalContext;
}

export interface AskedRole {
  readonly arn: string;
  readonly accountId: string;
  readonly trust: PreparedPolicy;
}

/** Condition keys in lower case. */
export type Keys = Readonly<Record<string, string>>;

export const EXTERNAL_ID = 'sts:externalid';
const PRESENT = 'aws:multifactorauthpresent';
const AGE = 'aws:multifactorauthage';

export const withCode = (ageSeconds: number): Keys => ({ [PRESENT]: 'true', [AGE]: String(ageSeconds) });
export const WITHOUT_CODE: Keys = { [PRESENT]: 'false' };
export const PRESENT_WITHOUT_AGE: Keys = { [PRESENT]: 'true' };

/** What the evaluator says to `sts:AssumeRole`. */
export function decideEntry(asker: Asker, role: AskedRole, keys: Keys): Verdict {
  const context = new Map<string, readonly string[]>(asker.brings);
  for (const [key, value] of Object.entries(keys)) context.set(key, [value]);
  const request = {
    principal: asker.principal,
    action: 'sts:AssumeRole',
    resource: role.arn,
    resourceAccountId: role.accountId,
    context,
  };
  return decide(request, { ...asker.held, resource: role.trust }).verdict;
}

export function askingUser({ accountId }: Account, policies: AccountPolicies, user: User): Asker {
  return {
    arn: user.arn,
    principal: { type: 'user', arn: user.arn, accountId, uniqueId: user.id },
    held: limits(policies.ofUser(user)),
    brings: contextOfUser(user),
  };
}

/** A session of a role, under a name of stepup's. */
export function askingRole({ accountId, partition }: Account, policies: AccountPolicies, role: Role): Asker {
  const arn = `arn:${partition}:sts::${accountId}:assumed-role/${role.name}/stepup-verify`;
  return {
    arn,
    principal: { type: 'role-session', arn, accountId, roleArn: role.arn, roleUniqueId: role.id },
    held: limits(policies.ofRole(role)),
    brings: contextOfRoleSession(role, 'stepup-verify'),
  };
}

/** Where others are read, only a request shows what a policy comes to. */
const SHOWN: ReadonlySet<string> = new Set([
  ...[PRESENT, AGE, EXTERNAL_ID],
  ...['aws:username', 'aws:userid', 'aws:principaltype', 'aws:principalarn', 'aws:principalaccount'],
  // A session can be made anew: what ended those of before ends no way in.
  'aws:tokenissuetime',
]);

/** A policy without conditions that only a request shows: they hold wherever the statement has this effect, and nowhere else. */
export function settled(policy: PreparedPolicy, holdFor: 'Allow' | 'Deny'): PreparedPolicy {
  const { document } = policy;
  let isSame = true;
  const statements = document.statements.flatMap((statement) => {
    const conditions = statement.conditions.filter(({ key }) => isShown(key.toLowerCase()));
    if (conditions.length === statement.conditions.length) return [statement];
    isSame = false;
    return statement.effect === holdFor ? [{ ...statement, conditions }] : [];
  });
  return isSame ? policy : preparePolicy({ ...document, statements });
}

function isShown(key: string): boolean {
  return SHOWN.has(key) || key.startsWith('aws:principaltag/');
}

function limits({ identity, permissionsBoundary }: HeldPolicies): Asker['held'] {
  return { identity, ...(permissionsBoundary !== undefined && { permissionsBoundary }) };
}
