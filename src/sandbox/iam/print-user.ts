import { userArn } from '../arns.ts';
import type { User } from '../tables.ts';
import { timestamp } from './wire.ts';

/** A user as in lists, which leave tags and the boundary out. */
export function printUser(user: User) {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: userArn(user),
    CreateDate: timestamp(user.createdAtMs),
  };
}
