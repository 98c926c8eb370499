/** A user and a role that are there, as entries of `stepup.yaml`. */
import type { InlinePolicy, Role, Tag, User } from '../../account/account.ts';
import { isFileTag, type SetupFile } from '../desired-state/setup-file.ts';
import type { RoleSettings } from '../plan/observed.ts';

export type FileUser = NonNullable<SetupFile['users'][string]>;
export type FileRole = SetupFile['roles'][string];

export function fileUser({ path, tags }: User): FileUser {
  return { ...fileEntity(path, tags) };
}

/** Without its gate; whether a file can say all of it is for the reader of the file to tell. */
export function fileRole(
  { path, tags, inlinePolicies, attachedPolicyArns, permissionsBoundaryArn: boundary }: Role,
  settings: RoleSettings | undefined,
  enter: readonly string[],
): FileRole {
  const { maxSessionSeconds = HOUR, description } = settings ?? {};
  return {
    ...fileEntity(path, tags),
    ...(description !== undefined && { description }),
    enter: [...enter],
    ...permissionsEntry(attachedPolicyArns, inlinePolicies, boundary),
    ...(maxSessionSeconds !== HOUR && { session: maxSessionSeconds }),
  };
}

export function permissionsEntry(
  managedArns: readonly string[],
  inlinePolicies: readonly InlinePolicy[],
  boundary: string | undefined,
): Pick<FileRole, 'permissions'> {
  const permissions = {
    ...(managedArns.length > 0 && { managed: [...managedArns] }),
    ...(inlinePolicies.length > 0 && {
      inline: Object.fromEntries(inlinePolicies.map(({ name, document }) => [name, JSON.parse(document)])),
    }),
    ...(boundary !== undefined && { boundary }),
  };
  return Object.keys(permissions).length > 0 ? { permissions } : {};
}

const HOUR = 3600;

function fileEntity(path: string, tags: readonly Tag[]): Pick<FileUser, 'path' | 'tags'> {
  const said = tags.filter(isFileTag);
  return {
    ...(path !== '/' && { path }),
    ...(said.length > 0 && { tags: Object.fromEntries(said.map(({ key, value }) => [key, value])) }),
  };
}

/** Keys of tags that a file can't say; stepup's own and AWS's are nobody's to say. */
export function unsaidTagKeys({ tags }: { readonly tags: readonly Tag[] }): readonly string[] {
  return tags.filter((tag) => !isFileTag(tag) && !/^(?:stepup|aws):/i.test(tag.key)).map(({ key }) => key);
}
