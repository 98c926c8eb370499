/** Inline policies of users, groups and roles. */
import type { Call } from '../operation.ts';
import type { Group, InlinePolicy, Role, User } from '../tables.ts';
import { demandIdentityPolicy, sizeOf } from './documents.ts';
import { groupHolder, type HolderKind, roleHolder, userHolder } from './holders.ts';
import { pageOf } from './paging.ts';
import type { InputOf, PageInput } from './parameters.ts';
import { limitExceeded, noSuchEntity } from './refusals.ts';
import { encodedDocument } from './wire.ts';

function put<E extends User | Group | Role>(
  kind: HolderKind<E>,
  call: Call,
  holder: string,
  { PolicyName, PolicyDocument }: { readonly PolicyName: string; readonly PolicyDocument: string },
): undefined {
  const entity = kind.demand(call, holder);
  demandIdentityPolicy(PolicyDocument);
  const others = entity.inlinePolicies.filter(({ name }) => !sameName(name, PolicyName));
  const size = [...others.map(({ document }) => document), PolicyDocument].reduce((sum, text) => sum + sizeOf(text), 0);
  if (size > kind.inlineSize) {
    const whose = `${kind.word} ${kind.nameOf(entity)}`;
    throw limitExceeded(`Maximum policy size of ${kind.inlineSize} bytes exceeded for ${whose}`);
  }
  const inlinePolicies = [...others, { name: PolicyName, document: PolicyDocument }].toSorted(byName);
  call.store.commit([kind.put({ ...entity, inlinePolicies })]);
}

function get<E extends User | Group | Role>(kind: HolderKind<E>, call: Call, holder: string, policyName: string) {
  const entity = kind.demand(call, holder);
  const { name, document } = demandInline(kind, entity, policyName);
  return { name: kind.nameOf(entity), policy: { PolicyName: name, PolicyDocument: encodedDocument(document) } };
}

function remove<E extends User | Group | Role>(
  kind: HolderKind<E>,
  call: Call,
  holder: string,
  policyName: string,
): undefined {
  const entity = kind.demand(call, holder);
  const { name } = demandInline(kind, entity, policyName);
  const inlinePolicies = entity.inlinePolicies.filter((policy) => policy.name !== name);
  call.store.commit([kind.put({ ...entity, inlinePolicies })]);
}

function listNames<E extends User | Group | Role>(kind: HolderKind<E>, call: Call, holder: string, input: PageInput) {
  const { inlinePolicies } = kind.demand(call, holder);
  const { items, rest } = pageOf(inlinePolicies, ({ name }) => name.toLowerCase(), input);
  return { PolicyNames: items.map(({ name }) => name), ...rest };
}

function demandInline<E extends User | Group | Role>(kind: HolderKind<E>, entity: E, policyName: string): InlinePolicy {
  const policy = entity.inlinePolicies.find(({ name }) => sameName(name, policyName));
  if (policy === undefined) throw noSuchEntity(`The ${kind.word} policy with name ${policyName} cannot be found.`);
  return policy;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function byName(a: InlinePolicy, b: InlinePolicy): number {
  return a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1;
}

export const inlinePolicyHandlers = {
  PutUserPolicy: (call: Call, input: InputOf<'PutUserPolicy'>) => put(userHolder, call, input.UserName, input),
  PutGroupPolicy: (call: Call, input: InputOf<'PutGroupPolicy'>) => put(groupHolder, call, input.GroupName, input),
  PutRolePolicy: (call: Call, input: InputOf<'PutRolePolicy'>) => put(roleHolder, call, input.RoleName, input),

  GetUserPolicy: (call: Call, input: InputOf<'GetUserPolicy'>) => {
    const { name, policy } = get(userHolder, call, input.UserName, input.PolicyName);
    return { UserName: name, ...policy };
  },
  GetGroupPolicy: (call: Call, input: InputOf<'GetGroupPolicy'>) => {
    const { name, policy } = get(groupHolder, call, input.GroupName, input.PolicyName);
    return { GroupName: name, ...policy };
  },
  GetRolePolicy: (call: Call, input: InputOf<'GetRolePolicy'>) => {
    const { name, policy } = get(roleHolder, call, input.RoleName, input.PolicyName);
    return { RoleName: name, ...policy };
  },

  DeleteUserPolicy: (call: Call, input: InputOf<'DeleteUserPolicy'>) =>
    remove(userHolder, call, input.UserName, input.PolicyName),
  DeleteGroupPolicy: (call: Call, input: InputOf<'DeleteGroupPolicy'>) =>
    remove(groupHolder, call, input.GroupName, input.PolicyName),
  DeleteRolePolicy: (call: Call, input: InputOf<'DeleteRolePolicy'>) =>
    remove(roleHolder, call, input.RoleName, input.PolicyName),

  ListUserPolicies: (call: Call, input: InputOf<'ListUserPolicies'>) =>
    listNames(userHolder, call, input.UserName, input),
  ListGroupPolicies: (call: Call, input: InputOf<'ListGroupPolicies'>) =>
    listNames(groupHolder, call, input.GroupName, input),
  ListRolePolicies: (call: Call, input: InputOf<'ListRolePolicies'>) =>
    listNames(roleHolder, call, input.RoleName, input),
};
