/** The users and roles of an account with what belongs to each, in a form that AWS's answers and a Terraform plan share. */
import {
  GetAccountAuthorizationDetailsCommand,
  type IAMClient,
  ListRolesCommand,
  type PolicyDetail,
  type Role,
  type RoleDetail,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { comparable } from './account-details.ts';

/** By kind and name: `user alice`. */
export type Entities = Record<string, Entity>;

interface Entity {
  readonly path: unknown;
  readonly tags: unknown;
  readonly boundary: unknown;
  readonly trustPolicy: unknown;
  readonly description: unknown;
  readonly maxSessionSeconds: unknown;
  readonly inlinePolicies: Record<string, unknown>;
  readonly attachedPolicyArns: Set<unknown>;
}

export async function entitiesIn(admin: IAMClient): Promise<Entities> {
  const details = await admin.send(new GetAccountAuthorizationDetailsCommand({ MaxItems: 1000 }));
  const { Roles } = await admin.send(new ListRolesCommand({}));
  const { UserDetailList, RoleDetailList, ...listed } = comparable({ ...details, Roles }) as {
    readonly UserDetailList: readonly UserDetail[];
    readonly RoleDetailList: readonly RoleDetail[];
    readonly Roles: readonly Role[];
  };
  return Object.fromEntries([
    ...UserDetailList.map((user) => [`user ${user.UserName}`, entityOf(user, user.UserPolicyList)] as const),
    ...RoleDetailList.map((role) => {
      const settings = listed.Roles.find(({ RoleName }) => RoleName === role.RoleName);
      return [`role ${role.RoleName}`, entityOf({ ...settings, ...role }, role.RolePolicyList)] as const;
    }),
  ]);
}

function entityOf(
  details: UserDetail & RoleDetail & Pick<Role, 'Description' | 'MaxSessionDuration'>,
  policies: readonly PolicyDetail[] = [],
): Entity {
  const { Path, Tags = [], PermissionsBoundary, AttachedManagedPolicies = [] } = details;
  return {
    path: Path,
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    boundary: PermissionsBoundary?.PermissionsBoundaryArn,
    trustPolicy: details.AssumeRolePolicyDocument,
    description: details.Description,
    maxSessionSeconds: details.MaxSessionDuration,
    inlinePolicies: Object.fromEntries(policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument])),
    attachedPolicyArns: new Set(AttachedManagedPolicies.map(({ PolicyArn }) => PolicyArn)),
  };
}
