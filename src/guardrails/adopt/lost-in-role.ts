/** What a user's policies give or deny otherwise once a role has them: a role's session brings no code and no user name. */
import type { Account, User } from '../../account/account.ts';
import { AccountPolicies } from '../../account/policies-of.ts';
import type { Statement } from '../../policy/document.ts';
import { withoutStepup } from './move-rights.ts';

export interface LostInRole {
  /** `managed policy ARN`, `inline policy NAME of group NAME`. */
  readonly policy: string;
  /** `denies`: it denies without a code, whoever asks. `asks-for-code`, `user-name`: it reads what a session lacks. */
  readonly because: 'denies' | 'asks-for-code' | 'user-name';
}

/** By policy and reason, each once. Its boundary counts too. Throws what AccountPolicies throws. */
export function lostInRole(user: User, account: Account): readonly LostInRole[] {
  const held = new AccountPolicies(account).ofUser(withoutStepup(user));
  const named = held.identity.map(({ document }, index) => ({ name: held.identityNames[index], document }));
  const { permissionsBoundary, permissionsBoundaryName } = held;
  if (permissionsBoundary !== undefined) {
    named.push({ name: permissionsBoundaryName, document: permissionsBoundary.document });
  }
  return named.flatMap(({ name: policy = '', document }) =>
    [...new Set(document.statements.flatMap(reasonsOf))].map((because) => ({ policy, because })),
  );
}

function reasonsOf(statement: Statement): readonly LostInRole['because'][] {
  const keys = new Set(statement.conditions.map(({ key }) => key.toLowerCase()));
  const asks = keys.has('aws:multifactorauthpresent') || keys.has('aws:multifactorauthage');
  // A denial that tells users from roles, or this role from others, was written with roles in mind.
  const tellsRoles = keys.has('aws:principaltype') || keys.has('aws:principalarn');
  const texts = [...statement.conditions.flatMap(({ values }) => values), ...(statement.resource?.values ?? [])];
  const names = keys.has('aws:username') || texts.some((text) => /\$\{\s*aws:username\b/i.test(text));
  return [
    ...(asks ? [statement.effect === 'Deny' && !tellsRoles ? ('denies' as const) : ('asks-for-code' as const)] : []),
    ...(names ? ['user-name' as const] : []),
  ];
}
