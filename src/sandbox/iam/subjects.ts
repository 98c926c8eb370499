/** Whom a request is about: the entity it names, or the caller where AWS lets the name be left out. */

import { findGroup, findRole, findUser } from '../find.ts';
import type { Call } from '../operation.ts';
import type { Account, Group, Role, User } from '../tables.ts';
import { noSuchEntity, validationError } from './refusals.ts';

export function demandUser(call: Call, name: string): User {
  const user = findUser(call.store, call.accountId, name);
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

export function demandGroup(call: Call, name: string): Group {
  const group = findGroup(call.store, call.accountId, name);
  if (group === undefined) throw noSuchEntity(`The group with name ${name} cannot be found.`);
  return group;
}

export function demandRole(call: Call, name: string): Role {
  const role = findRole(call.store, call.accountId, name);
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** Whose keys and devices a request is about. */
export type Subject =
  | { readonly type: 'user'; readonly user: User }
  | { readonly type: 'root'; readonly account: Account };

/** The user of that name; without one the caller's own user, or root. Throws for roles and federated users. */
export function demandSubject(call: Call, name: string | undefined): Subject {
  if (name !== undefined) return { type: 'user', user: demandUser(call, name) };
  const subject = callersSubject(call);
  if (subject === undefined) throw validationError('Must specify userName when calling with non-User credentials');
  return subject;
}

/** The user or root whose credentials the caller holds; nothing for a role session or a federated user. */
export function callersSubject({ caller, store, accountId }: Call): Subject | undefined {
  if (caller.type !== 'long-term' && caller.type !== 'user-session') return undefined;
  if (caller.owner.type === 'root') {
    const account = store.get('accounts', accountId);
    return account === undefined ? undefined : { type: 'root', account };
  }
  const user = store.get('users', caller.owner.userId);
  return user === undefined ? undefined : { type: 'user', user };
}
