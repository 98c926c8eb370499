/** Roles: create, read, change, delete. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { roleArn } from '../arns.ts';
import { rolesOf } from '../find.ts';
import { newEntityId } from '../identifiers.ts';
import type { Call, XmlValue } from '../operation.ts';
import { showPrincipals } from '../principals.ts';
import type { Store } from '../store.ts';
import { nameKey, type Role } from '../tables.ts';
import { boundaryOnCreation, printBoundary } from './boundaries.ts';
import { demandTrustPolicy } from './documents.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { quotas } from './quotas.ts';
import { alreadyExists, deleteConflict, quotaExceeded } from './refusals.ts';
import { demandRole } from './subjects.ts';
import { newTags, printTags } from './tags.ts';
import { encodedDocument } from './wire.ts';

const DEFAULT_SESSION_SECONDS = 3600;

function createRole(call: Call, input: InputOf<'CreateRole'>) {
  const { accountId, store } = call;
  const key = nameKey(accountId, 'role', input.RoleName);
  if (store.get('names', key) !== undefined) throw alreadyExists(`Role with name ${input.RoleName} already exists.`);
  const trustPolicy = demandTrustPolicy(call, input.AssumeRolePolicyDocument);
  if (rolesOf(store, accountId).length >= quotas.roles) throw quotaExceeded('RolesPerAccount', quotas.roles);
  const role: Role = {
    accountId,
    roleId: newEntityId('AROA', call.random),
    roleName: input.RoleName,
    path: input.Path ?? '/',
    createdAtMs: call.nowMs,
    trustPolicy,
    maxSessionSeconds: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
    ...(input.Description !== undefined && { description: input.Description }),
    tags: newTags(input.Tags, 'case-insensitive'),
    ...boundaryOnCreation(call, input.PermissionsBoundary),
    inlinePolicies: [],
    attachedPolicyArns: [],
  };
  store.commit([
    { table: 'roles', key: role.roleId, value: role },
    { table: 'names', key, value: { id: role.roleId } },
  ]);
  return { Role: { ...printRole(store, role), ...printExtras(role) } };
}

function getRole(call: Call, input: InputOf<'GetRole'>) {
  const role = demandRole(call, input.RoleName);
  return { Role: { ...printListedRole(call.store, role), ...printExtras(role), RoleLastUsed: {} } };
}

function listRoles(call: Call, input: InputOf<'ListRoles'>) {
  const roles = rolesOf(call.store, call.accountId).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { items, rest } = pageOf(roles, ({ roleName }) => roleName.toLowerCase(), input);
  return { Roles: items.map((role) => printListedRole(call.store, role)), ...rest };
}

/** What isn't given stays (recorded). */
function updateRole(call: Call, input: InputOf<'UpdateRole'>) {
  const role = demandRole(call, input.RoleName);
  commitRole(call, {
    ...role,
    maxSessionSeconds: input.MaxSessionDuration ?? role.maxSessionSeconds,
    ...(input.Description !== undefined && { description: input.Description }),
  });
  return {};
}

function updateRoleDescription(call: Call, input: InputOf<'UpdateRoleDescription'>) {
  const role: Role = { ...demandRole(call, input.RoleName), description: input.Description };
  commitRole(call, role);
  return { Role: { ...printRole(call.store, role), Description: role.description } };
}

function updateAssumeRolePolicy(call: Call, input: InputOf<'UpdateAssumeRolePolicy'>) {
  const role = demandRole(call, input.RoleName);
  commitRole(call, { ...role, trustPolicy: demandTrustPolicy(call, input.PolicyDocument) });
  return undefined;
}

function deleteRole(call: Call, input: InputOf<'DeleteRole'>) {
  const role = demandRole(call, input.RoleName);
  if (role.attachedPolicyArns.length > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  }
  if (role.inlinePolicies.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  call.store.commit([
    { table: 'roles', key: role.roleId, value: null },
    { table: 'names', key: nameKey(call.accountId, 'role', role.roleName), value: null },
  ]);
  return undefined;
}

function commitRole(call: Call, role: Role): void {
  call.store.commit([{ table: 'roles', key: role.roleId, value: role }]);
}

/** What every answer with a role has in common. */
export function printRole(store: Store, role: Role): { readonly [element: string]: XmlValue } {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: roleArn(role),
    CreateDate: isoSeconds(role.createdAtMs),
    AssumeRolePolicyDocument: encodedDocument(showPrincipals(store, role.trustPolicy)),
  };
}

function printListedRole(store: Store, role: Role) {
  return { ...printRole(store, role), Description: role.description, MaxSessionDuration: role.maxSessionSeconds };
}

function printExtras(role: Role) {
  return {
    ...printBoundary(role.permissionsBoundaryArn),
    ...(role.tags.length > 0 && { Tags: printTags(role.tags) }),
  };
}

export const roleHandlers = {
  CreateRole: createRole,
  GetRole: getRole,
  ListRoles: listRoles,
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
};
