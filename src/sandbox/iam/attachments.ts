/** Managed policies attached to users, groups and roles. */
import type { Call } from '../operation.ts';
import type { Group, Role, User } from '../tables.ts';
import { groupHolder, type HolderKind, roleHolder, userHolder } from './holders.ts';
import { pageOf } from './paging.ts';
import type { InputOf, PageInput } from './parameters.ts';
import { demandPolicy, demandPolicyArn } from './policy-arns.ts';
import { noSuchEntity, quotaExceeded } from './refusals.ts';

/** Attaching twice changes nothing and is no error. */
function attach<E extends User | Group | Role>(
  kind: HolderKind<E>,
  call: Call,
  holder: string,
  arn: string,
): undefined {
  demandPolicyArn(arn);
  const entity = kind.demand(call, holder);
  demandPolicy(call, arn, `Policy ${arn} does not exist or is not attachable.`);
  const { attachedPolicyArns } = entity;
  if (attachedPolicyArns.includes(arn)) return;
  if (attachedPolicyArns.length >= kind.attached.limit) throw quotaExceeded(kind.attached.quota, kind.attached.limit);
  call.store.commit([kind.put({ ...entity, attachedPolicyArns: [...attachedPolicyArns, arn] })]);
}

function detach<E extends User | Group | Role>(
  kind: HolderKind<E>,
  call: Call,
  holder: string,
  arn: string,
): undefined {
  demandPolicyArn(arn);
  const entity = kind.demand(call, holder);
  if (!entity.attachedPolicyArns.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  const attachedPolicyArns = entity.attachedPolicyArns.filter((attached) => attached !== arn);
  call.store.commit([kind.put({ ...entity, attachedPolicyArns })]);
}

function listAttached<E extends User | Group | Role>(
  kind: HolderKind<E>,
  call: Call,
  holder: string,
  input: PageInput & { readonly PathPrefix: string | undefined },
) {
  const { attachedPolicyArns } = kind.demand(call, holder);
  const arns = attachedPolicyArns.filter((arn) => pathOf(arn).startsWith(input.PathPrefix ?? '/')).toSorted();
  const { items, rest } = pageOf(arns, (arn) => arn, input);
  return { AttachedPolicies: items.map(printAttached), ...rest };
}

export function printAttached(arn: string) {
  return { PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn };
}

/** `arn:aws:iam::ACCOUNT:policy/a/NAME` lies in `/a/`. */
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}

function listEntitiesForPolicy(call: Call, input: InputOf<'ListEntitiesForPolicy'>) {
  demandPolicy(call, input.PolicyArn);
  const entities = [
    ...usersOf(userHolder, 'User', call, input),
    ...usersOf(groupHolder, 'Group', call, input),
    ...usersOf(roleHolder, 'Role', call, input),
  ];
  const { items, rest } = pageOf(entities, ({ key }) => key, input);
  const printed = (kind: string) =>
    items.filter((item) => item.kind === kind).map(({ name, id }) => ({ [`${kind}Name`]: name, [`${kind}Id`]: id }));
  return { PolicyGroups: printed('Group'), PolicyUsers: printed('User'), PolicyRoles: printed('Role'), ...rest };
}

/** The entities of one kind that use the policy, as the filters ask. */
function usersOf<E extends User | Group | Role>(
  holder: HolderKind<E>,
  kind: 'User' | 'Group' | 'Role',
  call: Call,
  input: InputOf<'ListEntitiesForPolicy'>,
) {
  if (input.EntityFilter !== undefined && input.EntityFilter !== kind) return [];
  const order = { User: 1, Group: 2, Role: 3 }[kind];
  return holder
    .all(call)
    .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
    .filter((entity) => isUsedBy(entity, input))
    .map((entity) => {
      const name = holder.nameOf(entity);
      return { kind, name, id: holder.idOf(entity), key: `${order}/${name.toLowerCase()}` };
    });
}

function isUsedBy(entity: User | Group | Role, input: InputOf<'ListEntitiesForPolicy'>): boolean {
  const attached = entity.attachedPolicyArns.includes(input.PolicyArn);
  const boundary = 'permissionsBoundaryArn' in entity && entity.permissionsBoundaryArn === input.PolicyArn;
  switch (input.PolicyUsageFilter) {
    case 'PermissionsPolicy':
      return attached;
    case 'PermissionsBoundary':
      return boundary;
    default:
      return attached || boundary;
  }
}

export const attachmentHandlers = {
  AttachUserPolicy: (call: Call, input: InputOf<'AttachUserPolicy'>) =>
    attach(userHolder, call, input.UserName, input.PolicyArn),
  AttachGroupPolicy: (call: Call, input: InputOf<'AttachGroupPolicy'>) =>
    attach(groupHolder, call, input.GroupName, input.PolicyArn),
  AttachRolePolicy: (call: Call, input: InputOf<'AttachRolePolicy'>) =>
    attach(roleHolder, call, input.RoleName, input.PolicyArn),

  DetachUserPolicy: (call: Call, input: InputOf<'DetachUserPolicy'>) =>
    detach(userHolder, call, input.UserName, input.PolicyArn),
  DetachGroupPolicy: (call: Call, input: InputOf<'DetachGroupPolicy'>) =>
    detach(groupHolder, call, input.GroupName, input.PolicyArn),
  DetachRolePolicy: (call: Call, input: InputOf<'DetachRolePolicy'>) =>
    detach(roleHolder, call, input.RoleName, input.PolicyArn),

  ListAttachedUserPolicies: (call: Call, input: InputOf<'ListAttachedUserPolicies'>) =>
    listAttached(userHolder, call, input.UserName, input),
  ListAttachedGroupPolicies: (call: Call, input: InputOf<'ListAttachedGroupPolicies'>) =>
    listAttached(groupHolder, call, input.GroupName, input),
  ListAttachedRolePolicies: (call: Call, input: InputOf<'ListAttachedRolePolicies'>) =>
    listAttached(roleHolder, call, input.RoleName, input),

  ListEntitiesForPolicy: listEntitiesForPolicy,
};
