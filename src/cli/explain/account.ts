/** Who asks, and what it holds, looked up in an account. */
import type { Account, Role, User } from '../../account/account.ts';
import { contextOfRoleSession, contextOfUser } from '../../account/context-of.ts';
import type { AccountPolicies, HeldPolicies } from '../../account/policies-of.ts';
import { StepupError } from '../../errors.ts';
import type { GivenContext } from './context.ts';

export interface AccountPrincipal {
  /** The ARN to ask with: a role's own, where no session was named. */
  readonly arn: string;
  readonly held: HeldPolicies;
  /** The keys that it brings to each request. */
  readonly context: GivenContext;
}

/**
 * Finds a user or role by name, ARN, or the ARN of a session. Undefined for a principal that holds nothing in this
 * account: its root, a service, somebody of another account. Throws `usage` for one that should be there and isn't.
 */
export function findPrincipal(account: Account, policies: AccountPolicies, who: string): AccountPrincipal | undefined {
  if (!who.startsWith('arn:')) return byName(account, policies, who);
  const [, , service, , accountId, resource = ''] = who.split(':');
  if (accountId !== account.accountId) return undefined;
  if (service === 'iam' && resource.startsWith('user/')) {
    return ofUser(
      policies,
      found(
        account.users.find(({ arn }) => arn === who),
        who,
      ),
    );
  }
  if (service === 'iam' && resource.startsWith('role/')) {
    return ofRole(
      policies,
      found(
        account.roles.find(({ arn }) => arn === who),
        who,
      ),
      who,
      ANY_SESSION,
    );
  }
  const [, roleName, sessionName] = /^assumed-role\/([^/]+)\/(.+)$/.exec(resource) ?? [];
  if (service !== 'sts' || roleName === undefined || sessionName === undefined) return undefined;
  return ofRole(
    policies,
    found(
      account.roles.find(({ name }) => name === roleName),
      who,
    ),
    who,
    sessionName,
  );
}

/** Stands in `aws:userid` where a role was named and no session of it. */
const ANY_SESSION = 'session';

function byName(account: Account, policies: AccountPolicies, who: string): AccountPrincipal | undefined {
  const user = account.users.find(({ name }) => name === who);
  const role = account.roles.find(({ name }) => name === who);
  if (user !== undefined && role !== undefined) {
    throw new StepupError('usage', {
      problem: `${who} is both a user and a role`,
      hint: `Give the ARN: ${user.arn} or ${role.arn}`,
    });
  }
  if (user !== undefined) return ofUser(policies, user);
  if (role !== undefined) return ofRole(policies, role, role.arn, ANY_SESSION);
  // A service, or *.
  if (/[.*]/.test(who)) return undefined;
  return found(undefined, who);
}

function ofUser(policies: AccountPolicies, user: User): AccountPrincipal {
  return { arn: user.arn, held: policies.ofUser(user), context: contextOfUser(user) };
}

function ofRole(policies: AccountPolicies, role: Role, arn: string, sessionName: string): AccountPrincipal {
  return { arn, held: policies.ofRole(role), context: contextOfRoleSession(role, sessionName) };
}

function found<T>(entity: T | undefined, who: string): T {
  if (entity !== undefined) return entity;
  throw new StepupError('usage', {
    problem: `${who} is no user or role of the account`,
    hint: 'Names are compared with regard to case; an ARN includes the path.',
  });
}
