/**
 * Who asks, and how a resource's policy names them (IAM User Guide, JSON policy elements: Principal, NotPrincipal).
 */
import { accountOfArn, isAccountId, nameOfArn, splitArn } from './arn.ts';
import type { PrincipalElement, PrincipalValue } from './document.ts';

/**
 * Who asks, as the evaluator must know it. Nothing here reaches a condition key: `aws:PrincipalArn` and its siblings
 * are in the context or they are absent.
 */
export type Principal =
  | { readonly type: 'root'; readonly arn: string; readonly accountId: string }
  | { readonly type: 'user'; readonly arn: string; readonly accountId: string; readonly uniqueId?: string | undefined }
  /**
   * `arn` is the session's (`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`), `roleArn` the role's own, path
   * included; where only the session is known, `roleArn` is absent, for the session's ARN doesn't show the path. For
   * the role itself, no session in particular, both are the role's ARN.
   */
  | {
      readonly type: 'role-session';
      readonly arn: string;
      readonly accountId: string;
      readonly roleArn?: string | undefined;
      readonly roleUniqueId?: string | undefined;
    }
  /** GetFederationToken's: `arn:aws:sts::ACCOUNT:federated-user/NAME`, made by `userArn`. */
  | { readonly type: 'federated-user'; readonly arn: string; readonly accountId: string; readonly userArn?: string }
  | { readonly type: 'service'; readonly service: string }
  | { readonly type: 'web-identity'; readonly provider: string }
  | { readonly type: 'anonymous' };

/**
 * How a Principal element means a principal, weakest first.
 * - `account`: names the account. In that account this only delegates; it is as good as any across accounts.
 * - `entity`: names the role of a session, or the user behind a federated one: the boundary and the session policy
 *   still limit what is granted.
 * - `itself`: names the very principal (a user, a session, root by its account), or everybody: within the account,
 *   only an explicit deny limits what is granted.
 */
export type Naming = 'account' | 'entity' | 'itself';

const STRENGTH: Readonly<Record<Naming, number>> = { account: 1, entity: 2, itself: 3 };

export function strongerNaming(a: Naming | undefined, b: Naming | undefined): Naming | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return STRENGTH[a] >= STRENGTH[b] ? a : b;
}

/** How `Principal` means the one who asks; undefined where it doesn't. */
export function namingOf(element: PrincipalElement, principal: Principal): Naming | undefined {
  if (element.everyone) return 'itself';
  let strongest: Naming | undefined;
  for (const value of element.values) {
    strongest = strongerNaming(strongest, namingOfValue(value, principal));
    if (strongest === 'itself') break;
  }
  return strongest;
}

function namingOfValue({ type, value }: PrincipalValue, principal: Principal): Naming | undefined {
  switch (principal.type) {
    case 'anonymous':
      return undefined;
    case 'service':
      return type === 'Service' && value === principal.service ? 'itself' : undefined;
    case 'web-identity':
      return type === 'Federated' && value === principal.provider ? 'itself' : undefined;
  }
  // CanonicalUser is S3's other name for an account; no principal here carries one, so it means nobody.
  if (type !== 'AWS') return undefined;
  const naming = namingOfEntity(value, principal);
  if (naming !== undefined) return naming;
  if (!namesAccount(value, principal.accountId)) return undefined;
  return principal.type === 'root' ? 'itself' : 'account';
}

function namingOfEntity(
  value: string,
  principal: Extract<Principal, { readonly accountId: string }>,
): Naming | undefined {
  switch (principal.type) {
    case 'root':
      return undefined;
    case 'user':
      return value === principal.arn || value === principal.uniqueId ? 'itself' : undefined;
    case 'role-session':
      if (namesRole(value, principal)) return 'entity';
      return value === principal.arn ? 'itself' : undefined;
    case 'federated-user':
      if (value === principal.arn) return 'itself';
      return principal.userArn !== undefined && value === principal.userArn ? 'entity' : undefined;
  }
}

/** The length of `123456789012:root`. */
const ACCOUNT_AND_ROOT = 17;

/** The account's root ARN and the bare twelve digits are one and the same. */
function namesAccount(value: string, accountId: string): boolean {
  if (value.length === 12) return value === accountId && isAccountId(value);
  // Most ARNs are no account's root: seen without the expression, and without a string made for it.
  const accountAt = value.length - ACCOUNT_AND_ROOT;
  if (!value.endsWith(':root') || !value.startsWith(accountId, accountAt)) return false;
  return /^arn:[^:]+:iam::\d{12}:root$/.test(value);
}

/**
 * The role's ARN or its unique id. A session's ARN doesn't show the role's path; since a role's name is unique within
 * its account whatever the path, the account and the name decide where `roleArn` isn't known.
 */
function namesRole(value: string, session: Extract<Principal, { readonly type: 'role-session' }>): boolean {
  if (session.roleArn !== undefined) return value === session.roleArn || value === session.roleUniqueId;
  if (value === session.roleUniqueId) return true;
  if (accountOfArn(value) !== session.accountId) return false;
  const parts = splitArn(value);
  if (parts?.[2] !== 'iam' || !parts[5].startsWith('role/')) return false;
  return nameOfArn(value) === roleNameOfSession(session.arn);
}

/** `ROLE` of `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
function roleNameOfSession(arn: string): string | undefined {
  return splitArn(arn)?.[5].split('/')[1];
}

/**
 * Whether a Deny with this NotPrincipal spares the one who asks. Not only the principal must be listed, but what
 * stands above it too: the account and, for a session, its role. A principal with a permissions boundary is never
 * spared (IAM User Guide, JSON policy elements: NotPrincipal).
 */
export function isSparedBy(element: PrincipalElement, principal: Principal, hasBoundary: boolean): boolean {
  if (hasBoundary) return false;
  if (element.everyone) return true;
  const lists = (test: (value: string) => boolean) =>
    element.values.some(({ type, value }) => type === 'AWS' && test(value));
  switch (principal.type) {
    case 'anonymous':
      return false;
    case 'service':
    case 'web-identity':
      return element.values.some((value) => namingOfValue(value, principal) !== undefined);
    case 'root':
      return lists((value) => namesAccount(value, principal.accountId));
    case 'user':
      return (
        lists((value) => namesAccount(value, principal.accountId)) &&
        lists((value) => value === principal.arn || value === principal.uniqueId)
      );
    case 'role-session':
      return (
        lists((value) => namesAccount(value, principal.accountId)) &&
        lists((value) => namesRole(value, principal)) &&
        lists((value) => value === principal.arn)
      );
    case 'federated-user':
      // doubt: whether the user behind the session must be listed as well isn't said; the role's case says yes.
      return (
        lists((value) => namesAccount(value, principal.accountId)) &&
        lists((value) => value === principal.arn) &&
        (principal.userArn === undefined || lists((value) => value === principal.userArn))
      );
  }
}
