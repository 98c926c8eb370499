/** Permissions boundaries of users and roles. */
import { parseIamArn } from '../arns.ts';
import type { Call } from '../operation.ts';
import type { Role, User } from '../tables.ts';
import { type HolderKind, roleHolder, userHolder } from './holders.ts';
import type { InputOf } from './parameters.ts';
import { findManagedPolicy } from './policy-arns.ts';
import { invalidInput, noSuchEntity } from './refusals.ts';

/** For an entity that is being made. Throws if no such policy can be a boundary here. */
export function boundaryOnCreation(call: Call, arn: string | undefined): { readonly permissionsBoundaryArn?: string } {
  if (arn === undefined) return {};
  demandBoundaryPolicy(call, arn);
  return { permissionsBoundaryArn: arn };
}

export function printBoundary(arn: string | undefined) {
  return arn === undefined
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn } };
}

function put<E extends User | Role>(kind: HolderKind<E>, call: Call, name: string, arn: string): undefined {
  const entity = kind.demand(call, name);
  demandBoundaryPolicy(call, arn);
  call.store.commit([kind.put({ ...entity, permissionsBoundaryArn: arn })]);
}

/** A boundary that isn't there is no error. */
function removeFromUser(call: Call, name: string): undefined {
  const { permissionsBoundaryArn, ...user } = userHolder.demand(call, name);
  if (permissionsBoundaryArn !== undefined) call.store.commit([userHolder.put(user)]);
}

function removeFromRole(call: Call, name: string): undefined {
  const { permissionsBoundaryArn, ...role } = roleHolder.demand(call, name);
  if (permissionsBoundaryArn !== undefined) call.store.commit([roleHolder.put(role)]);
}

function demandBoundaryPolicy(call: Call, arn: string): void {
  if (parseIamArn(arn)?.kind !== 'policy') throw invalidInput(`ARN ${arn} is not valid.`);
  if (findManagedPolicy(call.store, call.accountId, arn) === undefined) {
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  }
}

export const boundaryHandlers = {
  PutUserPermissionsBoundary: (call: Call, input: InputOf<'PutUserPermissionsBoundary'>) =>
    put(userHolder, call, input.UserName, input.PermissionsBoundary),
  PutRolePermissionsBoundary: (call: Call, input: InputOf<'PutRolePermissionsBoundary'>) =>
    put(roleHolder, call, input.RoleName, input.PermissionsBoundary),
  DeleteUserPermissionsBoundary: (call: Call, input: InputOf<'DeleteUserPermissionsBoundary'>) =>
    removeFromUser(call, input.UserName),
  DeleteRolePermissionsBoundary: (call: Call, input: InputOf<'DeleteRolePermissionsBoundary'>) =>
    removeFromRole(call, input.RoleName),
};
