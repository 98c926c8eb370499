/** What a plan must not do, whoever asks for it: who would be locked out, and by what. */
import type { Role } from '../../account/account.ts';
import { isStepupError } from '../../errors.ts';
import { accountOfArn } from '../../policy/arn.ts';
import { parsePolicy } from '../../policy/parse.ts';

/**
 * Principals of a role's trust policy that can bring no code: services, identity providers, roles, other accounts.
 * Users and the account itself are what a gate is for. What can't be read counts as one that can't.
 */
export function principalsWithoutCodes({ trustPolicy, arn }: Role): readonly string[] {
  const own = accountOfArn(arn);
  try {
    const { statements } = parsePolicy(trustPolicy, 'trust');
    const named = statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ principal }) => principal?.values ?? []);
    return [
      ...new Set(
        named.filter(({ type, value }) => type !== 'AWS' || !mayBringCode(value, own)).map((one) => one.value),
      ),
    ];
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    return ['a policy that can’t be read'];
  }
}

function mayBringCode(principal: string, ownAccountId: string | undefined): boolean {
  // A user that was deleted stands as its unique id.
  if (/^AIDA/.test(principal) || principal === '*') return true;
  if (/^arn:[^:]+:iam::\d{12}:user\//.test(principal)) return true;
  const account = /^\d{12}$/.test(principal) ? principal : /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal)?.[1];
  return account !== undefined && account === ownAccountId;
}

/** Who runs the setup: the ARN that GetCallerIdentity answers. */
export interface Operator {
  readonly arn: string;
}

/** Whether the operator's session is one of this role. A session's ARN shows no path, but names are unique in an account. */
export function isSessionOf({ arn }: Operator, role: { readonly arn: string; readonly name: string }): boolean {
  const [, account, name] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return account !== undefined && account === accountOfArn(role.arn) && name?.toLowerCase() === role.name.toLowerCase();
}
