/**
 * The condition keys that a user or a role brings to each of its requests (AWS global condition context keys,
 * Properties of the principal). The evaluator derives nothing from a principal: whoever builds a context starts here.
 */
import type { Role, Tag, User } from './account.ts';

/** Keys in lower case, as a request context wants them. */
export type PrincipalContext = ReadonlyMap<string, readonly string[]>;

/** A user's keys, whatever credentials it calls with. */
export function contextOfUser(user: User): PrincipalContext {
  return new Map<string, readonly string[]>([
    ['aws:username', [user.name]],
    ['aws:userid', [user.id]],
    ['aws:principaltype', ['User']],
    ...common(user, user.tags),
  ]);
}

/**
 * A role session's keys: `aws:PrincipalArn` is the role's ARN, not the session's; there is no `aws:username`. The
 * session may carry tags beside the role's.
 */
export function contextOfRoleSession(
  role: Role,
  sessionName: string,
  sessionTags: readonly Tag[] = [],
): PrincipalContext {
  return new Map<string, readonly string[]>([
    ['aws:userid', [`${role.id}:${sessionName}`]],
    ['aws:principaltype', ['AssumedRole']],
    // A session tag replaces the role's tag of the same key (IAM User Guide, Pass session tags in STS).
    ...common(role, [...role.tags, ...sessionTags]),
  ]);
}

function common(holder: User | Role, tags: readonly Tag[]): readonly (readonly [string, readonly string[]])[] {
  return [
    ['aws:principalarn', [holder.arn]],
    ['aws:principalaccount', [holder.arn.split(':')[4] ?? '']],
    ...tags.map(({ key, value }) => [`aws:principaltag/${key.toLowerCase()}`, [value]] as const),
  ];
}
