/** One call of IAM as data, under AWS's own names: what apply sends, what an export prints, what a test counts. */
import type {
  AddUserToGroupCommandInput,
  AttachRolePolicyCommandInput,
  AttachUserPolicyCommandInput,
  CreateRoleCommandInput,
  CreateUserCommandInput,
  DeactivateMFADeviceCommandInput,
  DeleteAccessKeyCommandInput,
  DeleteRoleCommandInput,
  DeleteRolePermissionsBoundaryCommandInput,
  DeleteRolePolicyCommandInput,
  DeleteUserCommandInput,
  DeleteUserPolicyCommandInput,
  DeleteVirtualMFADeviceCommandInput,
  DetachRolePolicyCommandInput,
  DetachUserPolicyCommandInput,
  PutRolePermissionsBoundaryCommandInput,
  PutRolePolicyCommandInput,
  PutUserPolicyCommandInput,
  RemoveUserFromGroupCommandInput,
  TagRoleCommandInput,
  TagUserCommandInput,
  UntagRoleCommandInput,
  UntagUserCommandInput,
  UpdateAssumeRolePolicyCommandInput,
  UpdateRoleCommandInput,
} from '@aws-sdk/client-iam';

export interface IamInputs {
  readonly CreateUser: CreateUserCommandInput;
  readonly PutUserPolicy: PutUserPolicyCommandInput;
  readonly DeleteUserPolicy: DeleteUserPolicyCommandInput;
  readonly AttachUserPolicy: AttachUserPolicyCommandInput;
  readonly AddUserToGroup: AddUserToGroupCommandInput;
  readonly DetachUserPolicy: DetachUserPolicyCommandInput;
  readonly RemoveUserFromGroup: RemoveUserFromGroupCommandInput;
  readonly TagUser: TagUserCommandInput;
  readonly UntagUser: UntagUserCommandInput;
  readonly CreateRole: CreateRoleCommandInput;
  readonly UpdateAssumeRolePolicy: UpdateAssumeRolePolicyCommandInput;
  readonly UpdateRole: UpdateRoleCommandInput;
  readonly PutRolePermissionsBoundary: PutRolePermissionsBoundaryCommandInput;
  readonly DeleteRolePermissionsBoundary: DeleteRolePermissionsBoundaryCommandInput;
  readonly PutRolePolicy: PutRolePolicyCommandInput;
  readonly DeleteRolePolicy: DeleteRolePolicyCommandInput;
  readonly AttachRolePolicy: AttachRolePolicyCommandInput;
  readonly DetachRolePolicy: DetachRolePolicyCommandInput;
  readonly TagRole: TagRoleCommandInput;
  readonly UntagRole: UntagRoleCommandInput;
  readonly DeleteAccessKey: DeleteAccessKeyCommandInput;
  readonly DeactivateMFADevice: DeactivateMFADeviceCommandInput;
  readonly DeleteVirtualMFADevice: DeleteVirtualMFADeviceCommandInput;
  readonly DeleteUser: DeleteUserCommandInput;
  readonly DeleteRole: DeleteRoleCommandInput;
}

export type IamAction = keyof IamInputs;

export type IamCall = { readonly [A in IamAction]: { readonly action: A; readonly input: IamInputs[A] } }[IamAction];
