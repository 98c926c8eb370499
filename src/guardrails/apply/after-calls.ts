/** An account as calls of IAM would leave it, as far as it decides who may do what: AWS is asked for nothing. */
import type { Account, Role, User } from '../../account/account.ts';
import type { IamCall } from './iam-call.ts';

export interface TargetedCall {
  /** The ARN of the user or role. */
  readonly target: string;
  readonly call: IamCall;
}

/** In their order. Managed policies whose documents the account's data lacks are left out: nobody has read them yet. */
export function accountAfter(account: Account, calls: readonly TargetedCall[]): Account {
  const users = new Map(account.users.map((user) => [user.arn, user]));
  const roles = new Map(account.roles.map((role) => [role.arn, role]));
  const known = new Set(account.managedPolicies.map(({ arn }) => arn));
  for (const { target, call } of calls) {
    if (target.includes(':role/')) change(roles, target, roleAfter(roles.get(target), target, call, known));
    else change(users, target, userAfter(users.get(target), target, call, known));
  }
  return { ...account, users: [...users.values()], roles: [...roles.values()] };
}

function change<T>(entities: Map<string, T>, arn: string, after: T | undefined): void {
  if (after === undefined) entities.delete(arn);
  else entities.set(arn, after);
}

const NEW = { inlinePolicies: [], attachedPolicyArns: [], tags: [] };

function userAfter(
  user: User | undefined,
  arn: string,
  { action, input }: IamCall,
  known: ReadonlySet<string>,
): User | undefined {
  if (action === 'CreateUser') {
    return { ...NEW, arn, id: arn, name: input.UserName ?? '', path: input.Path ?? '/', groupNames: [] };
  }
  if (user === undefined || action === 'DeleteUser') return undefined;
  switch (action) {
    case 'PutUserPolicy':
      return { ...user, inlinePolicies: put(user, input.PolicyName, input.PolicyDocument) };
    case 'DeleteUserPolicy':
      return { ...user, inlinePolicies: without(user, input.PolicyName) };
    case 'AttachUserPolicy':
      return { ...user, attachedPolicyArns: attached(user, input.PolicyArn, known) };
    case 'DetachUserPolicy':
      return { ...user, attachedPolicyArns: user.attachedPolicyArns.filter((one) => one !== input.PolicyArn) };
    case 'AddUserToGroup':
      return { ...user, groupNames: [...user.groupNames, input.GroupName ?? ''] };
    case 'RemoveUserFromGroup':
      return { ...user, groupNames: user.groupNames.filter((name) => name !== input.GroupName) };
    default:
      return user;
  }
}

function roleAfter(
  role: Role | undefined,
  arn: string,
  { action, input }: IamCall,
  known: ReadonlySet<string>,
): Role | undefined {
  if (action === 'CreateRole') {
    const trustPolicy = input.AssumeRolePolicyDocument ?? '';
    return { ...NEW, arn, id: arn, name: input.RoleName ?? '', path: input.Path ?? '/', trustPolicy };
  }
  if (role === undefined || action === 'DeleteRole') return undefined;
  switch (action) {
    case 'UpdateAssumeRolePolicy':
      return { ...role, trustPolicy: input.PolicyDocument ?? '' };
    case 'PutRolePolicy':
      return { ...role, inlinePolicies: put(role, input.PolicyName, input.PolicyDocument) };
    case 'DeleteRolePolicy':
      return { ...role, inlinePolicies: without(role, input.PolicyName) };
    case 'AttachRolePolicy':
      return { ...role, attachedPolicyArns: attached(role, input.PolicyArn, known) };
    case 'DetachRolePolicy':
      return { ...role, attachedPolicyArns: role.attachedPolicyArns.filter((one) => one !== input.PolicyArn) };
    default:
      return role;
  }
}

type Holder = Pick<User, 'inlinePolicies' | 'attachedPolicyArns'>;

function without({ inlinePolicies }: Holder, name: string | undefined): User['inlinePolicies'] {
  return inlinePolicies.filter((policy) => policy.name !== name);
}

function put(holder: Holder, name = '', document = ''): User['inlinePolicies'] {
  return [...without(holder, name), { name, document }];
}

function attached({ attachedPolicyArns }: Holder, arn = '', known: ReadonlySet<string>): readonly string[] {
  return known.has(arn) && !attachedPolicyArns.includes(arn) ? [...attachedPolicyArns, arn] : attachedPolicyArns;
}
