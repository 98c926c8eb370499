/**
 * Debian, Ubuntu and Fedora give each user a group of the user's own, and let that group write what the user makes
 * (umask 002): a bit that lets in nobody. Only what the system's own files say of a group counts; one that is kept
 * elsewhere (LDAP, say) is taken for a group of several.
 */
import { readFileSync } from 'node:fs';

/** Whether nobody but this user is in the group. False where the system doesn't say. */
export function isPrivateGroup(gid: number, uid: number): boolean {
  try {
    return isOnlyMember(readFileSync('/etc/passwd', 'utf8'), readFileSync('/etc/group', 'utf8'), gid, uid);
  } catch {
    return false;
  }
}

/** `passwd`, `group`: the texts of those files (passwd(5), group(5)). */
export function isOnlyMember(passwd: string, group: string, gid: number, uid: number): boolean {
  const users = fieldsOf(passwd).map(([name, , userId, groupId]) => ({ name, userId, groupId }));
  const user = users.find(({ userId }) => userId === String(uid));
  const itsLines = fieldsOf(group).filter(([, , groupId]) => groupId === String(gid));
  if (user?.groupId !== String(gid) || itsLines.length === 0) return false;
  const members = itsLines.flatMap(([, , , list = '']) => list.split(',').filter((name) => name !== ''));
  const others = users.filter(({ groupId, userId }) => groupId === String(gid) && userId !== String(uid));
  return others.length === 0 && members.every((name) => name === user.name);
}

function fieldsOf(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.split(':'));
}
