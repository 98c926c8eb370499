import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { userArn } from '../arns.ts';
import type { User } from '../tables.ts';

/** A user as in lists, which leave tags and the boundary out. */
export function printUser(user: User) {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: userArn(user),
    CreateDate: isoSeconds(user.createdAtMs),
  };
}
